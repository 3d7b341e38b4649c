from dashboard.access import tokens


def test_no_token_comes_twice_and_each_has_32_bytes() -> None:
    made = {tokens.new() for _ in range(1_000)}
    assert len(made) == 1_000
    assert {len(token) for token in made} == {43}  # 32 bytes in base64


def test_a_fingerprint_is_the_same_each_time_and_says_nothing_of_the_token() -> None:
    token = tokens.new()
    assert tokens.fingerprint(token) == tokens.fingerprint(token) != tokens.fingerprint(tokens.new())
    assert token not in tokens.fingerprint(token)


def test_half_a_character_is_a_token_that_is_not_there() -> None:
    assert tokens.fingerprint("\ud800")
