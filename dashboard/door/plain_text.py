"""Text from outside made plain: nothing in it moves the cursor, turns the writing direction or hides."""

import re
import unicodedata

# Controls, direction marks and overrides, zero-width marks, separators of lines and paragraphs, surrogates.
# U+200C and U+200D stay: scripts and emoji need them.
_HIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)
_BREAKS = re.compile("[\t\n\x0b\x0c\r\x85\u2028\u2029]+")


def plain(text: str) -> str:
    """The text in NFC, with hidden characters removed and line breaks as spaces."""
    if text.isprintable() and (text.isascii() or unicodedata.is_normalized("NFC", text)):
        return text
    return unicodedata.normalize("NFC", _BREAKS.sub(" ", _HIDDEN.sub("", text))).strip()


def plain_lines(text: str) -> str:
    """The text with its lines kept, each of them plain."""
    return "\n".join(plain(line).rstrip() for line in text.splitlines()).strip()


def is_plain_identifier(text: str) -> bool:
    """Whether an identifier can be kept as it is.

    Identifiers are never repaired: two different ones could become the same.
    """
    return bool(text.strip()) and not _HIDDEN.search(text) and not _BREAKS.search(text)


def shown(text: str, limit: int = 60) -> str:
    """The text as it may stand inside a sentence: plain, and no longer than `limit`."""
    short = plain(text[: limit + 1])
    return short if len(short) <= limit else short[: limit - 1] + "…"
