from pathlib import Path

import msgspec

from dashboard.alarms.states import AlarmKind, AlarmState, raise_ref, urgency
from dashboard.records import Level


def alarm(key: str, level: Level = Level.III, raised_at: float = 0.0, **fields: object) -> AlarmState:
    return msgspec.convert(
        {"key": key, "kind": AlarmKind.SENSOR, "subject": key, "level": level, "raised_at": raised_at, **fields},
        AlarmState,
    )


def test_the_newest_critical_is_never_displaced_by_lesser_ones() -> None:
    alarms = [
        alarm("acknowledged", Level.I, 0, acknowledged_at=1.0),
        alarm("shelved", Level.II, 1, shelved_until=99.0),
        *(alarm(f"minor {number}", Level.IV, number) for number in range(3)),
        alarm("new critical", Level.I, 50),
        alarm("old critical", Level.I, 40),
    ]
    assert [state.key for state in sorted(alarms, key=urgency)] == [
        "old critical",
        "new critical",
        "minor 0",
        "minor 1",
        "minor 2",
        "acknowledged",
        "shelved",
    ]


def test_every_kind_is_rationalised() -> None:
    text = (Path(__file__).parents[3] / "docs" / "alarms.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    assert [row.split("`")[1] for row in rows] == [kind.value for kind in AlarmKind]
    assert all(len([cell for cell in row.split("|") if cell.strip()]) == 6 for row in rows)


def test_a_raise_has_a_name_that_survives_the_wire() -> None:
    state = alarm("a", raised_at=1_795_147_200.123)
    sent = msgspec.json.decode(msgspec.json.encode(state), type=AlarmState)
    assert raise_ref(sent) == raise_ref(state)
    assert float(raise_ref(state)) == state.raised_at
