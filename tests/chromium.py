"""The browser of the tests: Debian's Chromium, or Chrome, without a screen."""

import shutil

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def path() -> str | None:
    """Where it is."""
    return shutil.which("chromium") or shutil.which("google-chrome")
