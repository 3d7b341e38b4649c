from collections import Counter

from dashboard.door.receipts import Reason, Refusal
from dashboard.door.tally import Tally


def test_rows_are_answered_at_their_place_in_the_body() -> None:
    unread = Refusal(1, "lat", Reason.MISSING, "lat is missing")
    tally = Tally(4, [unread], Counter(phone=2), places=[0, 2, 3])
    tally.accept("fixes")
    tally.repeat(1, "fixes")
    tally.refuse(2, "unit", Reason.UNKNOWN_UNIT, "no unit X")
    receipt = tally.receipt()
    assert receipt.results == ["accepted", "refused", "repeated", "refused"]
    assert (receipt.accepted, receipt.repeated, receipt.refused) == (1, 1, 2)
    assert [refusal.index for refusal in receipt.refusals] == [1, 3]
    assert tally.totals("s") == {
        "accepted": {"s|fixes": 1},
        "repeated": {"s|fixes": 1},
        "refused": {"s|missing": 1, "s|unknown_unit": 1},
        "dropped": {"s|phone": 2},
    }


def test_the_newest_live_record_tells_the_senders_clock() -> None:
    tally = Tally(0)
    for at in (90.0, 400.0, float("nan"), 100.0):
        tally.saw_live(at, now=100.0)
    assert tally.skew_s == 300.0
    assert tally.totals("s") == {}
