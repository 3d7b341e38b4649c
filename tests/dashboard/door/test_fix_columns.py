import numpy as np

from dashboard.door import fix_columns
from dashboard.door.admission import Ground
from dashboard.door.fix_columns import Verdict
from dashboard.records import Fix, moment
from dashboard.wire import FixBatch
from tests.memory_journal import NOW, SmallDistrict, SmallRoster

GROUND = Ground.of(SmallDistrict())  # type: ignore[arg-type]
UNITS = SmallRoster().index


def fix(unit: str = "V-001", at: float = NOW, lat: float = 22.5, lon: float = 113.9) -> Fix:
    return Fix(unit=unit, at=moment(at), lat=lat, lon=lon)


def judged(*fixes: Fix) -> list[Verdict]:
    return [Verdict(each) for each in fix_columns.judge(fix_columns.columns(fixes, UNITS), GROUND, NOW)]


def test_fixes_become_columns_with_nan_where_nothing_was_sent() -> None:
    batch = fix_columns.columns([fix(), fix("nobody")], UNITS)
    assert batch.unit.tolist() == [2, -1]
    assert batch.at.tolist() == [NOW, NOW]
    assert np.isnan(batch.speed_mps).all()


def test_each_fix_gets_its_own_verdict() -> None:
    assert judged(
        fix(),
        fix("nobody"),
        fix(lat=22.0),
        fix(at=NOW + 301),
        fix(at=NOW + 299),
        fix(at=0.0),
        fix(lat=float("nan")),
        fix(at=NOW - 9e8),
    ) == [
        Verdict.ACCEPTED,
        Verdict.UNKNOWN_UNIT,
        Verdict.OUT_OF_AREA,
        Verdict.FUTURE,
        Verdict.ACCEPTED,
        Verdict.CLOCK_UNSET,
        Verdict.OUT_OF_AREA,
        Verdict.CLOCK_UNSET,
    ]


def test_the_same_unit_at_the_same_time_is_repeated_and_another_time_is_not() -> None:
    verdicts = judged(fix(), fix(at=NOW - 1), fix(), fix("PC-012"))
    assert verdicts == [Verdict.ACCEPTED, Verdict.ACCEPTED, Verdict.REPEATED, Verdict.ACCEPTED]


def test_a_number_beyond_the_roster_is_unknown() -> None:
    batch = fix_columns.columns([fix()], UNITS)
    beyond = FixBatch(batch.unit + 40, *(getattr(batch, name) for name in list(batch.__dict__)[1:]))
    assert fix_columns.judge(beyond, GROUND, NOW).tolist() == [Verdict.UNKNOWN_UNIT]


def test_impossible_speeds_become_unknown() -> None:
    one = np.ones(3)
    batch = FixBatch(np.arange(3), one, one, one, np.array([-1.0, 5.0, np.inf]), one * 400, np.array([0.0, -5.0, 1e9]))
    ranged = fix_columns.within_ranges(batch)
    assert np.isnan(ranged.speed_mps).tolist() == [True, False, True]
    assert np.isnan(ranged.bearing_deg).all()
    assert np.isnan(ranged.accuracy_m).tolist() == [False, True, True]


def test_each_fault_names_its_field() -> None:
    fixes = [fix("nobody"), fix(lat=1.0), fix(at=NOW + 900), fix(at=0.0), fix()]
    batch = fix_columns.columns(fixes, UNITS)
    verdicts = fix_columns.judge(batch, GROUND, NOW)
    sent_as = [each.unit for each in fixes]
    found = list(fix_columns.faults(batch, verdicts, sent_as, GROUND, NOW))
    assert [(row, fault.field, fault.reason) for row, fault in found] == [
        (0, "unit", "unknown_unit"),
        (1, "lat", "out_of_area"),
        (2, "at", "future"),
        (3, "at", "clock_unset"),
    ]
    assert "900 s in the future" in found[2][1].why
