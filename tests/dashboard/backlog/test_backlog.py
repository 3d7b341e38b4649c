import logging
import random

import msgspec
import pytest

from dashboard.backlog import KEEP_S, Backlog, BacklogMemory, CaseRow
from dashboard.backlog.course import VERIFIED_BY_HANDLER
from dashboard.records import Stage, Verb
from tests.dashboard.backlog.backlog_ground import SmallDistrict, at, case, order, row, s, step, told


def test_a_case_is_placed_by_its_position_else_by_its_community():
    assert (row(told(case(lat=0.5, lon=2.5))).community, row(told(case(lat=0.5, lon=2.5))).cell) == (2, 2)
    assert (row(told(case(community="C3"))).community, row(told(case(community="C3"))).cell) == (3, -1)
    assert row(told(case(lat=0.5, lon=50.0, community="C1"))).community == 1
    assert row(told(case(lat=0.5, lon=50.0))).community == -1


def test_the_item_gives_department_and_limit_by_code_or_name():
    for item in ("manhole", "井盖缺失", "Missing cover"):
        found = row(told(case(item=item)))
        assert (found.department, found.due_at) == (1, s(4))
    assert row(told(case(item="puddle"))).due_at == s(6)  # four work hours from 10:00
    assert row(told(case(item="idea"))).due_at is None
    assert row(told(case(item="never heard of"))).due_at is None


def test_the_sources_own_department_and_limit_go_first():
    found = row(told(case(department="water", due_at=at(2))))
    assert (found.department, found.due_at) == (0, s(2))


def test_a_later_revision_replaces_and_an_earlier_one_says_nothing():
    backlog = told(case(revision=1, title="new"))
    assert backlog.apply(case(revision=0, title="old"), s(1)) == []
    assert backlog.apply(case(revision=1, title="again"), s(1)) == []
    [changed] = backlog.apply(case(revision=2, stage=Stage.CLOSED, closed_at=at(3)), s(3))
    assert (changed.stage, changed.closed_at, changed.revision) == (Stage.CLOSED, s(3), 2)


def test_a_later_revision_keeps_what_the_steps_said():
    backlog = told(case(), step(1, Stage.DISPATCHED, department="water"), step(2, Stage.RETURNED))
    [changed] = backlog.apply(case(revision=1, title="more"), s(3))
    assert (changed.stage, changed.returned, changed.title) == (Stage.RETURNED, 1, "more")


def test_a_record_that_changes_nothing_changes_no_row():
    backlog = told(case(), step(1, Stage.CLOSED))
    assert backlog.apply(step(2, Stage.HANDLING), s(3)) == []


def test_a_refused_verification_is_named_and_moves_nothing():
    backlog = told(case(), step(1, Stage.FEEDBACK, by="roads"), step(2, Stage.VERIFIED, by="roads"))
    assert row(backlog).stage is Stage.FEEDBACK
    assert backlog.anomalies() == {VERIFIED_BY_HANDLER: 1}


def test_a_case_closed_before_it_was_reported_counts_and_has_no_negative_age():
    backlog = told(case(reported=2, closed_at=at(1), stage=Stage.CLOSED), case(2, reported=5))
    figures = backlog.figures(None, None, s(3), SmallDistrict().timezone)
    assert (figures.open, figures.closed_today, figures.overdue) == (1, 1, 0)
    assert sum(figures.by_department[1].counts) == 1


def test_a_limit_beyond_the_holiday_table_is_marked_and_said_once(caplog):
    with caplog.at_level(logging.WARNING):
        backlog = told(*(case(n, item="green", reported=24 * 300) for n in (1, 2)))
    assert row(backlog).limit_unsure
    assert len(caplog.records) == 1
    assert not row(told(case(item="green"))).limit_unsure


def test_closed_cases_are_forgotten_when_no_figure_needs_them():
    backlog = told(case(), step(1, Stage.CLOSED), case(2), case(3, reported=20, closed_at=at(1)))
    assert backlog.tick(s(1) + KEEP_S) == []
    assert len(backlog.all()) == 3
    backlog.tick(s(1) + KEEP_S + 1)
    assert [found.key for found in backlog.all()] == ["hotline/2", "hotline/3"]


# -- orders --------------------------------------------------------------------------------------------


def test_an_urged_case_says_how_often_when_last_and_by_whom():
    backlog = told(case(), order(1, Verb.URGE, by="first"), order(3, Verb.URGE, by="third"), order(2, Verb.URGE))
    found = row(backlog)
    assert (found.urged, found.urged_at, found.urged_by) == (3, s(3), "third")
    assert found.stage is Stage.REPORTED
    assert backlog.apply(order(2, Verb.URGE), s(4)) == []


def test_a_hold_stops_the_clock_until_the_case_moves_on():
    backlog = told(case(), step(1, Stage.HANDLING, by="roads"), order(2, Verb.HOLD, reason="waits for parts"))
    held = row(backlog)
    assert (held.stage, held.held_since, held.reason, held.by) == (Stage.HELD, s(2), "waits for parts", "值班员")
    [resumed] = backlog.apply(step(3, Stage.HANDLING, by="roads"), s(3))
    assert (resumed.held_since, resumed.due_at, resumed.reason) == (None, s(5), "")


def test_an_extension_moves_the_limit():
    found = row(told(case(), order(1, Verb.EXTEND, until=at(48), reason="rain")))
    assert (found.stage, found.due_at, found.reason) == (Stage.EXTENDED, s(48), "rain")


