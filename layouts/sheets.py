"""Tables that leave the system, as CSV or Excel: marked in their first row, and harmless to whatever opens them."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

MOST_ROWS = 50_000
MEDIA_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")  # what XML cannot hold, and line ends of old machines


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula: https://owasp.org/www-community/attacks/CSV_Injection."""
    plain = _CONTROL.sub(" ", text)
    return f"'{plain}" if text.startswith(_FORMULA) else plain


def build(kind: str, mark: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A file of that kind: the mark, the head, the rows."""
    safe = ([harmless(cell) for cell in row] for row in rows)
    return _csv(mark, head, safe) if kind == "csv" else _xlsx(mark, head, safe)


def _csv(mark: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    into = io.StringIO()
    writer = csv.writer(into)
    writer.writerows([[harmless(mark)], head])
    writer.writerows(rows)
    return into.getvalue().encode("utf-8-sig")  # with its mark: Excel takes it for the local code page otherwise


def _xlsx(mark: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    from openpyxl import Workbook  # here: it costs each start of a process 0.1 s

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A3"
    sheet.oddHeader.center.text = sheet.oddFooter.center.text = mark.replace("&", "&&")[:200]  # on every printed page
    sheet.append([harmless(mark)])
    sheet.append(list(head))
    for row in rows:
        sheet.append(list(row))
    into = io.BytesIO()
    book.save(into)
    return into.getvalue()
