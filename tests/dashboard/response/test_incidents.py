from dashboard.records import Level, Tier, moment
from dashboard.response.dossier import Dossier
from dashboard.response.incidents import View, chain_of, runs_out, state_of
from dashboard.response.legs import LegState
from dashboard.response.policy import Policy
from tests.dashboard.response.ground import T0, FlatDistrict, FlatRoster, incident, units

POLICY = Policy()


def a_view(received_s: float = 0.0, **changes) -> View:
    dossier = Dossier(incident=incident(**changes), received_at=T0 + received_s, community=0)
    rules = POLICY.legs_for("fire", Level.II)
    return View("cad/1", dossier, rules, dossier.zero_at(POLICY.zero), dossier.closed_at, ())


def a_state(now_s: float = 0.0, received_s: float = 0.0, **changes):
    return state_of(a_view(received_s, **changes), POLICY, ("C0", "S0", "D"), {}, T0 + now_s)


def test_a_community_reports_to_its_sub_district_and_that_to_the_district():
    district = FlatDistrict(FlatRoster(units(police=1)))
    assert chain_of(district, 2) == ["C2", "S1", "D"]
    assert chain_of(district, -1) == ["D"]


def test_an_incident_that_reached_us_long_after_its_report_rings_no_bell():
    assert not a_state(received_s=300).late_record
    assert a_state(received_s=301).late_record


def test_the_wait_for_an_acknowledgement_counts_from_when_we_heard_of_it():
    assert a_state(now_s=500, received_s=400).held_by == "C0"
    assert a_state(now_s=520, received_s=400).held_by == "S0"


def test_the_blindness_at_the_close_is_what_a_closed_leg_is_judged_by():
    view = a_view(closed_at=moment(T0 + 400))
    view.dossier.blind = (Tier.POLICE,)
    legs = state_of(view, POLICY, ("C0",), {}, T0 + 9999).legs
    assert [leg.state for leg in legs] == [LegState.OVERDUE, LegState.OVERDUE, LegState.UNKNOWN]


def test_the_next_deadline_that_can_still_be_kept_comes_first():
    early, late = a_state(now_s=80), a_state(now_s=80, reported_at=moment(T0 + 30))
    assert sorted([late, early], key=runs_out) == [late, early]  # its volunteers still have time
    assert runs_out(early)[0] == T0 + 180
    assert runs_out(a_state(now_s=9999))[0] == float("inf")


def test_a_drill_draws_candidates_after_every_real_incident():
    rule = POLICY.legs[0]
    drill, real = a_view(drill=True, level=Level.I), a_view(level=Level.IV)
    assert real.urgency(rule) < drill.urgency(rule)
