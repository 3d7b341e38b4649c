import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dashboard.records import Alert
from dashboard.stills import Pictured
from feeds import hikvision
from feeds.source import FeedError

RECEIVED = datetime(2026, 11, 20, 6, 32, 6, tzinfo=UTC)
JPEG = b"\xff\xd8\xff\xe0 \r\n--no boundary\r\n picture \xff\xd9"
XML = 'application/xml; charset="UTF-8"'


def document(
    head='<?xml version="1.0" encoding="UTF-8"?>',
    namespace="http://www.hikvision.com/ver20/XMLSchema",
    inside="",
    **fields,
):
    values = {
        "macAddress": "4F:E4:2F:81:CD:1B",
        "channelID": "1",
        "dateTime": "2026-11-20T14:32:05+08:00",
        "activePostCount": "1",
        "eventType": "fieldDetection",
        "eventState": "active",
        "channelName": "Cam 1",
    } | fields
    text = "".join(f"<{name}>{value}</{name}>" for name, value in values.items() if value is not None)
    name = "EventNotificationAlert"
    return f'{head}<{name} version="2.0" xmlns="{namespace}">{text}{inside}</{name}>'


def decode(body, content_type=XML, **options):
    return hikvision.decode(body if isinstance(body, bytes) else body.encode(), content_type, RECEIVED, **options)


def multipart(*parts, boundary="MIME_boundary", newline=b"\r\n"):
    mark = b"--" + boundary.encode()
    joined = b"".join(newline.join([mark, b"Content-Type: " + kind, b"", content]) + newline for kind, content in parts)
    return joined + mark + b"--" + newline


def test_document_becomes_an_alert():
    assert decode(document()) == [
        Alert(
            id="4f:e4:2f:81:cd:1b:fielddetection:20261120T063205Z:1",
            kind="fielddetection",
            at=datetime(2026, 11, 20, 6, 32, 5, tzinfo=UTC),
            device="4f:e4:2f:81:cd:1b",
            title="Cam 1",
        )
    ]


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.hikvision.com/ver10/XMLSchema",
        "http://www.isapi.org/ver20/XMLSchema",
        "urn:psialliance-org",
    ],
)
def test_namespaces_do_not_matter(namespace):
    assert decode(document(namespace=namespace)) == decode(document())


def test_the_same_signal_twice_is_one_record_and_the_next_one_another():
    assert decode(document())[0].id == decode(document())[0].id
    others = [
        {"activePostCount": "2"},
        {"dateTime": "2026-11-20T14:32:06+08:00"},
        {"eventType": "linedetection"},
    ]
    ids = {decode(document(**other))[0].id for other in [{}, *others]}
    assert len(ids) == 4


def test_inactive_says_that_it_went_back_to_normal():
    assert not decode(document(eventState="inactive"))[0].active


@pytest.mark.parametrize("fields", [{"eventType": "videoloss", "eventState": "inactive"}, {"eventType": "heartBeat"}])
def test_heartbeats_are_no_alerts(fields):
    assert decode(document(**fields)) == []


def test_lost_video_is_an_alert():
    assert decode(document(eventType="videoloss"))[0].kind == "videoloss"


def test_duration_is_the_event_that_goes_on():
    inside = "<DurationList><Duration><relationEvent>VMD</relationEvent></Duration></DurationList>"
    assert decode(document(eventType="duration", inside=inside))[0].kind == "vmd"


@pytest.mark.parametrize(
    ("devices", "fields", "device"),
    [
        ({"4f:e4:2f:81:cd:1b": "AI-001"}, {}, "AI-001"),
        ({"4F:E4:2F:81:CD:1B/2": "AI-002"}, {"channelID": "34"}, "AI-002"),
        ({"10.0.0.9": "AI-003"}, {"macAddress": None, "ipAddress": "10.0.0.9"}, "AI-003"),
        ({}, {"channelID": "34"}, "4f:e4:2f:81:cd:1b/2"),
        ({}, {"channelID": "3"}, "4f:e4:2f:81:cd:1b/3"),
        ({"S1": "NVR"}, {"macAddress": None, "serialNumber": "DS-7608/0P/S1"}, "NVR"),
    ],
)
def test_device_is_found_by_what_the_camera_says_of_itself(devices, fields, device):
    assert decode(document(**fields), devices=devices)[0].device == device


@pytest.mark.parametrize("declared", ["GB2312", "gb18030", "GBK"])
def test_chinese_encodings_are_read(declared):
    body = document(f'<?xml version="1.0" encoding="{declared}"?>', channelName="石岩街道路口").encode("gb18030")
    assert decode(body)[0].title == "石岩街道路口"


def test_encoding_of_the_content_type_counts_without_a_declaration():
    body = document("", channelName="石岩").encode("gb2312")
    assert decode(body, "application/xml; charset=GB2312")[0].title == "石岩"


def test_cameras_that_declare_the_wrong_encoding_are_read_all_the_same():
    assert decode(document(channelName="石岩").encode("gb18030"))[0].title == "石岩"
    wrong = document('<?xml version="1.0" encoding="GB2312"?>', channelName="Straße").encode()
    assert decode(b"\xef\xbb\xbf" + document(channelName="石岩").encode())[0].title == "石岩"
    assert decode(wrong)[0].kind == "fielddetection"


