from pathlib import Path
from typing import Any

import pytest

from dashboard import exposure
from dashboard.settings import Settings

PEM = Path("cert.pem")


def missing(has_account: bool = False, **settings: Any) -> str:
    try:
        exposure.check(Settings(**settings), has_account)
    except exposure.Exposed as error:
        return str(error)
    return ""


def test_on_loopback_nothing_is_asked() -> None:
    for host in ("127.0.0.1", "::1", "localhost"):
        assert not missing(host=host)


def test_whoever_shows_the_pages_to_others_is_told_all_that_is_missing() -> None:
    said = missing(host="0.0.0.0")
    for word in ("WALL_SECRET_KEY", "WALL_TLS_CERT", "WALL_TRUSTED_PROXY", "administrator"):
        assert word in said


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"trusted_proxy": "10.0.0.1"}, "WALL_SECRET_KEY"),
        ({"secret_key": "k" * 32}, "WALL_TLS_CERT"),
        ({"secret_key": "k" * 32, "tls_cert": PEM}, "go together"),
        ({"secret_key": "k" * 32, "trusted_proxy": "proxy.local"}, "WALL_TRUSTED_PROXY"),
    ],
)
def test_each_of_them_is_asked_for(settings: dict[str, Any], word: str) -> None:
    assert word in missing(True, host="0.0.0.0", **settings)


def test_an_account_is_asked_for_even_where_all_else_is_there() -> None:
    settings = {"host": "0.0.0.0", "secret_key": "k" * 32, "tls_cert": PEM, "tls_key": PEM}
    assert "administrator" in missing(False, **settings)
    assert not missing(True, **settings)
    assert not missing(True, host="10.0.0.5", secret_key="k" * 32, trusted_proxy="10.0.0.1, 10.1.0.0/16")


def test_addresses_are_found_in_their_networks() -> None:
    trusted = exposure.networks("10.0.0.1, 10.1.0.0/16,2001:db8::/32")
    assert exposure.is_in(trusted, "10.1.255.1")
    assert exposure.is_in(trusted, "::ffff:10.0.0.1")
    assert exposure.is_in(trusted, "2001:db8::1")
    assert not exposure.is_in(trusted, "10.0.0.2")
    assert not exposure.is_in(trusted, "unix:")
