from tests.dashboard.briefing.tables import DAY, Tables, asking, case
from tests.layouts.scenes import baoan

SCATTERED = [
    case(0, community="C0", sub_district="A"),
    case(DAY, community="C5", sub_district="B"),
    case(2 * DAY, community="", sub_district=""),
]


def found(centre: str) -> int:
    return sum(count for _, count in asking(Tables(cases=SCATTERED), centre).ask("moves", move="found"))


def test_a_centre_counts_what_lies_within_it() -> None:
    assert [found(centre) for centre in ("D", "A", "B", "C0", "C1")] == [3, 1, 1, 1, 0]


def test_a_department_counts_what_is_its_own() -> None:
    district = baoan()
    own, other = (centre.code for centre in district.departments[:2])
    tables = Tables(cases=[case(0, department=own), case(0, department=other), case(0)])
    assert asking(tables, own, district=district).ask("moves", move="found") == [(13, 1)]


def test_what_was_asked_is_known_and_kept() -> None:
    tables = Tables(cases=SCATTERED)
    one = asking(tables)
    first, count = one.ask("moves", move="found"), len(tables.asked)
    assert one.ask("moves", move="found") == first and len(tables.asked) == count
    assert "found_in" in one.asked["moves_found"] and "cases_here" in one.asked
