"""Settings: from the environment (WALL_...), then wall.toml, then the defaults below. Read once, at the start."""

import hashlib
import os
import re
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, SecretStr, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from dashboard import source_names
from dashboard.briefing.schedule import Schedule
from dashboard.playlist import Playlist

_SECRET = re.compile("password|token|secret|key|url", re.IGNORECASE)
_TOKEN_CHARS = 16
_AUDIT_DAYS = 180  # Cybersecurity Law, article 21: logs are kept for six months
_PACKAGED_DISTRICTS = Path(__file__).parent / "districts"


class SourceSettings(BaseModel):
    """Who may send to the intake, and in which coordinates."""

    token: SecretStr
    crs: Literal["wgs84", "cgcs2000", "gcj02", "bd09"]
    kinds: tuple[str, ...] = ()
    requests_per_s: float = 200
    records_per_s: float = 40_000


class OidcSettings(BaseModel):
    """An identity provider, and what its claims make of somebody here."""

    issuer: str
    client_id: str
    client_secret: SecretStr
    name_claim: str = "preferred_username"
    title_claim: str = "name"
    role_claim: str = "groups"  # a word or a list of words
    roles: dict[str, str]  # word of the claim -> role; the first one here that somebody has counts
    centre_claim: str = ""  # none: everybody belongs to the district
    centres: dict[str, str] = Field(default_factory=dict)  # word of the claim -> centre; others: the word is the code
    scope: str = "openid profile"
    second_factor: str = "mfa"  # in `amr`: the provider has asked for a second factor, and we do not


