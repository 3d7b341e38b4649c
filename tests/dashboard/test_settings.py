from pathlib import Path

import pytest
from pydantic import ValidationError

from dashboard.settings import Settings, describe


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wall.toml").write_text('port = 9000\ntheme = "light"\n', encoding="utf-8")
    monkeypatch.setenv("WALL_PORT", "9001")
    settings = Settings()
    assert (settings.port, settings.theme) == (9001, "light")


def test_an_unknown_setting_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wall.toml").write_text("prot = 9000\n", encoding="utf-8")
    with pytest.raises(ValidationError, match="prot"):
        Settings()


def test_the_list_of_settings_masks_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WALL_SECRET_KEY", "a key that nobody should read")
    monkeypatch.setenv("WALL_REDIS_URL", "redis://:hidden@127.0.0.1:6379/0")
    monkeypatch.setenv("WALL_FEEDS", '{"field": {"type": "mqtt", "password": "hidden too"}}')
    rows = {name: (value, origin, meaning) for name, value, origin, meaning in describe(Settings())}
    assert not any("nobody" in value or "hidden" in value for value, _, _ in rows.values())
    assert rows["WALL_SECRET_KEY"][1] == "WALL_SECRET_KEY"
    assert rows["WALL_PORT"][1] == "default"
    assert all(meaning for _, _, meaning in rows.values())


def test_the_audit_trail_is_kept_for_six_months_or_the_wall_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings(audit_keep_days=180).audit_keep_days == 180
    for days in ("179", "nan", "-1"):
        monkeypatch.setenv("WALL_AUDIT_KEEP_DAYS", days)
        with pytest.raises(ValidationError, match="the audit trail is kept for 180 days or more"):
            Settings()


@pytest.mark.parametrize(
    ("setting", "table"),
    [("WALL_SOURCES", '{"token": "a token for the tests", "crs": "wgs84"}'), ("WALL_FEEDS", '{"type": "mqtt"}')],
)
def test_no_source_has_a_name_of_ours(monkeypatch: pytest.MonkeyPatch, setting: str, table: str) -> None:
    monkeypatch.setenv(setting, f'{{"cad": {table}}}')
    Settings()
    monkeypatch.setenv(setting, f'{{"cad": {table}, "desk": {table}}}')
    with pytest.raises(ValidationError, match="'desk' is a name of wall135's own: call this source something else"):
        Settings()


def test_a_token_that_can_be_guessed_is_none() -> None:
    assert Settings(metrics_token="0123456789abcdef").metrics_token
    with pytest.raises(ValidationError, match="WALL_METRICS_TOKEN needs 16 characters or more"):
        Settings(metrics_token="...")


def test_only_loopback_is_loopback() -> None:
    assert Settings(host="127.0.0.1").is_loopback()
    assert not Settings(host="0.0.0.0").is_loopback()


def test_a_packaged_district_is_found_by_its_name() -> None:
    assert Settings(district=Path("baoan")).district_folder().is_dir()
