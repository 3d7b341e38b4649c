import numpy as np
import pytest

from dashboard.backlog import query
from dashboard.backlog.query import QueryError
from dashboard.district import CentreKind, Scope
from dashboard.records import Stage, Verb
from tests.dashboard.backlog.backlog_ground import at, case, centre, order, row, s, step, told

NOW = s(2)


def scope(*communities: int, department: int | None = None) -> Scope:
    """The whole district, or some of its communities."""
    chosen = np.isin(np.arange(4), communities or range(4))
    return Scope(centre("X", CentreKind.DISTRICT, ""), chosen, department)


def found(backlog, wish=None, order=(), within=None, now=NOW) -> list[str]:
    rows = backlog.matching(query.decode_filter(wish), query.decode_order(list(order)), within or scope(), now)
    return [one.key.removeprefix("hotline/") for one in rows]


def by(column: str, direction: str = "asc") -> dict[str, str]:
    return {"colId": column, "sort": direction}


@pytest.fixture
def backlog():
    """1 overdue, 2 soon, 3 with time, 4 without limit, 5 held, 6 closed."""
    return told(
        case(1, lon=0.5, lat=0.5, title="Bin", due_at=at(1), reported=-1),
        case(2, lon=1.5, lat=0.5, title="井盖 77 号", due_at=at(2.1), reported=-2, department="water"),
        case(3, lon=2.5, lat=0.5, item="puddle", due_at=at(9)),
        case(4, lon=3.5, lat=0.5, item="idea", reported=-3),
        case(5, due_at=at(5)),
        order(1, Verb.HOLD, 5, reason="parts"),
        case(6, closed_at=at(1), stage=Stage.CLOSED),
    )


def test_open_cases_come_by_what_is_left_and_those_without_a_limit_last(backlog):
    assert found(backlog) == ["1", "2", "5", "3", "4"]


def test_a_scope_clips_communities_and_departments(backlog):
    assert found(backlog, within=scope(0, 1)) == ["1", "2"]
    assert found(backlog, within=scope(department=0)) == ["2", "3"]
    assert found(backlog, within=scope(1, department=1)) == []


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ({"stages": ["held"]}, ["5"]),
        ({"stages": ["held", "closed"]}, ["6", "5"]),
        ({"items": ["puddle", "idea"]}, ["3", "4"]),
        ({"departments": ["water"]}, ["2", "3"]),
        ({"places": ["S0"]}, ["1", "2"]),
        ({"places": ["S1", "C0"]}, ["1", "3", "4"]),
        ({"overdue": True}, ["1"]),
        ({"due_within_s": 3600}, ["1", "2"]),
        ({"older_than_s": 4.5 * 3600}, ["4"]),
        ({"text": " bIN "}, ["1"]),
        ({"text": "77"}, ["2"]),
        ({"text": "hotline/4"}, ["4"]),
        ({"supervised": True}, []),
        ({"urged": True}, []),
        (None, ["1", "2", "5", "3", "4"]),
    ],
)
def test_each_filter_keeps_what_it_says(backlog, wish, expected):
    assert found(backlog, wish) == expected


def test_pressed_cases_are_found(backlog):
    backlog.apply(order(1.5, Verb.SUPERVISE, 3), s(2))
    backlog.apply(order(1.5, Verb.URGE, 4), s(2))
    assert found(backlog, {"supervised": True}) == ["3"]
    assert found(backlog, {"urged": True}) == ["4"]


def test_an_item_is_found_whatever_the_source_calls_it():
    assert found(told(case(1, item="路面积水"), case(2, item="Water on the road")), {"items": ["puddle"]}) == ["1", "2"]


def test_several_columns_sort_one_after_the_other(backlog):
    assert found(backlog, order=[by("department", "desc"), by("reported", "desc")]) == ["5", "1", "3", "2", "4"]
    assert found(backlog, order=[by("item"), by("reported", "desc")]) == ["4", "5", "1", "2", "3"]
    assert found(backlog, order=[by("place"), by("left")])[:2] == ["1", "2"]


def test_what_is_not_there_comes_last_in_both_directions(backlog):
    assert [found(backlog, order=[by("held", direction)])[0] for direction in ("asc", "desc")] == ["5", "5"]
    assert [found(backlog, order=[by("due", direction)])[-1] for direction in ("asc", "desc")] == ["4", "4"]


@pytest.mark.parametrize("column", list(query.Column))
def test_every_column_sorts(backlog, column):
    assert sorted(found(backlog, order=[by(column)])) == ["1", "2", "3", "4", "5"]


def test_equal_cases_stand_in_the_same_order_in_every_copy():
    cases = [case(number) for number in range(50)]
    assert found(told(*cases)) == found(told(*reversed(cases)))


def test_a_page_has_its_rows_and_the_number_of_all(backlog):
    page = backlog.page(query.decode({"startRow": 1, "endRow": 3, "sortModel": []}, None), scope(), NOW)
    assert ([one.key for one in page.rows], page.total) == (["hotline/2", "hotline/5"], 5)
    assert backlog.page(query.Query(start=90, end=95), scope(), NOW) == query.Page((), 5)


@pytest.mark.parametrize(
    ("request_", "wish"),
    [
        ("rows", None),
        ({"startRow": -1}, None),
        ({"startRow": 0, "endRow": 100_000}, None),
        ({"sortModel": [by("password")]}, None),
        ({"sortModel": [by("due", "sideways")]}, None),
        ({"sortModel": [by("due")] * 7}, None),
        ({"filterModel": {"title": {"type": "contains", "filter": "x"}}}, None),
        (None, [1]),
        (None, {"nonsense": 1}),
        (None, {"stages": ["lost"]}),
        (None, {"text": "x" * 81}),
        (None, {"text": {"$ne": ""}}),
        (None, {"due_within_s": float("nan")}),
        (None, {"due_within_s": float("inf")}),
        (None, {"items": ["none-such"]}),
        (None, {"departments": ["none-such"]}),
        (None, {"places": ["none-such"]}),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_sentence(backlog, request_, wish):
    with pytest.raises(QueryError) as refusal:
        backlog.page(query.decode(request_, wish), scope(), NOW)
    assert str(refusal.value)


def test_a_case_belongs_to_its_scope_alone(backlog):
    one = row(backlog, 1)
    assert query.is_within(one, scope(0)) and query.is_within(one, scope(department=1))
    assert not query.is_within(one, scope(1)) and not query.is_within(one, scope(department=0))
    nowhere = row(told(case(lat=0.5, lon=50.0)))
    assert query.is_within(nowhere, scope()) and not query.is_within(nowhere, scope(3))


def test_a_case_is_soon_overdue_with_a_fifth_of_its_limit_left(backlog):
    assert [number for number in range(1, 7) if query.is_soon(row(backlog, number), NOW)] == [2]
    assert not query.is_soon(row(backlog, 5), s(4.9))  # held: its clock stands still


def test_changes_are_counted_by_scope(backlog):
    mark = backlog.changes
    assert backlog.changed_since(mark, scope()) == 0
    backlog.apply(step(1.5, Stage.HANDLING, 1), s(2))
    backlog.apply(step(1.6, Stage.FEEDBACK, 1), s(2))
    backlog.apply(step(1.5, Stage.HANDLING, 3), s(2))
    assert [backlog.changed_since(mark, where) for where in (scope(), scope(0), scope(1))] == [2, 1, 0]
