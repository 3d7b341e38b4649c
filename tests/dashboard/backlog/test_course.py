import pytest

from dashboard.backlog import course as courses
from dashboard.backlog.course import Claim, Move, Terms
from dashboard.backlog.handling import Calendar, Clock
from dashboard.records import Stage
from tests.dashboard.backlog.backlog_ground import HOLIDAYS, ZONE, s

CALENDAR = Calendar(ZONE, HOLIDAYS, frozenset({2026}))
FOUR_HOURS = Terms(CALENDAR, Clock.URGENT_HOUR, 4)
FOUR_WORK_HOURS = Terms(CALENDAR, Clock.WORK_HOUR, 4)


def move(hours: float, stage: Stage, **changes) -> Move:
    return Move(s(hours), f"{stage}-{hours}", stage, **changes)


def run(*moves: Move, terms: Terms = FOUR_HOURS, **said):
    """Where the case stands after the moves, and what was wrong with them."""
    claim = Claim(**({"reported_at": s(0), "stage": Stage.REPORTED} | said))
    course = courses.start(claim, terms)
    remarks = []
    for one in sorted(moves, key=courses.order):
        course, remark = courses.step(course, one, terms)
        remarks += [remark] if remark else []
    return courses.settle(course, claim, terms), remarks


def test_the_seven_stages_in_order():
    road = [
        Stage.FILED,
        Stage.DISPATCHED,
        Stage.HANDLING,
        Stage.FEEDBACK,
        Stage.VERIFIED,
        Stage.CLOSED,
    ]
    course, remarks = run(*(move(hour + 1, stage) for hour, stage in enumerate(road)))
    assert (course.stage, course.since, course.closed_at, remarks) == (Stage.CLOSED, s(6), s(6), [])


def test_moves_of_the_same_second_follow_the_road():
    course, remarks = run(move(1, Stage.CLOSED), move(1, Stage.VERIFIED), move(1, Stage.FEEDBACK))
    assert (course.stage, remarks) == (Stage.CLOSED, [])


def test_the_limit_runs_from_filing():
    assert run()[0].due_at == s(4)
    assert run(move(1, Stage.FILED))[0].due_at == s(5)
    assert run(move(1, Stage.FILED), move(3, Stage.FILED))[0].due_at == s(5)


def test_a_limit_of_the_source_goes_before_the_catalogue():
    course, _ = run(move(1, Stage.FILED), terms=Terms(CALENDAR, Clock.URGENT_HOUR, None), due_at=s(9))
    assert course.due_at == s(9)


def test_a_pause_with_a_reason_puts_the_limit_off():
    held = (move(1, Stage.HELD, reason="parts"),)
    assert run(*held)[0].held_since == s(1)
    course, _ = run(*held, move(3.5, Stage.HANDLING))
    assert (course.held_since, course.paused_s, course.due_at) == (None, 2.5 * 3600, s(6.5))


def test_a_pause_of_a_work_clock_takes_work_time_only():
    # Held from Monday 11:00 to Tuesday 09:00 with 3 of its 4 work hours left: due on Tuesday at 12:00.
    course, _ = run(move(1, Stage.HELD, reason="parts"), move(23, Stage.HANDLING), terms=FOUR_WORK_HOURS)
    assert (course.paused_s, course.due_at) == (6 * 3600, s(26))


def test_a_pause_without_a_reason_stops_no_clock():
    course, remarks = run(move(1, Stage.HELD), move(3, Stage.HANDLING))
    assert (course.held_since, course.paused_s, course.due_at) == (None, 0, s(4))
    assert remarks == [courses.HELD_WITHOUT_REASON]


def test_a_second_hold_goes_on_from_the_first():
    held = [move(hour, Stage.HELD, reason="parts") for hour in (1, 2)]
    assert run(*held, move(3, Stage.CLOSED))[0].due_at == s(6)


