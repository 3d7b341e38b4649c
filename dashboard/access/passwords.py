"""Passwords: how they are kept (argon2id) and which are good enough, by one of two profiles.

`dengbao3` is what inspectors of GB/T 22239-2019 level 3 ask for: classes of characters, rotation, history. `asvs` is
OWASP ASVS 5.0: length and no common password, and neither classes nor rotation (6.2.5, 6.2.10). Both refuse the
passwords that attackers try first.
"""

import threading
import unicodedata
from collections.abc import Sequence
from enum import StrEnum

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from msgspec import Struct

from dashboard.access import common

_MOST_CHARS = 128
_NAME_CHARS = 4  # a shorter name is a part of many words
_AT_ONCE = 2  # hashes made at the same time: each takes its memory, and there are no more cores


class Weakness(StrEnum):
    """Why a password is not taken."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    FEW_CLASSES = "few_classes"  # of small letters, capitals, digits and others
    HAS_NAME = "has_name"
    COMMON = "common"
    USED_BEFORE = "used_before"


class Profile(Struct, frozen=True):
    """What is asked of a password."""

    least_chars: int
    least_classes: int
    keep_past: int  # so many of the last ones are not taken again; 0: only the present one
    rotate_s: float | None  # a password older than this must be changed at the next sign-in


PROFILES = {
    "dengbao3": Profile(least_chars=8, least_classes=3, keep_past=5, rotate_s=90 * 86_400.0),
    "asvs": Profile(least_chars=12, least_classes=0, keep_past=0, rotate_s=None),
}


class Hasher:
    """Makes and checks hashes; the defaults are the second recommendation of RFC 9106."""

    def __init__(self, time_cost: int = 3, memory_kib: int = 65_536, lanes: int = 4) -> None:
        self._argon2 = PasswordHasher(time_cost, memory_kib, lanes, type=Type.ID)
        self._at_once = threading.BoundedSemaphore(_AT_ONCE)
        self._nobodys = self.hash("nobody's")

    def hash(self, password: str) -> str:
        """What is kept of a password; it holds its own salt and cost."""
        with self._at_once:
            return self._argon2.hash(_bytes(password))

    def verify(self, kept: str, password: str) -> bool:
        """Whether this is the password; "" is nobody's, and takes as long to say no."""
        with self._at_once:
            try:
                return self._argon2.verify(kept or self._nobodys, _bytes(password)) and bool(kept)
            except (VerificationError, InvalidHashError):
                return False

    def is_outdated(self, kept: str) -> bool:
        """Whether the hash was made at another cost than ours."""
        return self._argon2.check_needs_rehash(kept)


def weaknesses(profile: Profile, name: str, password: str) -> tuple[Weakness, ...]:
    """What is wrong with a password of account `name`; that it was used before only hashes can say."""
    spelled = _spelled(password)
    plain = spelled.casefold()
    found = {
        Weakness.TOO_SHORT: len(spelled) < profile.least_chars,
        Weakness.TOO_LONG: len(password) > _MOST_CHARS,
        Weakness.FEW_CLASSES: _classes(spelled) < profile.least_classes,
        Weakness.HAS_NAME: name in (plain, plain[::-1]) or (len(name) >= _NAME_CHARS and name in plain),
        Weakness.COMMON: common.is_common(plain),
    }
    return tuple(weakness for weakness, is_there in found.items() if is_there)


def was_used(hasher: Hasher, past: Sequence[str], password: str) -> bool:
    """Whether it is one of the past passwords."""
    return any(hasher.verify(kept, password) for kept in past)


def remembered(profile: Profile, past: Sequence[str], kept: str) -> tuple[str, ...]:
    """The past hashes with a new one in front, as many as the profile asks for, and always the present one."""
    return (kept, *past)[: max(1, profile.keep_past)]


def is_expired(profile: Profile, changed_at: float, now: float) -> bool:
    """Whether it is so old that it must be changed."""
    return profile.rotate_s is not None and now - changed_at > profile.rotate_s


def _spelled(password: str) -> str:
    """One spelling for what looks the same, so that another keyboard or input method does not shut somebody out."""
    return unicodedata.normalize("NFKC", password[: _MOST_CHARS + 1])


def _bytes(password: str) -> bytes:
    return _spelled(password).encode("utf-8", "surrogatepass")  # JSON can bring half a character


def _classes(password: str) -> int:
    tests = (str.islower, str.isupper, str.isdigit)
    kinds = {next((number for number, test in enumerate(tests) if test(char)), len(tests)) for char in password}
    return len(kinds)