def test_what_is_taken_back_never_was():
    for verb, more in ((Verb.HOLD, {"reason": "no"}), (Verb.EXTEND, {"until": at(48)}), (Verb.SUPERVISE, {})):
        done, undone = order(1, verb, **more), order(2, Verb.RETRACT, ref=f"1-{verb}-1")
        assert row(told(case(), done, undone)) == row(told(case())) == row(told(undone, done, case()))


def test_an_urge_cannot_be_taken_back():
    assert row(told(case(), order(1, Verb.URGE), order(2, Verb.RETRACT, ref="1-urge-1"))).urged == 1


def test_a_case_is_supervised_since_the_first_who_does():
    found = row(told(case(), order(2, Verb.SUPERVISE, by="leader"), order(1, Verb.SUPERVISE, by="chief")))
    assert (found.supervised_at, found.supervised_by) == (s(1), "chief")


def test_an_order_waits_for_its_case_and_one_about_something_else_does_nothing():
    backlog = told(order(1, Verb.SUPERVISE), order(1, Verb.ACKNOWLEDGE, 2))
    assert backlog.all() == []
    backlog.apply(case(), s(3))
    assert row(backlog).supervised_at == s(1)


def test_a_step_names_the_case_of_another_source_by_its_whole_key():
    backlog = told(case(), step(1, Stage.FILED, source="desk", case="hotline/1"))
    assert row(backlog).stage is Stage.FILED


# -- disorder ------------------------------------------------------------------------------------------


def life(number: int, rng: random.Random) -> list:
    """All that is said of one case: revisions and steps, most of them plausible."""
    begun = round(rng.uniform(0, 20), 1)
    stages = [Stage.FILED, Stage.DISPATCHED, *rng.choices(list(Stage), k=rng.randrange(8))]
    steps = [
        step(
            round(begun + place * rng.uniform(0, 0.4), 2),
            stage,
            number,
            id=f"{number}-{place}",
            by=rng.choice(["", "roads", "water", "inspection"]),
            department=rng.choice(["", "roads", "water"]),
            reason=rng.choice(["", "waits for parts"]),
            due_at=at(begun + 30) if stage is Stage.EXTENDED else None,
        )
        for place, stage in enumerate(stages)
    ]
    item = rng.choice(["manhole", "puddle", "green", "idea"])
    revisions = [
        case(
            number,
            begun,
            revision=revision,
            item=item,
            title=f"revision {revision}",
            stage=rng.choice([Stage.REPORTED, Stage.REPORTED, Stage.HANDLING, Stage.CLOSED]),
            due_at=rng.choice([None, None, at(begun + 2)]),
        )
        for revision in range(rng.randrange(1, 4))
    ]
    return [*revisions, *steps, *orders_of(number, begun, rng)]


def orders_of(number: int, begun: float, rng: random.Random) -> list:
    """Some orders, some of them taken back."""
    verbs = rng.choices([Verb.URGE, Verb.SUPERVISE, Verb.HOLD, Verb.EXTEND], k=rng.randrange(4))
    given = [
        order(round(begun + rng.uniform(0, 5), 2), verb, number, id=f"{number}-o{place}", reason="r", until=at(50))
        for place, verb in enumerate(verbs)
    ]
    taken = [
        order(begun + 6, Verb.RETRACT, number, id=f"{each.id}-back", ref=each.id)
        for each in given
        if rng.random() < 0.4
    ]
    return [*given, *taken]


def by_key(backlog: Backlog) -> list[CaseRow]:
    return sorted(backlog.all(), key=lambda one: one.key)


def outcome(records: list) -> tuple[list[CaseRow], dict[str, int]]:
    backlog = told(*records)
    return by_key(backlog), backlog.anomalies()


@pytest.mark.parametrize("seed", range(6))
def test_disorder_and_a_third_of_duplicates_end_in_the_same_rows(seed):
    rng = random.Random(seed)
    in_order = [record for number in range(80) for record in life(number, rng)]
    mixed = [*in_order, *rng.sample(in_order, len(in_order) * 3 // 10)]
    rng.shuffle(mixed)
    assert outcome(mixed) == outcome(in_order)


# -- copies --------------------------------------------------------------------------------------------


def test_a_restart_in_the_middle_equals_an_uninterrupted_run():
    rng = random.Random(7)
    records = [record for number in range(60) for record in life(number, rng)]
    rng.shuffle(records)
    uninterrupted, first = Backlog(SmallDistrict()), Backlog(SmallDistrict())
    half = len(records) // 2
    for record in records[:half]:
        assert first.apply(record, s(1)) == uninterrupted.apply(record, s(1))
    rows = msgspec.msgpack.encode(first.all())
    memory = msgspec.msgpack.encode(first.memory())
    second = Backlog(SmallDistrict())
    second.adopt(msgspec.msgpack.decode(rows, type=list[CaseRow]))
    second.restore(msgspec.msgpack.decode(memory, type=BacklogMemory))
    for record in records[half - 20 :]:
        assert second.apply(record, s(2)) == uninterrupted.apply(record, s(2))
    assert by_key(second) == by_key(uninterrupted)
    assert second.anomalies() == uninterrupted.anomalies()


def test_a_copy_that_adopts_changes_shows_the_same_figures():
    rng = random.Random(8)
    engine, copy = Backlog(SmallDistrict()), Backlog(SmallDistrict())
    for number in range(40):
        for record in life(number, rng):
            copy.adopt(engine.apply(record, s(1)))
    zone = SmallDistrict().timezone
    assert copy.figures(None, None, s(9), zone) == engine.figures(None, None, s(9), zone)
