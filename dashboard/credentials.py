"""Tokens and keys: those that the operator set, else ones generated once into the data folder, readable by us alone."""

import contextlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path

import msgspec

from dashboard.settings import Settings, SourceSettings

_LOCAL = "local"  # the one source that exists when the operator named none
_LEAST_KEY_CHARS = 16


def secret_key(settings: Settings) -> bytes:
    """The key that signs links; raises ValueError for one that is too short to be a key."""
    if settings.secret_key is not None:
        key = settings.secret_key.get_secret_value()
        if len(key) < _LEAST_KEY_CHARS:
            raise ValueError(f"WALL_SECRET_KEY has {len(key)} characters; it needs {_LEAST_KEY_CHARS} or more")
        return key.encode()
    return _once(settings.data_dir / "secret_key", lambda: secrets.token_bytes(32))


def sources(settings: Settings) -> dict[str, SourceSettings]:
    """Who may send to the intake, by name."""
    if settings.sources:
        return settings.sources
    generated = _once(
        settings.data_dir / "sources.json",
        lambda: msgspec.json.encode({_LOCAL: {"token": secrets.token_urlsafe(24), "crs": "wgs84"}}),
    )
    return {name: SourceSettings(**fields) for name, fields in msgspec.json.decode(generated).items()}


def _once(path: Path, make: Callable[[], bytes]) -> bytes:
    """The file's content; made first, by whoever comes first, where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(make())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)  # fails where another process was first: then its content is the one
        draft.unlink()
    return path.read_bytes()
