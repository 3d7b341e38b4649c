import time

import pytest

from dashboard.access.common import is_common


@pytest.mark.parametrize(
    "password",
    [
        "password",
        "123456789",
        "woaini1314",
        "admin@123",
        "p@ssw0rd!2024",
        "@dmin123",
        "!!dragon!!",
        "wall135!",
        "shenzhen2026",
    ],
)
def test_a_word_of_the_list_is_common_bare_or_dressed_up(password: str) -> None:
    assert is_common(password)


@pytest.mark.parametrize(
    "password", ["qwertyuiop", "poiuytrewq", "abcdefgh1", "1qaz2wsx3edc", "98765432", "aaaabbbb1", "abc1abc1abc1"]
)
def test_a_plain_pattern_is_common(password: str) -> None:
    assert is_common(password)


@pytest.mark.parametrize(
    "password", ["brücke-7x", "a bridge over water", "8273645-dragon-9182736", "kx7#mond!", "zw3lftenacht"]
)
def test_what_nobody_else_has_is_not(password: str) -> None:
    assert not is_common(password)


def test_a_long_one_is_looked_at_in_no_time() -> None:
    began = time.process_time()
    for password in ("a" * 2_000, "ab" * 1_000, "a1" * 64 + "x", "password" * 200 + "1", "-" * 2_000 + "x"):
        is_common(password)
    assert time.process_time() - began < 2.0