def test_an_extension_sets_the_limit():
    course, _ = run(move(1, Stage.EXTENDED, due_at=s(20)), move(2, Stage.HANDLING))
    assert (course.stage, course.due_at) == (Stage.HANDLING, s(20))
    assert run(move(1, Stage.EXTENDED))[1] == [courses.EXTENDED_WITHOUT_LIMIT]


@pytest.mark.parametrize("handled", [Stage.HANDLING, Stage.FEEDBACK])
def test_an_office_cannot_verify_its_own_work(handled):
    course, remarks = run(move(1, handled, by="roads"), move(2, Stage.VERIFIED, by="roads"))
    assert (course.stage, remarks) == (handled, [courses.VERIFIED_BY_HANDLER])
    course, remarks = run(move(1, handled, by="roads"), move(2, Stage.VERIFIED, by="inspection"))
    assert (course.stage, remarks) == (Stage.VERIFIED, [])


def test_an_office_that_returned_the_case_may_verify_it():
    moves = [move(1, Stage.HANDLING, by="water"), move(2, Stage.RETURNED, by="water")]
    moves += [move(3, Stage.HANDLING, by="roads"), move(4, Stage.VERIFIED, by="water")]
    assert run(*moves)[1] == []


def test_rework_goes_back_to_handling_and_is_counted():
    course, _ = run(move(1, Stage.FEEDBACK), move(2, Stage.REWORK), move(3, Stage.HANDLING), move(4, Stage.FEEDBACK))
    assert (course.stage, course.reworked, course.reworked_at) == (Stage.FEEDBACK, 1, s(2))


@pytest.mark.parametrize("end", [Stage.CLOSED, Stage.DECLINED])
def test_nothing_moves_a_case_that_has_ended(end):
    course, remarks = run(move(1, end), move(2, Stage.HANDLING))
    assert (course.stage, course.closed_at, remarks) == (end, s(1), [courses.MOVED_AFTER_END])


def test_a_new_department_starts_the_stage_afresh_and_a_repetition_does_not():
    course, _ = run(move(1, Stage.DISPATCHED, department="water"), move(2, Stage.DISPATCHED))
    assert (course.since, course.department) == (s(1), "water")
    course, _ = run(move(1, Stage.DISPATCHED, department="water"), move(2, Stage.DISPATCHED, department="roads"))
    assert (course.since, course.department) == (s(2), "roads")


def test_the_source_wins_when_it_says_that_the_case_has_ended():
    course, _ = run(move(1, Stage.HANDLING), stage=Stage.CLOSED, closed_at=s(3))
    assert (course.stage, course.closed_at, course.since) == (Stage.CLOSED, s(3), s(3))
    assert run(move(1, Stage.HANDLING), stage=Stage.CLOSED)[0].closed_at == s(1)
    assert run(closed_at=s(2))[0].stage is Stage.CLOSED
    assert run(move(1, Stage.DECLINED), closed_at=s(2))[0].stage is Stage.DECLINED


def test_the_source_wins_when_it_is_ahead_of_the_moves_and_only_then():
    assert run(move(1, Stage.FILED), stage=Stage.HANDLING)[0].stage is Stage.HANDLING
    assert run(move(1, Stage.FEEDBACK), stage=Stage.HANDLING)[0].stage is Stage.FEEDBACK
    assert run(move(1, Stage.RETURNED), stage=Stage.HANDLING)[0].stage is Stage.RETURNED
    assert run(stage=Stage.HELD)[0].stage is Stage.HELD
    assert run(move(1, Stage.HANDLING), stage=Stage.HELD)[0].stage is Stage.HANDLING


@pytest.mark.parametrize("year_s", [-62_135_596_800.0, 253_402_300_799.0, 1e18])
def test_times_at_the_end_of_all_calendars_do_no_harm(year_s):
    course, _ = run(Move(year_s, "a", Stage.HELD, reason="parts"), move(1, Stage.HANDLING), reported_at=year_s)
    assert course.stage in (Stage.HANDLING, Stage.HELD)
