"""The vault: secrets that must be read again, as the state server keeps them. Only the installation's secret key opens
them, so whoever has a copy of the state server's files has no second factor of anybody.
"""

import base64
import binascii
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_MARK = "v1."  # no secret of an authenticator has a full stop: those without it are from before the vault
_KEY_BYTES, _NONCE_BYTES = 32, 12
_PURPOSE = b"wall135 second factor"


class Unreadable(Exception):
    """It was sealed under another key, or for somebody else, or was changed."""


class Vault:
    """Seals and opens, by AES-256-GCM under a key of its own (HKDF, RFC 5869)."""

    def __init__(self, key: bytes) -> None:
        """`key`: the installation's secret key."""
        self._cipher = AESGCM(HKDF(SHA256(), _KEY_BYTES, salt=None, info=_PURPOSE).derive(key))

    def seal(self, secret: str, owner: str) -> str:
        """What is kept of a secret; it opens for its owner alone."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = nonce + self._cipher.encrypt(nonce, secret.encode(), owner.encode())
        return _MARK + base64.urlsafe_b64encode(sealed).decode()

    def open(self, kept: str, owner: str) -> str:
        """The secret; one from before the vault is as it is. Raises Unreadable."""
        if not is_sealed(kept):
            return kept
        try:
            sealed = base64.urlsafe_b64decode(kept.removeprefix(_MARK))
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], owner.encode()).decode()
        except (InvalidTag, binascii.Error, ValueError):
            raise Unreadable(owner) from None


def is_sealed(kept: str) -> bool:
    """Whether it is as `seal` made it."""
    return kept.startswith(_MARK)
