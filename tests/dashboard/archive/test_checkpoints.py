import random
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from dashboard.archive.checkpoints import WHOLE_S, Checkpoints
from dashboard.archive.store import LocalStore, StoreError
from dashboard.district import District
from dashboard.journal import Cursor
from dashboard.picture import Picture, encode_picture
from dashboard.situation import Situation
from tests.builders import case

ZONE = ZoneInfo("Asia/Shanghai")
T0 = 1_764_000_000


def picture(district: District, count: int) -> bytes:
    situation = Situation(district)
    dice = random.Random(1)
    for number in range(count):
        situation.apply(case(number, title=f"case {dice.random()}"), T0)
    saved = Picture("v", 1, 2, b"3-0", Cursor(), situation.everything(), situation.memory())
    return encode_picture(saved)


def delta(at: float) -> bytes:
    return b"%d-0" % int(at * 1000)


def test_a_picture_comes_back_as_it_was_also_where_it_leans_on_another(small: District, tmp_path: Path) -> None:
    kept = Checkpoints(LocalStore(tmp_path), ZONE)
    first, second = picture(small, 400), picture(small, 410)
    names = [kept.keep(T0 + at, delta(T0 + at), each) for at, each in ((0, first), (60, second))]
    fresh = Checkpoints(LocalStore(tmp_path), ZONE)
    assert [encode_picture(fresh.load(name)) for name in names] == [first, second]
    whole, leaning = (LocalStore(tmp_path).size(name) for name in names)
    assert leaning < whole / 3


def test_every_ten_minutes_one_stands_alone(small: District, tmp_path: Path) -> None:
    kept, store = Checkpoints(LocalStore(tmp_path), ZONE), LocalStore(tmp_path)
    names = [kept.keep(T0 + at, delta(T0 + at), picture(small, 5)) for at in (0, 60, WHOLE_S)]
    assert [store.read(name).startswith(b"CKP1\n") for name in names] == [True, False, True]


def test_none_leans_on_one_of_the_day_before(small: District, tmp_path: Path) -> None:
    kept, store = Checkpoints(LocalStore(tmp_path), ZONE), LocalStore(tmp_path)
    midnight = datetime(2026, 11, 25, tzinfo=ZONE).timestamp()
    names = [kept.keep(midnight + at, delta(midnight + at), picture(small, 5)) for at in (-60, -1, 1, 60)]
    assert [store.read(name).startswith(b"CKP1\n") for name in names] == [True, False, True, False]


class Full(LocalStore):
    is_full = True

    def write(self, name: str, content: bytes) -> bool:
        if self.is_full:
            raise StoreError("no space left")
        return super().write(name, content)


def test_what_could_not_be_written_is_leant_on_by_nothing(small: District, tmp_path: Path) -> None:
    store = Full(tmp_path)
    kept = Checkpoints(store, ZONE)
    first, second = picture(small, 4), picture(small, 5)
    with pytest.raises(StoreError):
        kept.keep(T0, delta(T0), first)
    store.is_full = False
    names = [kept.keep(T0 + at, delta(T0 + at), each) for at, each in ((0, first), (60, second))]
    assert [encode_picture(Checkpoints(store, ZONE).load(name)) for name in names] == [first, second]


def test_another_engines_picture_is_leant_on_by_nothing(small: District, tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    Checkpoints(store, ZONE).keep(T0, delta(T0), picture(small, 9))
    kept = Checkpoints(store, ZONE)
    kept.keep(T0, delta(T0), picture(small, 4))
    name = kept.keep(T0 + 60, delta(T0 + 60), picture(small, 5))
    assert encode_picture(Checkpoints(store, ZONE).load(name)) == picture(small, 5)


def test_the_latest_before_a_moment_is_found(small: District, tmp_path: Path) -> None:
    kept = Checkpoints(LocalStore(tmp_path), ZONE)
    for at in (0, 60, 120):
        kept.keep(T0 + at, delta(T0 + at), picture(small, 1))
    assert kept.latest(T0 - 1) is None
    found = [kept.latest(T0 + at) for at in (0, 59.9, 60, 999)]
    assert [each.at - T0 for each in found if each] == [0, 0, 60, 120]


def test_one_is_wanted_once_a_minute(tmp_path: Path) -> None:
    kept = Checkpoints(LocalStore(tmp_path), ZONE, 60)
    kept.taken_at(100)
    assert (kept.is_due(159), kept.is_due(160)) == (False, True)


def test_a_picture_of_another_version_is_refused(tmp_path: Path) -> None:
    kept = Checkpoints(LocalStore(tmp_path), ZONE)
    name = kept.keep(T0, delta(T0), b"\x93\x01\x02\x03")
    with pytest.raises(msgspec.DecodeError):
        kept.load(name)
