import msgspec

from dashboard.backlog import deeds
from dashboard.backlog.deeds import Deed
from dashboard.records import Stage, Verb
from tests.dashboard.backlog.backlog_ground import at, order, s


def test_an_order_becomes_a_deed_that_survives_the_memory():
    deed = deeds.deed(order(1, Verb.EXTEND, until=at(9), reason=" rain "))
    assert deed == Deed(s(1), "1-extend-1", Verb.EXTEND, "值班员", "rain", s(9))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(deed), type=Deed) == deed


def test_only_what_can_be_undone_is_taken_back_whatever_came_first():
    back = [Deed(9.0, f"back {ref}", Verb.RETRACT, ref=ref) for ref in ("hold", "urge", "never heard of")]
    done = [Deed(2.0, "urge", Verb.URGE), Deed(1.0, "hold", Verb.HOLD, reason="r")]
    for given in ([*back, *done], [*done, *back]):
        left = [each.id for each in deeds.in_force(given) if each.verb is not Verb.RETRACT]
        assert left == ["urge"]


def test_holds_and_extensions_move_the_case_and_the_others_do_not():
    given = [Deed(1.0, "a", Verb.HOLD, "post", "why"), Deed(2.0, "b", Verb.URGE), Deed(3.0, "c", Verb.EXTEND)]
    found = deeds.moves(deeds.in_force(given))
    assert [(move.stage, move.by, move.reason) for move in found] == [
        (Stage.HELD, "post", "why"),
        (Stage.EXTENDED, "", ""),
    ]


def test_pressing_counts_urges_and_remembers_the_first_who_supervises():
    given = [Deed(at, str(at), verb, f"by {at}") for at in (3.0, 1.0, 2.0) for verb in (Verb.URGE, Verb.SUPERVISE)]
    found = deeds.pressed(deeds.in_force([*given, Deed(1.5, "other", Verb.SUPERVISE)]))
    assert (found.urged, found.urged_by, found.supervised_at, found.supervised_by) == (3, "by 3.0", 1.0, "by 1.0")
    assert deeds.pressed([]) == deeds.Pressed()
