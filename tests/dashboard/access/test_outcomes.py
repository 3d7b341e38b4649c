from typing import get_args

from dashboard.access.outcomes import MustChange, NeedsEnrolment, NeedsSecondFactor, Outcome, Refused, SignedIn


def test_whoever_is_not_refused_gets_a_token_to_go_on_with() -> None:
    fields = {outcome: set(outcome.__struct_fields__) for outcome in get_args(Outcome)}
    assert {outcome for outcome, names in fields.items() if "token" in names} == {
        SignedIn,
        NeedsSecondFactor,
        NeedsEnrolment,
        MustChange,
    }
    assert {outcome for outcome, names in fields.items() if "principal" in names} == {SignedIn}
    assert "reason" in fields[Refused]
