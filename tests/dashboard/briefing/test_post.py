from collections.abc import Iterator
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path

import pytest

from dashboard.briefing.post import Letter, PostError, compose, send
from tests.dashboard.briefing.inbox import Inbox, serving


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, str]]:
    with serving() as found:
        yield found


def letter(folder: Path, *recipients: str) -> Letter:
    path = folder / "briefing.xlsx"
    path.write_bytes(b"numbers")
    return Letter("briefing-2026-11-16-440306", recipients, "宝安区 每周简报", "要点", [path])


def test_a_mail_arrives_with_its_files(inbox: tuple[Inbox, str], tmp_path: Path) -> None:
    box, url = inbox
    assert send(url, "wall@example.org", letter(tmp_path, "a@example.org", "b@example.org")) == ({}, {})
    ((recipients, content),) = box.mails
    message = message_from_bytes(content)
    (attached,) = [part for part in message.walk() if part.get_filename()]
    assert recipients == ["a@example.org", "b@example.org"]
    assert str(make_header(decode_header(message["Subject"]))) == "宝安区 每周简报"
    assert (attached.get_filename(), attached.get_payload(decode=True)) == ("briefing.xlsx", b"numbers")


def test_who_is_refused_is_told_and_the_others_get_theirs(inbox: tuple[Inbox, str], tmp_path: Path) -> None:
    box, url = inbox
    told = send(url, "wall@example.org", letter(tmp_path, "a@example.org", "nobody@example.org", "full@example.org"))
    assert list(told.refused) == ["nobody@example.org"] and "no such person" in told.refused["nobody@example.org"]
    assert list(told.later) == ["full@example.org"]
    assert box.mails[0][0] == ["a@example.org"]


def test_all_being_refused_is_no_fault_of_the_server(inbox: tuple[Inbox, str], tmp_path: Path) -> None:
    box, url = inbox
    told = send(url, "wall@example.org", letter(tmp_path, "nobody@example.org"))
    assert list(told.refused) == ["nobody@example.org"] and not box.mails


def test_a_mail_that_is_sent_again_has_the_same_id(tmp_path: Path) -> None:
    first, again = (compose("wall@example.org", letter(tmp_path, "a@example.org")) for _ in range(2))
    assert first["Message-ID"] == again["Message-ID"]


@pytest.mark.parametrize("url", ["smtp://127.0.0.1:1", "ftp://127.0.0.1"])
def test_a_server_that_is_away_or_none_is_said(url: str, tmp_path: Path) -> None:
    with pytest.raises(PostError):
        send(url, "wall@example.org", letter(tmp_path, "a@example.org"))
