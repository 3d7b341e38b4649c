import re
from pathlib import Path

from dashboard import messages

LIVE = (Path(__file__).parents[2] / "assets" / "live.js").read_text()


def test_browser_handles_each_message_and_no_other() -> None:
    handled = set(re.findall(r'socket\.on\("(\w+)"', LIVE)) - {"connect", "connect_error", "disconnect"}
    assert handled == set(messages.TO_BROWSER)


def test_browser_sends_each_message_and_no_other() -> None:
    assert set(re.findall(r'\.emit\("(\w+)"', LIVE)) == set(messages.TO_SERVER)


def test_only_live_opens_a_socket() -> None:
    for script in (Path(__file__).parents[2] / "assets").glob("*.js"):
        assert ("window.io(" in script.read_text()) == (script.name == "live.js"), script.name


def test_silence_is_noticed_within_ten_seconds() -> None:
    assert messages.HEARTBEAT_S < messages.SILENCE_S < 10