def test_time_without_an_offset_needs_the_zone_of_the_camera():
    body = document(dateTime="2026-11-20T14:32:05")
    with pytest.raises(FeedError, match="offset"):
        decode(body)
    assert decode(body, zone=ZoneInfo("Asia/Shanghai"))[0].at == datetime(2026, 11, 20, 6, 32, 5, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-11-20T14:32:05+8:00", "2026-11-20T06:32:05Z", "2026-11-20T14:32:05+0800"])
def test_offsets_are_read_as_firmware_writes_them(text):
    assert decode(document(dateTime=text))[0].at == datetime(2026, 11, 20, 6, 32, 5, tzinfo=UTC)


def test_without_a_time_it_happened_when_it_was_received():
    assert decode(document(dateTime=None))[0].at == RECEIVED


@pytest.mark.parametrize("newline", [b"\r\n", b"\n"])
def test_pictures_stay_with_their_alert(newline):
    body = multipart(
        (b'application/xml; charset="UTF-8"', document().encode()),
        (b"image/jpeg", JPEG),
        (b"image/jpeg", b"\xff\xd8\xff second"),
        (b"application/xml", document(activePostCount="2").encode()),
        newline=newline,
    )
    first, second = decode(body, "multipart/form-data; boundary=MIME_boundary")
    assert isinstance(first, Pictured)
    assert first.record == decode(document())[0]
    assert first.picture == JPEG
    assert isinstance(second, Alert)


def test_pictures_of_plates_and_faces_are_left_behind_and_counted():
    plate = document(eventType="ANPR", inside="<ANPR><licensePlate>粤B12345</licensePlate><line>1</line></ANPR>")
    face = document(inside="<FaceInfo><name>somebody</name></FaceInfo>")
    kind = "multipart/form-data; boundary=x"
    for body in (plate, face):
        [alert] = decode(multipart((b"text/xml", body.encode()), (b"image/jpeg", JPEG), boundary="x"), kind)
        assert isinstance(alert, Alert)
        assert "粤B12345" not in str(alert)
        assert "somebody" not in str(alert)
    both = multipart((b"text/xml", plate.encode()), (b"text/xml", face.encode()), boundary="x")
    assert hikvision.personal_fields(both, kind) == {"licenseplate": 1, "face": 1}
    assert hikvision.personal_fields(document().encode(), XML) == {}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (document('<!DOCTYPE x [<!ENTITY e "boom">]>'), "DOCTYPE"),
        (document('<!DOCTYPE x SYSTEM "http://10.0.0.1/x.dtd">'), "DOCTYPE"),
        (document() + "<", "well-formed"),
        ("<html></html>", "no EventNotificationAlert"),
        (document(inside="<a>" * 30_000), "well-formed"),
        (document(inside="<a/>" * 100_000), "more than"),
        ("", "no XML"),
        ('{"eventType": "x"}', "no XML"),
        (document(eventType=None), "eventType"),
        (document(eventType="x" * 81), "kind"),
        (document(macAddress=None), "macAddress"),
        (document(channelID="one"), "channelID"),
        (document(channelID="9" * 5000), "channelID"),
        (document(dateTime="yesterday"), "dateTime"),
        (document(dateTime="0001-01-01T00:00:00+14:00"), "calendar"),
        (document('<?xml version="1.0" encoding="utf-7"?>'), "character set"),
        (document().encode() + b"\xff\xff\xff", "bytes|well-formed"),
        (document().replace("Cam 1", "\x00"), "well-formed"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(body, reason):
    with pytest.raises(FeedError, match=reason):
        decode(body)


def test_a_flood_of_parts_is_refused():
    body = multipart(*[(b"text/xml", document().encode())] * 70, boundary="b")
    with pytest.raises(FeedError, match="parts"):
        decode(body, "multipart/mixed; boundary=b")


def test_real_documents(shared_samples: Path):
    folder = shared_samples / "hikvision_isapi"
    expected = json.loads((folder / "expected.json").read_text())["expected"]
    found = {name: decode((folder / name).read_bytes())[0] for name in expected}
    for name, alert in found.items():
        assert alert.kind == expected[name]["event_id"]
        assert alert.active
    assert found["nvr_2_fielddetection.xml"].device == "S0000000000CCRRJ00000000WCVU/2"
    assert found["nvr_2_fielddetection.xml"].at == datetime(2023, 1, 13, 18, 16, 39, tzinfo=UTC)
    assert found["fielddetection_human.xml"].title == "COUR NORD · human · region 3"
    assert found["cam1_DS-2CD2T46G2-ISU_io_notification.xml"].device == "4f:e4:2f:81:cd:1b"


def test_real_multipart_that_begins_in_the_middle(shared_samples: Path):
    body = (shared_samples / "hikvision_isapi" / "issue62_duration_multipart_boundary.txt").read_bytes()
    first, second = decode(body, "multipart/mixed; boundary=boundary")
    assert first == second
    assert (first.kind, first.device) == ("fielddetection", "84:9a:40:b1:7c:ae")
