from dashboard.command.consoles import Consoles, Staff, merged, staffed_by


def test_the_consoles_of_all_processes_are_told_as_one() -> None:
    told = [Consoles(100.0, {"A": ("甲",), "B": ("丙",)}), Consoles(110.0, {"A": ("乙", "甲")})]
    assert merged(told, 120.0) == {"A": Staff(110.0, ("乙", "甲")), "B": Staff(100.0, ("丙",))}


def test_a_process_that_fell_silent_has_no_consoles_any_more() -> None:
    told = [Consoles(100.0, {"A": ("甲",)}), Consoles(131.0, {"A": ("乙",)})]
    assert merged(told, 131.0)["A"].names == ("乙",)
    assert merged(told, 130.0)["A"].names == ("乙", "甲")


def test_a_centre_with_nobody_is_not_told() -> None:
    assert merged([Consoles(100.0, {"A": ()})], 100.0) == {}


def test_an_old_sign_of_an_officer_is_nobody() -> None:
    assert staffed_by(Staff(100.0, ("甲",)), 130.0) == ("甲",)
    assert staffed_by(Staff(100.0, ("甲",)), 131.0) == ()
    assert staffed_by(None, 0.0) == ()
