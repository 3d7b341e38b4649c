import socket
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from dashboard.briefing.post import Letter, PostError, send


class Inbox:
    """What a real mail server took."""

    def __init__(self) -> None:
        self.mails: list[tuple[list[str], bytes]] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address.startswith("nobody"):
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append((list(envelope.rcpt_tos), bytes(envelope.content)))
        return "250 taken"


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, str]]:
    box = Inbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, f"smtp://127.0.0.1:{port}"
    controller.stop()


def letter(folder: Path, *recipients: str) -> Letter:
    path = folder / "briefing.xlsx"
    path.write_bytes(b"numbers")
    return Letter(recipients, "宝安区 每周简报", "要点", [path])


def test_a_mail_arrives_with_its_files(inbox: tuple[Inbox, str], tmp_path: Path) -> None:
    box, url = inbox
    assert send(url, "wall@example.org", letter(tmp_path, "a@example.org", "b@example.org")) == {}
    ((recipients, content),) = box.mails
    message = message_from_bytes(content)
    (attached,) = [part for part in message.walk() if part.get_filename()]
    assert recipients == ["a@example.org", "b@example.org"]
    assert (attached.get_filename(), attached.get_payload(decode=True)) == ("briefing.xlsx", b"numbers")


def test_who_is_refused_is_told_and_the_others_get_theirs(inbox: tuple[Inbox, str], tmp_path: Path) -> None:
    box, url = inbox
    refused = send(url, "wall@example.org", letter(tmp_path, "a@example.org", "nobody@example.org"))
    assert list(refused) == ["nobody@example.org"] and "no such person" in refused["nobody@example.org"]
    assert box.mails[0][0] == ["a@example.org"]


@pytest.mark.parametrize("url", ["smtp://127.0.0.1:1", "ftp://127.0.0.1"])
def test_a_server_that_is_away_or_none_is_said(url: str, tmp_path: Path) -> None:
    with pytest.raises(PostError):
        send(url, "wall@example.org", letter(tmp_path, "a@example.org"))
