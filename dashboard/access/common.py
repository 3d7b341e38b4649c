"""Common passwords: what attackers try first. A list, and the habits by which people make "new" ones from it."""

import re
from functools import cache
from pathlib import Path

_LIST = Path(__file__).parent / "common_passwords.txt"
_LOOK_ALIKES = str.maketrans("@4310!$57", "aaeioisst")
_TRIMMING_CHARS = 6  # more of them around a word make it a password of its own
_FEW_CHARS = 4  # no more different characters than these are a pattern
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn")
_TRIPLES = {row[at : at + 3] for each in _ROWS for row in (each, each[::-1]) for at in range(len(row) - 2)}
_STRAY_CHARS = 2  # so many beside the runs change nothing


def is_common(password: str) -> bool:
    """Whether a password (casefolded) is on the list, bare or dressed up, or a plain pattern."""
    repeated = re.fullmatch(r"(.+?)\1+", password)
    if repeated:
        return len(repeated[1]) <= _TRIMMING_CHARS or is_common(repeated[1])
    return len(set(password)) <= _FEW_CHARS or _is_run(password) or not _bare(password).isdisjoint(_known())


def _bare(password: str) -> set[str]:
    """The password, and the words it may be made of: p@ssw0rd!2024 is password."""
    tailless = re.sub(r"[\W\d_]+$", "", password)
    words = {tailless, re.sub(r"^[\W\d_]+", "", tailless), re.sub(r"[\W_]+$", "", password)}
    close = {word for word in words if len(password) - len(word) <= _TRIMMING_CHARS}
    return {password} | close | {word.translate(_LOOK_ALIKES) for word in close | {password}}


def _is_run(password: str) -> bool:
    """Whether it runs along the alphabet, the digits or the keyboard, forth or back."""
    covered = {
        at + offset for at in range(len(password) - 2) for offset in range(3) if password[at : at + 3] in _TRIPLES
    }
    return bool(covered) and len(password) - len(covered) <= _STRAY_CHARS


@cache
def _known() -> frozenset[str]:
    lines = _LIST.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))
