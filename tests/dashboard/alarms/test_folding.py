from dashboard.alarms.folding import folded
from dashboard.alarms.states import AlarmKind, AlarmState
from dashboard.records import Level


def alarm(key: str, area: str = "A", level: Level = Level.III, **fields: object) -> AlarmState:
    kind = AlarmKind(fields.pop("kind", AlarmKind.SENSOR))
    return AlarmState(key=key, kind=kind, subject=key, level=level, area=area, raised_at=0.0, **fields)  # type: ignore[arg-type]


def groups(*alarms: AlarmState, is_flooded: bool = True) -> list[str]:
    return [state.group for state in folded(alarms, is_flooded, lambda state: state.area)]


def test_only_levels_three_and_four_are_folded_by_kind_and_area() -> None:
    assert groups(
        alarm("a"),
        alarm("b", level=Level.IV),
        alarm("grave", level=Level.II),
        alarm("graver", level=Level.I),
        alarm("other kind", kind=AlarmKind.LEG),
        alarm("elsewhere", area="B"),
        alarm("gone", gone=True),
    ) == ["sensor/A", "sensor/A", "", "", "", "", ""]


def test_when_the_flood_is_over_nothing_is_folded() -> None:
    assert groups(alarm("a", group="sensor/A"), alarm("b", group="sensor/A"), is_flooded=False) == ["", ""]
