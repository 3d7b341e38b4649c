import pytest

from dashboard.briefing import assessment
from dashboard.briefing.rules import Rules, Weights
from tests.dashboard.briefing.tables import DAY, HOUR, MONDAY, Tables, asking, case, table

WEIGHTS = Weights(on_time=50, returned=20, rework=10, handling=10, patrol=5, response=5)


def test_a_score_is_the_weighted_mean_of_what_is_known() -> None:
    total, known = assessment.score({"on_time": 1.0, "returned": 0.5, "patrol": None}, WEIGHTS)
    assert total == pytest.approx(100 * (50 + 10) / 70)
    assert known == pytest.approx(0.7)


def test_nothing_known_is_no_score() -> None:
    assert assessment.score({}, WEIGHTS) == (None, 0.0)


def test_the_best_comes_first_with_its_parts() -> None:
    good = [case(0, HOUR, due_at=MONDAY + DAY) for _ in range(3)]
    bad = [case(0, 8 * DAY - DAY - 1, due_at=MONDAY, sub_district="B", community="C5") for _ in range(3)]
    made = assessment.section(asking(Tables(cases=[*good, *bad]), rules=Rules(least=2)))
    first, second = table(made, "assessment.sub_districts").cells
    assert (first[0], first[1], first[2], first[5], first[6]) == ("A", 100, 100, 100, None)
    assert second[0] == "B" and second[2] == 0 and second[5] == pytest.approx(0, abs=0.01)
    assert first[-1] == pytest.approx(0.8) and made.remarks == ("remark.no_patrol",)
    assert [row[0] for row in table(made, "assessment.communities").cells] == ["C0", "C5"]


def test_patrols_and_arrivals_count_where_they_are_known() -> None:
    visits = [{"at": MONDAY + day * DAY, "cell": f"C0{cell:03}"} for day in range(7) for cell in range(1, 11)]
    incidents = [{"key": "i", "reported_at": MONDAY, "zero_at": MONDAY}]
    legs = [{"key": "i", "state": "met"}, {"key": "i", "state": "late"}]
    tables = Tables(cases=[case(0)] * 2, visits=visits, incidents=incidents, legs=legs)
    made = assessment.section(asking(tables, rules=Rules(least=2)))
    row = table(made, "assessment.sub_districts").cells[0]
    assert (row[6], row[7]) == (pytest.approx(100 / 3), 50)  # one community of three; one leg of two
    assert table(made, "assessment.communities").cells[0][6] == 100


def test_too_few_cases_are_not_judged_by() -> None:
    made = assessment.section(asking(Tables(cases=[case(0)] * 19)))
    assert table(made, "assessment.sub_districts").cells == ()
