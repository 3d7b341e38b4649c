from dashboard.records import Evidence, ReplyState, Tier, Verb
from dashboard.response.conduct import conduct_of
from dashboard.response.deeds import Deed, Noted, Offer
from dashboard.response.legs import Arrived, Held, Leg, LegState
from dashboard.response.story import Course, story
from dashboard.response.unit_orders import Answer, told, unit_orders
from tests.dashboard.response.ground import T0, order

SENT = order(Verb.DISPATCH, 20, "police-1")


def course(**facts) -> Course:
    nothing = {"legs": (), "arrivals": (), "ladder": (Held("C0", T0),), "sent": (), "lapsed": ()}
    return Course(**({"reported_at": T0, **nothing, "report_missed_at": None, "source_closed_at": None} | facts))


def log(*orders, now_s: float = 9999, **facts) -> list[tuple[str, float]]:
    return [(deed.word, deed.at - T0) for deed in deeds(*orders, now_s=now_s, **facts)]


def deeds(*orders, now_s: float = 9999, **facts) -> tuple[Deed, ...]:
    return story(conduct_of(orders, {}).lines, course(**facts), T0 + now_s)


def leg(state: LegState) -> Leg:
    return Leg(Tier.POLICE, 300, 1, T0 + 300, state)


def test_a_record_begins_with_the_report_and_goes_on_by_time():
    assert log(order(Verb.CLOSE, 500), order(Verb.ACKNOWLEDGE, 0)) == [
        ("reported", 0),
        ("acknowledge", 0),
        ("close", 500),
    ]


def test_a_missed_leg_and_a_late_one_were_overdue_at_their_deadline():
    for state in (LegState.OVERDUE, LegState.LATE):
        assert log(legs=[leg(state)])[1:] == [("overdue", 300)]
    assert deeds(legs=[leg(LegState.LATE)])[1].kind == "police"
    assert log(legs=[leg(LegState.RUNNING), leg(LegState.MET)])[1:] == []


def test_each_step_up_is_noted_with_its_time_unless_an_officer_asked_for_it():
    ladder = (Held("C0", T0), Held("S0", T0 + 120), Held("D", T0 + 150, is_asked=True))
    asked = order(Verb.ASK_UP, 150, into="D")
    assert [(deed.word, deed.into) for deed in deeds(asked, ladder=ladder)[1:]] == [
        ("escalated", "S0"),
        ("ask_up", "D"),
    ]


def test_the_first_evidence_of_an_arrival_is_noted_once():
    arrivals = [
        Arrived("police-1", Tier.POLICE, T0 + 90, Evidence.GEOFENCE),
        Arrived("police-1", Tier.POLICE, T0 + 95, Evidence.UNIT),
    ]
    (line,) = deeds(arrivals=arrivals)[1:]
    assert (line.noted, line.unit, line.at, line.kind) == (Noted.ARRIVED, "police-1", T0 + 90, "geofence")


def test_an_arrival_that_an_officer_marked_is_in_the_log_as_his_order():
    seen = [Arrived("police-1", Tier.POLICE, T0 + 90, Evidence.OPERATOR)]
    assert log(order(Verb.ARRIVE, 90, "police-1"), arrivals=seen)[1:] == [("arrive", 90)]
    assert log(arrivals=seen)[1:] == [("arrived", 90)]


def test_what_a_unit_answered_is_noted_and_silence_too():
    def sent(answer: Answer | None):
        return unit_orders(told([SENT], {SENT.id: answer} if answer else {}).values(), 60, frozenset(), False)

    declined = deeds(sent=sent(Answer(ReplyState.DECLINED, T0 + 30, "车辆故障")))[1]
    assert (declined.word, declined.at, declined.unit) == ("declined", T0 + 30, "police-1")
    assert (declined.reason, declined.ref) == ("车辆故障", SENT.id)
    assert log(sent=sent(Answer(ReplyState.ACCEPTED, T0 + 30)))[1:] == [("accepted", 30)]
    assert log(sent=sent(Answer(ReplyState.READ, T0 + 30)), now_s=80)[1:] == []
    assert log(sent=sent(None), now_s=81)[1:] == [("unanswered", 80)]


def test_a_lapsed_offer_a_missed_report_and_the_sources_close_are_noted():
    offer = Offer("o1", "S0", "甲", "C0", T0 + 10, T0 + 310)
    facts = {"lapsed": [offer], "report_missed_at": T0 + 1800, "source_closed_at": T0 + 2000}
    assert log(**facts)[1:] == [("offer_lapsed", 310), ("report_overdue", 1800), ("source_closed", 2000)]
