from dashboard.command.roll_calls import Answer, RollCall, RollFigures, figures, is_over, late_s, took_s

CALL = RollCall(
    id="1",
    centre="A",
    by="",
    at=100.0,
    due_at=220.0,
    asked=("a", "b", "c", "d"),
    answers={"a": Answer(110.0, "甲"), "b": Answer(250.0, "乙")},
)


def test_figures_count_every_asked_centre_once() -> None:
    assert figures(CALL, 200.0) == RollFigures(asked=4, in_time=1, late=1, waiting=2, silent=0)
    assert figures(CALL, 300.0) == RollFigures(asked=4, in_time=1, late=1, waiting=0, silent=2)
    assert figures(CALL, 300.0).answered == 2


def test_lateness_counts_from_when_the_answer_was_due() -> None:
    assert [late_s(CALL, centre, 300.0) for centre in "abc"] == [0.0, 30.0, 80.0]
    assert [took_s(CALL, centre) for centre in "abc"] == [10.0, 150.0, None]


def test_a_roll_call_is_over_when_its_time_is_or_all_have_answered() -> None:
    assert not is_over(CALL, 220.0)
    assert is_over(CALL, 220.1)
    assert is_over(RollCall(id="2", centre="A", by="", at=0, due_at=9, asked=()), 1.0)
