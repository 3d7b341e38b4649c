import msgspec
import pytest

from dashboard.journal import Cursor
from dashboard.picture import Head, Picture, decode_change, decode_head, decode_picture, encode_change, encode_picture
from dashboard.situation import Change, Situation
from tests.builders import NOON, alert, case, incident
from tests.feeds.small_district import small_district


def test_a_picture_comes_back_whole() -> None:
    situation = Situation(small_district())
    for record in (case(1), incident(1), alert(1)):
        situation.apply(record, NOON.timestamp())
    picture = Picture("v", 3, 7, b"5-1", Cursor(b"1-0", b"2-0"), situation.everything(), situation.memory())
    back = decode_picture(encode_picture(picture))
    assert decode_head(encode_picture(picture)) == Head("v", 3, b"5-1")
    assert (back.district, back.epoch, back.seq, back.delta, back.cursor) == ("v", 3, 7, b"5-1", picture.cursor)
    assert back.everything == decode_change(encode_change(picture.everything))
    assert [row.key for row in back.everything.cases] == ["cases/C1"]


def test_an_empty_change_is_small() -> None:
    assert len(encode_change(Change())) < 4
    assert decode_change(encode_change(Change())).is_empty()


@pytest.mark.parametrize("data", [b"", b"\x93", b"nonsense", b"\xff" * 40])
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode_picture(data)
    with pytest.raises(msgspec.DecodeError):
        decode_head(data)
