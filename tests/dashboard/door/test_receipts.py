from dashboard.door.receipts import BodyRefused, Reason


def test_a_refused_body_has_a_code_and_a_sentence() -> None:
    refused = BodyRefused(Reason.TOO_LARGE, "20001 records in one body")
    assert (refused.reason, refused.why, str(refused)) == ("too_large", refused.why, refused.why)
    assert isinstance(refused, ValueError)
