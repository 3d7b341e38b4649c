"""Tokens: 32 random bytes that are shown once; only what `fingerprint` makes of them is kept."""

import hashlib
import secrets

_BYTES = 32
_CHARS = 32  # of the SHA-256 in hex: 128 bits, beyond any search for a second token that has them


def new() -> str:
    """A token that nobody can guess."""
    return secrets.token_urlsafe(_BYTES)


def fingerprint(token: str) -> str:
    """What is kept of a token: it finds the token's owner, and the token cannot be made from it."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()[:_CHARS]