class Settings(BaseSettings):
    """Everything an operator can set; `python app.py settings` prints it with where each value came from."""

    model_config = SettingsConfigDict(
        env_prefix="WALL_", toml_file=os.environ.get("WALL_CONFIG", "wall.toml"), extra="forbid"
    )

    host: str = Field("127.0.0.1", description="address to listen on; anything but loopback shows the wall to others")
    port: int = Field(8050, ge=0, le=65535, description="port of the web process")
    redis_url: SecretStr | None = Field(
        None, description="state server, Redis >= 7 or Valkey >= 8; none: an embedded Valkey"
    )
    data_dir: Path = Field(Path("data"), description="state server's files, stills, generated keys")
    district: Path = Field(
        _PACKAGED_DISTRICTS / "baoan", description="folder of the district, or the name of a packaged one"
    )
    feeds: dict[str, dict[str, Any]] = Field(
        default_factory=dict, description="feeds by name; none: the demonstration day is simulated"
    )
    routes: dict[str, dict[str, Any]] = Field(
        default_factory=dict, description="ways by which orders reach units; none: they are told by radio"
    )
    demonstration: bool | None = Field(
        None,
        description="simulate a day; default: only if no feed is configured and the district is a demonstration",
    )
    sources: dict[str, SourceSettings] = Field(
        default_factory=dict,
        description="who may send to the intake; none: one source with a generated token",
    )
    secret_key: SecretStr | None = Field(
        None, description="signs links to stills; none: generated into the data folder"
    )
    password_profile: Literal["dengbao3", "asvs"] = Field(
        "dengbao3", description="which passwords are good: GB/T 22239 level 3 in practice, or OWASP ASVS 5.0"
    )
    idle_minutes: float = Field(30.0, ge=1, description="a session in which nobody acts for so long ends")
    session_hours: float = Field(12.0, gt=0, description="a session ends at the latest after so long")
    public_url: str = Field("", description="where browsers find the pages, for links; none: host and port")
    tls_cert: Path | None = Field(None, description="certificate chain (PEM), to serve by TLS without a proxy")
    tls_key: Path | None = Field(None, description="its key (PEM)")
    trusted_proxy: str = Field(
        "", description="addresses or networks of the TLS proxy whose X-Forwarded headers are believed, by commas"
    )
    metrics_token: SecretStr | None = Field(
        None, description="Bearer for /metrics and /readyz from elsewhere; none: from this machine alone"
    )
    oidc: OidcSettings | None = Field(
        None, description="identity provider (OpenID Connect); none: local accounts alone"
    )
    tile_url: str = Field("", description="XYZ tiles under the map; none: the district's own outlines only")
    video_url: str = Field(
        "",
        description="live view of a camera: address with {device} at a gateway for HLS (.m3u8) or WebRTC (/whep)",
    )
    clip_url: str = Field(
        "",
        description="recording of an alert: address of an MP4 with {device}, {from} and {to} (epoch s); none: no clips",
    )
    theme: Literal["dark", "light"] = Field("dark", description="the wall's theme; ?theme= overrides it")
    language: Literal["zh", "en"] = Field("zh", description="the wall's first language; ?lang= overrides it")
    playlist: Playlist = Field(
        default_factory=Playlist, description="which page walls show when, by the time of day; none: they do not turn"
    )
    viewing_distance_m: float = Field(8.0, gt=0, description="from where the wall is read")
    pixel_pitch_mm: float = Field(1.25, gt=0, description="of the wall's display")
    wall_clients: int = Field(250, ge=1, description="how many screens one web process serves")
    journal_keep_days: float = Field(7.0, gt=0, description="how long the journal stays in the state server")
    audit_keep_days: float = Field(365.0, description="age at which a sealed day of the audit trail is deleted, >= 180")
    audit_hash: Literal["sha256", "sm3"] = Field(
        "sha256", description="hash of the audit trail's new rows; sm3 where OpenSSL has it"
    )
    archive_url: str = Field(
        "",
        description="where history is kept: a folder, or s3://bucket/prefix?endpoint_override=...; none: data/archive",
    )
    archive_every_s: float = Field(60.0, ge=1, description="how often the streams are moved into the archive")
    checkpoint_s: float = Field(60.0, ge=5, description="how often the whole situation is kept for replays")
    briefing_dir: Path | None = Field(
        None, description="where weekly briefings are delivered; none: briefings in the data folder"
    )
    briefing_schedule: Schedule = Field(
        default_factory=Schedule, description="when briefings are made, in which languages, and who gets them by mail"
    )
    smtp_url: SecretStr | None = Field(
        None, description="mail server, smtp://, smtp+tls:// or smtps://[user:password@]host:port; none: no mail"
    )
    mail_from: str = Field("wall135@localhost", description="sender of the mails")
    replays: int = Field(8, ge=1, description="how many replays run at once")
    tracks_keep_days: float = Field(30.0, ge=1, description="age at which tracks and replays are deleted")
    history_keep_days: float = Field(3650.0, ge=180, description="age at which records and figures are deleted, >= 180")
    fixes_keep_s: float = Field(600.0, ge=120, description="how long positions stay in the state server")
    memory_mb: int = Field(2048, ge=128, description="limit of the embedded state server; it never evicts")
    stills_mb: int = Field(2048, ge=1, description="limit of the stored video stills")
    stills_keep_days: float = Field(30.0, gt=0, description="age at which a still is deleted")

    @field_validator("audit_keep_days")
    @classmethod
    def _six_months(cls, days: float) -> float:
        if not days >= _AUDIT_DAYS:
            raise ValueError(
                f"WALL_AUDIT_KEEP_DAYS is {days:g}: the audit trail is kept for {_AUDIT_DAYS} days or more"
            )
        return days

    @field_validator("sources", "feeds")
    @classmethod
    def _are_not_ours(cls, named: dict[str, Any]) -> dict[str, Any]:
        for name in named:
            source_names.check(name)
        return named

    @field_validator("metrics_token")
    @classmethod
    def _is_long(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and len(token.get_secret_value()) < _TOKEN_CHARS:
            raise ValueError(f"WALL_METRICS_TOKEN needs {_TOKEN_CHARS} characters or more")
        return token

    @field_validator("audit_hash")
    @classmethod
    def _is_here(cls, name: str) -> str:
        if name not in hashlib.algorithms_available:
            raise ValueError(f"the OpenSSL of this machine has no {name}")
        return name

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over wall.toml, code (tests) over both."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    def district_folder(self) -> Path:
        """The district's folder: a path, or the name of a packaged district."""
        packaged = _PACKAGED_DISTRICTS / self.district.name
        return self.district if self.district.exists() or not packaged.exists() else packaged

    def address(self) -> str:
        """Where browsers find the pages."""
        shown = "localhost" if self.is_loopback() else self.host
        scheme = "https" if self.tls_cert is not None else "http"
        return self.public_url.rstrip("/") or f"{scheme}://{shown}:{self.port}"

    def is_tls(self) -> bool:
        """Whether browsers reach the pages by TLS, ours or the declared proxy's."""
        return self.tls_cert is not None or bool(self.trusted_proxy)

    def is_loopback(self) -> bool:
        """Whether only this machine can reach the pages."""
        return self.host in {"127.0.0.1", "::1", "localhost"}


def describe(settings: Settings) -> list[tuple[str, str, str, str]]:
    """Name, value (secrets masked), where it came from and what it means, one row a setting."""
    toml = TomlConfigSettingsSource(Settings)()
    rows = []
    for name, field in Settings.model_fields.items():
        variable = f"WALL_{name.upper()}"
        origin = variable if variable in os.environ else "wall.toml" if name in toml else "default"
        rows.append((variable, str(_masked(getattr(settings, name))), origin, field.description or ""))
    return rows


def _masked(value: Any) -> Any:
    """The same without what opens doors: feeds hold passwords and addresses with passwords in them."""
    if not isinstance(value, dict):
        return value
    return {
        name: "**********" if _SECRET.search(name) and isinstance(inner, str) else _masked(inner)
        for name, inner in value.items()
    }
