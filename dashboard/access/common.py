"""Common passwords: what attackers try first. A list, and the patterns by which people make "new" ones from it."""

import re
from functools import cache
from pathlib import Path

_LIST = Path(__file__).parent / "common_passwords.txt"
_LOOKS = str.maketrans({"@": "a", "4": "a", "3": "e", "1": "i", "!": "i", "0": "o", "$": "s", "5": "s", "7": "t"})
_TRIMMINGS = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb")
_FEW_CHARS = 4  # a password of no more different characters is a pattern


def is_common(password: str) -> bool:
    """Whether a password (casefolded) is on the list, or on it but for its trimmings, or one plain pattern."""
    known = _known()
    word = _TRIMMINGS.sub("", password)
    spellings = {password, word, password.translate(_LOOKS), word.translate(_LOOKS), _looked(password)}
    return bool(spellings & known) or len(set(password)) <= _FEW_CHARS or _is_run(password)


def _looked(password: str) -> str:
    """The word under look-alikes and trimmings: p@ssw0rd!2024 is password."""
    return _TRIMMINGS.sub("", re.sub(r"[\d\W_]+$", "", password).translate(_LOOKS))


def _is_run(password: str) -> bool:
    """Whether it is made of runs along the alphabet, the digits or the keyboard, forth or back."""
    rest = password
    while rest:
        length = max(_run(rest), 0)
        if length < 3:
            return False
        rest = rest[length:]
    return True


def _run(text: str) -> int:
    """How many characters from the start lie side by side in one row."""
    rows = (*_ROWS, *(row[::-1] for row in _ROWS))
    return (
        max(_shared(text, row[start:]) for row in rows for start in range(len(row)) if row[start] == text[0])
        if any(text[0] in row for row in rows)
        else 0
    )


def _shared(text: str, row: str) -> int:
    length = 0
    while length < min(len(text), len(row)) and text[length] == row[length]:
        length += 1
    return length


@cache
def _known() -> frozenset[str]:
    return frozenset(_LIST.read_text(encoding="utf-8").split())
