"""Mail: a briefing to those who want it, with its files. What the server has taken is not sent again."""

import smtplib
import ssl
from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

_SECONDS = 30.0
_FOR_GOOD = 500  # SMTP's answers from here on; below, another try may help
_TYPES = {
    ".pdf": ("application", "pdf"),
    ".pptx": ("application", "vnd.openxmlformats-officedocument.presentationml.presentation"),
    ".xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


class PostError(RuntimeError):
    """The mail could not be handed over; the text says why."""


class Letter(NamedTuple):
    """One mail."""

    id: str  # the same when it is sent again: mail servers and readers know it for the same mail
    recipients: Sequence[str]
    subject: str
    text: str
    files: Sequence[Path]


class Answer(NamedTuple):
    """What became of a mail; who is in neither has got it."""

    refused: dict[str, str]  # for good (5xx), and why
    later: dict[str, str]  # for now (4xx)


def send(url: str, sender: str, letter: Letter) -> Answer:
    """Hand a mail over: `smtp://`, `smtp+tls://` (STARTTLS) or `smtps://`, [user:password@]host:port.

    Who is refused does not keep the others from theirs. Raises PostError where the server takes no mail at all.
    """
    parts = urlsplit(url)
    message = compose(sender, letter)
    try:
        with _connected(parts.scheme, parts.hostname or "", parts.port) as server:
            if parts.scheme == "smtp+tls":
                server.starttls(context=ssl.create_default_context())
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            not_taken = _handed(server, message, sender, letter.recipients)
    except (OSError, ValueError, smtplib.SMTPException) as error:
        raise PostError(f"{parts.hostname}: {error}") from error
    told = {who: (code, f"{code} {why.decode(errors='replace')}") for who, (code, why) in not_taken.items()}
    return Answer(
        {who: why for who, (code, why) in told.items() if code >= _FOR_GOOD},
        {who: why for who, (code, why) in told.items() if code < _FOR_GOOD},
    )


def _handed(
    server: smtplib.SMTP, message: EmailMessage, sender: str, recipients: Sequence[str]
) -> dict[str, tuple[int, bytes]]:
    """Who was not taken; smtplib raises where that is everybody."""
    try:
        return server.send_message(message, sender, list(recipients))
    except smtplib.SMTPRecipientsRefused as error:
        return error.recipients


def compose(sender: str, letter: Letter) -> EmailMessage:
    """The mail as it goes out."""
    message = EmailMessage()
    message["From"], message["To"] = sender, ", ".join(letter.recipients)
    message["Subject"], message["Date"] = letter.subject, formatdate(localtime=True)
    message["Message-ID"] = f"<{letter.id}@wall135.invalid>"
    message.set_content(letter.text)
    for path in letter.files:
        main, sub = _TYPES[path.suffix]
        message.add_attachment(path.read_bytes(), maintype=main, subtype=sub, filename=path.name)
    return message


def _connected(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port or 465, timeout=_SECONDS, context=ssl.create_default_context())
    if scheme not in ("smtp", "smtp+tls"):
        raise PostError(f"WALL_SMTP_URL: {scheme}:// is no mail server; there are smtp://, smtp+tls:// and smtps://")
    return smtplib.SMTP(host, port or 25, timeout=_SECONDS)
