import logging

import pytest
from msgspec.structs import replace

from dashboard.access import opening
from dashboard.access.accounts import Accounts
from dashboard.access.vault import is_sealed
from tests.dashboard.access.ground import Ground

NOBODY = "redis://127.0.0.1:1"


def test_who_opens_the_first_pages_is_shown_the_way_in(ground: Ground, capsys: pytest.CaptureFixture[str]) -> None:
    opening.invite(ground.access, "https://wall.local")
    said = capsys.readouterr().out
    assert "within a day: https://wall.local/setup?token=" in said
    assert ground.access.link(said.strip().partition("token=")[2])


def test_nobody_is_invited_where_there_is_an_account(ground: Ground, capsys: pytest.CaptureFixture[str]) -> None:
    ground.somebody()
    opening.invite(ground.access, "https://wall.local")
    assert capsys.readouterr().out == ""


def test_what_an_earlier_version_kept_in_plain_text_is_sealed_and_said_once(
    ground: Ground, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    li = ground.somebody()
    Accounts(url).change("li", lambda known: replace(known, totp_secret=li.secret))
    with caplog.at_level(logging.INFO):
        for _ in range(2):
            opening.seal_secrets(ground.access)
    assert is_sealed(Accounts(url).find("li").totp_secret)
    (said,) = caplog.messages
    assert said.startswith("sealed the second factors of 1 accounts")


def test_the_pages_open_without_a_state_server_and_it_is_said(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    away = Ground(NOBODY).access
    opening.invite(away, "https://wall.local")
    opening.seal_secrets(away)
    assert [said.partition(":")[0] for said in caplog.messages] == [
        "nobody could be invited to make the first account",
        "secrets of second factors could not be looked through",
    ]
    assert capsys.readouterr().out == ""
