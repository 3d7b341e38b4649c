import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.access.passwords import (
    PROFILES,
    Hasher,
    Weakness,
    is_expired,
    remembered,
    was_used,
    weaknesses,
)

DENGBAO3, ASVS = PROFILES["dengbao3"], PROFILES["asvs"]
CHEAP = Hasher(1, 8, 1)


def test_a_hash_is_argon2id_and_says_its_cost() -> None:
    kept = CHEAP.hash("Brücke-7x")
    assert kept.startswith("$argon2id$v=19$m=8,t=1,p=1$")
    assert kept != CHEAP.hash("Brücke-7x")
    assert "Br" not in kept.split("$")[-1][:2]


def test_the_cost_is_what_rfc_9106_recommends() -> None:
    assert Hasher().hash("x").startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_only_the_password_itself_is_right() -> None:
    kept = CHEAP.hash("Brücke-7x")
    assert CHEAP.verify(kept, "Brücke-7x")
    assert not CHEAP.verify(kept, "brücke-7x")
    assert not CHEAP.verify("not a hash", "Brücke-7x")


def test_nobodys_hash_is_never_right_and_takes_a_real_look() -> None:
    assert not CHEAP.verify("", "nobody's")


def test_another_keyboard_writes_the_same_password() -> None:
    assert CHEAP.verify(CHEAP.hash("Ｂｒücke-7x"), "Bru\u0308cke-7x")


@given(st.text(max_size=200))
def test_whatever_is_typed_is_checked_without_a_fault(password: str) -> None:
    kept = CHEAP.hash(password)
    assert CHEAP.verify(kept, password)
    weaknesses(DENGBAO3, "li", password)


def test_half_a_character_is_checked_without_a_fault() -> None:
    assert not CHEAP.verify(CHEAP.hash("?"), "\ud800")
    weaknesses(ASVS, "li", "\ud800")


def test_no_more_than_two_hashes_are_made_at_once() -> None:
    together, most = [], []

    class Counting(Hasher):
        def __init__(self) -> None:
            super().__init__(1, 8, 1)
            inner = self._argon2

            class Slow:
                def verify(self, kept: str, password: bytes) -> bool:
                    together.append(1)
                    most.append(len(together))
                    is_right = inner.verify(kept, password)
                    together.pop()
                    return is_right

            self._argon2 = Slow()

    hasher, kept = Counting(), CHEAP.hash("x")
    threads = [threading.Thread(target=hasher.verify, args=(kept, "x")) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) <= 2


@pytest.mark.parametrize(
    ("password", "found"),
    [
        ("Brücke-7x", ()),
        ("Zw3lfteNacht", ()),
        ("Brü-7x", (Weakness.TOO_SHORT,)),
        ("brückenbau7", (Weakness.FEW_CLASSES,)),
        ("B-7" + "xyü" * 50, (Weakness.TOO_LONG,)),
        ("Zhangwei-7q", (Weakness.HAS_NAME,)),
        ("Admin@123", (Weakness.COMMON,)),
        ("P@ssw0rd!2026", (Weakness.COMMON,)),
    ],
)
def test_what_inspectors_ask_for(password: str, found: tuple[Weakness, ...]) -> None:
    assert weaknesses(DENGBAO3, "zhangwei", password) == found


@pytest.mark.parametrize(
    ("password", "found"),
    [
        ("a bridge over water", ()),
        ("vierzehnlampen", ()),
        ("Brücke-7x", (Weakness.TOO_SHORT,)),
        ("passwordpassword", (Weakness.COMMON,)),
        ("qwertyuiop1234", (Weakness.COMMON,)),
        ("zhangwei zhangwei", (Weakness.HAS_NAME,)),
    ],
)
def test_what_asvs_asks_for(password: str, found: tuple[Weakness, ...]) -> None:
    assert weaknesses(ASVS, "zhangwei", password) == found


def test_a_short_name_may_be_a_part_of_a_word() -> None:
    assert weaknesses(DENGBAO3, "li", "Olive-7x9") == ()


def test_the_last_five_are_remembered_and_always_the_present_one() -> None:
    past: tuple[str, ...] = ()
    for number in range(7):
        past = remembered(DENGBAO3, past, CHEAP.hash(f"p{number}"))
    assert [was_used(CHEAP, past, f"p{number}") for number in range(7)] == [False, False, *[True] * 5]
    assert remembered(ASVS, ("old",), "new") == ("new",)


def test_one_profile_rotates_and_the_other_never_does() -> None:
    day = 86_400.0
    assert not is_expired(DENGBAO3, 0.0, 90 * day)
    assert is_expired(DENGBAO3, 0.0, 90 * day + 1)
    assert not is_expired(ASVS, 0.0, 10_000 * day)
