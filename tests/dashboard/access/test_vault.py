import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.access.vault import Unreadable, Vault, is_sealed

KEY = b"the secret key of an installation"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def test_what_is_sealed_opens_for_its_owner_and_looks_different_each_time() -> None:
    vault = Vault(KEY)
    first, second = vault.seal(SECRET, "li"), vault.seal(SECRET, "li")
    assert first != second and SECRET not in first
    assert vault.open(first, "li") == vault.open(second, "li") == SECRET
    assert Vault(KEY).open(first, "li") == SECRET  # another process, or after a restart


def test_another_key_and_another_owner_open_nothing() -> None:
    sealed = Vault(KEY).seal(SECRET, "li")
    for vault, owner in ((Vault(KEY + b"x"), "li"), (Vault(KEY), "wang")):
        with pytest.raises(Unreadable):
            vault.open(sealed, owner)


@given(st.text(max_size=80))
def test_what_was_never_sealed_is_unreadable_and_never_a_crash(rest: str) -> None:
    with pytest.raises(Unreadable):
        Vault(KEY).open(f"v1.{rest}", "li")


def test_one_changed_letter_is_noticed() -> None:
    sealed = Vault(KEY).seal(SECRET, "li")
    changed = sealed[:20] + ("A" if sealed[20] != "A" else "B") + sealed[21:]
    with pytest.raises(Unreadable):
        Vault(KEY).open(changed, "li")


def test_a_secret_from_before_the_vault_is_as_it_is() -> None:
    assert not is_sealed(SECRET)
    assert Vault(KEY).open(SECRET, "li") == SECRET
