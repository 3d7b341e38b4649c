from pathlib import Path

import pypdfium2 as pdfium
import pytest

from dashboard.printing import Printer, PrintingError
from tests import chromium

ASSETS = Path(__file__).parents[2] / "assets"


@pytest.mark.browser
@pytest.mark.skipif(chromium.path() is None, reason="no Chromium")
def test_a_page_becomes_a_pdf_with_its_text() -> None:
    script = '<script>document.body.textContent=""</script>'
    html = f"<!doctype html><html><body><h1>事件复盘</h1><p>Page</p>{script}</body></html>"
    document = pdfium.PdfDocument(Printer(ASSETS).print(html))
    assert "事件复盘" in document[0].get_textpage().get_text_range()
    document.close()


def test_style_sheets_are_taken_in_and_scripts_left_out() -> None:
    html = '<link rel="stylesheet" href="/assets/theme.css"><script src="/assets/a.js" defer></script><p>x</p>'
    alone = Printer(ASSETS).alone(html)
    assert "--ground" in alone and "<script" not in alone and "<link" not in alone


def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(PrintingError, match="fonts-noto-cjk"):
        Printer(ASSETS).print("<p>x</p>")


@pytest.mark.parametrize("browser", ["/bin/false", "/nowhere/chromium"])
def test_a_browser_that_fails_is_said(browser: str) -> None:
    with pytest.raises(PrintingError, match="did not print"):
        Printer(ASSETS, browser, 5).print("<p>x</p>")


def test_a_browser_that_hangs_is_killed_with_what_it_began(tmp_path: Path) -> None:
    hangs, began = tmp_path / "browser", tmp_path / "began"
    hangs.write_text(f"#!/bin/sh\nsleep 60 &\necho $! > {began}\nwait\n")
    hangs.chmod(0o755)
    with pytest.raises(PrintingError, match="within 1 s"):
        Printer(ASSETS, str(hangs), 1).print("<p>x</p>")
    state = Path(f"/proc/{began.read_text().strip()}/stat")
    assert not state.exists() or state.read_text().rpartition(")")[2].split()[0] in "ZX"
