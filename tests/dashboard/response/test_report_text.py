import pytest

from dashboard.district import District
from dashboard.records import Level, Record, Reply, ReplyState, Verb
from dashboard.response import IncidentState, ReportPart
from dashboard.response.report_text import BLANK, draft
from dashboard.situation import Situation
from tests.builders import NOON, arrival, at, incident, order
from tests.feeds.small_district import small_district

T0 = NOON.timestamp()
FIRE = incident(1, title="沿街商铺冒烟", place="甲街道C0社区裕安一路8号", occurred_at=at(-120))
SENT = order(Verb.DISPATCH, "cad/I1", 40, unit="PO000", id="d1")
STORY: list[Record] = [
    FIRE,
    order(Verb.ACKNOWLEDGE, "cad/I1", 20, centre="C0", by="值班员"),
    SENT,
    Reply(source="devices", id="r1", order="d1", unit="PO000", at=at(50), state=ReplyState.DECLINED, reason="车辆故障"),
    order(Verb.DISPATCH, "cad/I1", 60, unit="PO001"),
    order(Verb.NOTE, "cad/I1", 70, id="n1", text="无人员被困\n已断电"),
    order(Verb.NOTE, "cad/I1", 71, id="n2", text="看错了"),
    order(Verb.RETRACT, "cad/I1", 72, ref="n2"),
    order(Verb.ASK_UP, "cad/I1", 80, into="A", centre="C0"),
    arrival(1, "PO001", 240),
]
LATER: list[Record] = [
    order(Verb.REPORT, "cad/I1", 300, kind="first", text="初报"),
    order(Verb.STAND_DOWN, "cad/I1", 900, unit="PO001"),
    order(Verb.CLOSE, "cad/I1", 1000, kind="handled", text="明火已灭"),
]


@pytest.fixture(scope="module")
def district() -> District:
    return small_district()


def state_of(district: District, *records: Record) -> IncidentState:
    situation = Situation(district)
    for record in records:
        situation.apply(record, T0 + 1000)
    (state,) = situation.response.all()
    return state


def written(district: District, part: ReportPart, lang: str, *records: Record) -> list[str]:
    return draft(state_of(district, *records), part, lang, district, T0 + 600).splitlines()


def test_a_first_report_says_what_the_record_knows_and_leaves_the_rest_blank(district: District) -> None:
    assert written(district, ReportPart.FIRST, "zh", *STORY) == [
        "火灾初报",
        "报送单位：C0社区　报送时间：2026-11-20 12:10",
        "一、接报时间：2026-11-20 12:00",
        "二、信息来源：cad/I1",
        "三、事发时间：2026-11-20 11:58",
        "四、事发地点：甲街道C0社区裕安一路8号",
        "五、事件性质：火灾，较大（Ⅲ级）。沿街商铺冒烟",
        f"六、影响范围：{BLANK}",
        f"七、初步损失：死亡{BLANK}人，受伤{BLANK}人，财产损失{BLANK}",
        f"八、发展趋势：{BLANK}",
        f"九、现场领导：{BLANK}",
        "十、已采取措施：12:00 C0社区确认接报；12:00 派遣PO000；12:00 PO000不能前往（车辆故障）；12:01 派遣PO001；"
        "12:01 无人员被困 已断电；12:01 请求甲街道支援；12:04 PO001到场（队员报到）",
        f"十一、请求与建议：已请求支援：甲街道；{BLANK}",
    ]


def test_it_is_written_in_english_too(district: District) -> None:
    lines = written(district, ReportPart.FIRST, "en", *STORY)
    assert lines[0] == "First report: Fire"
    assert lines[2] == "1. Reported at: 2026-11-20 12:00"
    assert lines[6] == "5. Nature: Fire, relatively major (level III). 沿街商铺冒烟"
    assert "12:00 PO000 cannot come (车辆故障); 12:01 PO001 dispatched" in lines[11]
    assert lines[12].startswith("11. Requests and suggestions: help asked of ")


def test_a_follow_up_tells_what_was_done_since_the_last_report(district: District) -> None:
    lines = written(district, ReportPart.FOLLOW_UP, "zh", *STORY, *LATER[:2])
    (done,) = [line for line in lines if "已采取措施" in line]
    assert done.endswith("已采取措施：12:15 撤回PO001")


def test_a_final_report_tells_how_it_ended(district: District) -> None:
    lines = written(district, ReportPart.FINAL, "zh", *STORY, *LATER)
    assert "六、处置结果：2026-11-20 12:16 处置完毕。明火已灭" in lines
    assert any(line.startswith("七、最终损失") for line in lines)


def test_a_final_report_of_what_is_still_open_leaves_the_outcome_blank(district: District) -> None:
    assert f"六、处置结果：{BLANK}" in written(district, ReportPart.FINAL, "zh", FIRE)


def test_what_nobody_knows_yet_is_blank(district: District) -> None:
    bare = incident(1, lat=22.0, lon=114.5, kind="strange", level=Level.I)
    lines = written(district, ReportPart.FIRST, "zh", bare)
    assert lines[0] == "strange初报"
    assert f"三、事发时间：{BLANK}" in lines
    assert f"四、事发地点：{BLANK}" in lines
    assert f"十、已采取措施：{BLANK}" in lines
    assert f"十一、请求与建议：{BLANK}" in lines


def test_a_drill_is_marked_in_its_title(district: District) -> None:
    assert written(district, ReportPart.FIRST, "zh", incident(1, drill=True))[0] == "【演练】火灾初报"
    assert written(district, ReportPart.FIRST, "en", incident(1, drill=True))[0].startswith("[EXERCISE] ")


def test_who_took_the_call_is_the_source(district: District) -> None:
    taken = order(Verb.REGISTER, "cad/I1", 1, centre="C0", by="李某 值班员")
    assert "二、信息来源：C0社区李某 值班员接报" in written(district, ReportPart.FIRST, "zh", FIRE, taken)
