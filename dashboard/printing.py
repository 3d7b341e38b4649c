"""PDF of an HTML page, by the machine's own Chromium: what is printed is what is seen. No network, no script."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_SHEET = re.compile(r'<link rel="stylesheet" href="/assets/([\w.-]+\.css)">')
_SCRIPT = re.compile(r"<script\b[^>]*>.*?</script>", re.DOTALL)
_SECONDS = 60.0
_FLAGS = (
    "--headless=new",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--no-first-run",
    "--no-pdf-header-footer",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)


_ONE = threading.Lock()  # a browser takes a core and some hundred megabytes


class PrintingError(RuntimeError):
    """The page cannot be printed; the text says what is missing."""


class Printer:
    """Prints pages that need nothing but style sheets of the assets folder."""

    def __init__(self, assets: Path, browser: str = "", seconds: float = _SECONDS) -> None:
        """`browser`: the command; none: the first of the usual names that is there."""
        self._assets = assets
        self._browser = browser
        self._seconds = seconds

    def print(self, html: str) -> bytes:
        """The PDF of a whole page. Raises PrintingError."""
        browser = self._browser or next(filter(None, map(shutil.which, _NAMES)), None)
        if browser is None:
            raise PrintingError("PDF needs Chromium and a font with Chinese (Debian: chromium, fonts-noto-cjk)")
        with tempfile.TemporaryDirectory(prefix="wall-print-") as folder:
            page, made = Path(folder) / "page.html", Path(folder) / "page.pdf"
            page.write_text(self.alone(html), encoding="utf-8")
            # As root Chromium refuses to run in its sandbox; there is no script and no network for it to be kept from.
            root = ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
            command = [
                browser,
                *_FLAGS,
                *root,
                f"--user-data-dir={folder}/profile",
                f"--print-to-pdf={made}",
                str(page),
            ]
            with _ONE:
                said = _run(command, self._seconds)
            if not made.exists():
                why = said.strip().splitlines()[-1:] or ["it gave no reason"]
                raise PrintingError(f"Chromium did not print ({why[0]})")
            return made.read_bytes()

    def alone(self, html: str) -> str:
        """The page with its style sheets in it and without scripts, so that a file of it needs no server."""

        def sheet(found: re.Match[str]) -> str:
            return f"<style>{(self._assets / found[1]).read_text(encoding='utf-8')}</style>"

        return _SCRIPT.sub("", _SHEET.sub(sheet, html))


def _run(command: list[str], seconds: float) -> str:
    """What it said; after its time it is killed, with the processes that it began. Raises PrintingError."""
    try:
        running = subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
            text=True,
            errors="replace",
        )
    except OSError as error:
        raise PrintingError(f"Chromium did not print ({error})") from error
    with running:
        try:
            return running.communicate(timeout=seconds)[1]
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            raise PrintingError(f"Chromium did not print within {seconds:g} s") from None
