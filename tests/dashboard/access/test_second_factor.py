import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.access import Role
from dashboard.access.second_factor import (
    STEP_S,
    enrolled,
    enrolment,
    is_required,
    new_secret,
    recovery_codes,
    recovery_hash,
    removed,
    sealed,
    spent,
    step_of,
)
from dashboard.access.vault import Unreadable, Vault, is_sealed
from tests.dashboard.access.test_accounts import account

NOW = 1_795_147_210.0
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
VAULT = Vault(b"the secret key of the tests")
RFC_6238 = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # the RFC's SHA-1 key


def code(at: float, secret: str = SECRET) -> str:
    return pyotp.TOTP(secret).at(int(at))


@pytest.mark.parametrize(("at", "digits"), [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")])
def test_codes_are_those_of_the_standard(at: int, digits: str) -> None:
    assert step_of(RFC_6238, digits, 0, at) == at // STEP_S


def test_a_code_is_good_one_step_early_and_one_step_late() -> None:
    offsets = (-2, -1, 0, 1, 2)
    found = [step_of(SECRET, code(NOW + offset * STEP_S), 0, NOW) for offset in offsets]
    present = int(NOW // STEP_S)
    assert found == [None, present - 1, present, present + 1, None]


def test_a_used_code_is_refused_and_so_is_every_one_before() -> None:
    known = spent(account(totp_secret=SECRET), code(NOW), NOW, VAULT)
    assert spent(known, code(NOW), NOW, VAULT) is None
    assert spent(known, code(NOW - STEP_S), NOW, VAULT) is None
    assert spent(known, code(NOW + STEP_S), NOW, VAULT) is not None


@given(st.text(max_size=12))
def test_what_is_no_code_is_none(text: str) -> None:
    if "".join(text.split()) not in {code(NOW + offset * STEP_S) for offset in (-1, 0, 1)}:
        assert step_of(SECRET, text, 0, NOW) is None
        assert spent(account(totp_secret=SECRET), text, NOW, VAULT) is None


def test_a_code_may_be_typed_with_a_gap() -> None:
    digits = code(NOW)
    assert step_of(SECRET, f" {digits[:3]} {digits[3:]} ", 0, NOW) is not None


def test_eight_recovery_codes_are_each_good_once_however_they_are_typed() -> None:
    codes = recovery_codes()
    assert len(set(codes)) == 8
    known = enrolled(account(), SECRET, 1, codes)
    for number, each in enumerate(codes):
        known = spent(known, f" {each.upper().replace('-', ' ')}", NOW, VAULT)
        assert len(known.recovery_hashes) == 7 - number
        assert spent(known, each, NOW, VAULT) is None


def test_an_account_without_an_authenticator_has_no_code() -> None:
    assert spent(account(recovery_hashes=(recovery_hash("abcd"),)), "abcd", NOW, VAULT) is None


def test_a_secret_from_before_the_vault_is_good_and_sealed_with_the_next_code() -> None:
    before = account(totp_secret=SECRET)
    after = spent(before, code(NOW), NOW, VAULT)
    assert is_sealed(after.totp_secret) and SECRET not in after.totp_secret
    assert spent(after, code(NOW + STEP_S), NOW, VAULT) is not None
    assert sealed(after, VAULT) is after


def test_under_another_key_no_code_is_good_and_a_recovery_code_still_is() -> None:
    known = enrolled(account(), VAULT.seal(SECRET, "li"), 1, codes := recovery_codes())
    with pytest.raises(Unreadable):
        spent(known, code(NOW), NOW, Vault(b"another secret key of an installation"))
    assert spent(known, codes[0], NOW, Vault(b"another secret key of an installation")) is not None


def test_what_is_removed_leaves_no_way_in() -> None:
    known = removed(enrolled(account(), SECRET, 7, recovery_codes()))
    assert (known.totp_secret, known.recovery_hashes, known.generation) == (None, (), 1)


def test_the_picture_says_what_the_address_says() -> None:
    made = enrolment("值班员 li", SECRET)
    parsed = pyotp.parse_uri(made.uri)
    assert (parsed.secret, parsed.issuer, parsed.interval, parsed.digits) == (SECRET, "wall135", 30, 6)
    assert made.svg.startswith("<svg") and "script" not in made.svg


def test_secrets_have_160_bits() -> None:
    assert len({new_secret() for _ in range(100)}) == 100
    assert len(new_secret()) == 32


def test_who_gives_orders_or_keeps_accounts_needs_one() -> None:
    assert {role for role in Role if is_required(role)} == {
        Role.OFFICER,
        Role.COMMANDER,
        Role.LEADER,
        Role.ADMINISTRATOR,
    }
