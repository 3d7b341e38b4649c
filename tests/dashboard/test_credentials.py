import stat
from pathlib import Path

import pytest

from dashboard import credentials
from dashboard.settings import Settings


def test_generated_keys_stay_the_same_and_are_ours_alone(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    assert credentials.secret_key(settings) == credentials.secret_key(settings)
    assert credentials.sources(settings) == credentials.sources(settings)
    assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o600}


def test_what_the_operator_set_wins(tmp_path: Path) -> None:
    given = Settings(
        data_dir=tmp_path,
        secret_key="a key of more than sixteen",
        sources={"cad": {"token": "t", "crs": "gcj02"}},
    )
    assert credentials.secret_key(given) == b"a key of more than sixteen"
    assert credentials.sources(given)["cad"].crs == "gcj02"
    assert not list(tmp_path.iterdir())


def test_a_short_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="needs 16"):
        credentials.secret_key(Settings(data_dir=tmp_path, secret_key="short"))
