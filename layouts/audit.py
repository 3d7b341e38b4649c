"""The auditors' page: rows of the audit trail by who, what, when and words; export with a reason; is it whole."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from dashboard.access import Role
from dashboard.audit.chain import Row
from dashboard.audit.inspection import Report
from dashboard.audit.trail import FORMATS
from dashboard.district import District
from layouts import words as write
from layouts.markup import Html, joined, tag
from layouts.plain_page import Look, both, button, choice, fault, field, form, page
from layouts.ways import ways

VERIFIED_DAYS = 7  # on the page; `python app.py audit verify` looks at all
_FILTERS = ("actor", "kind", "subject", "centre", "text")
_HEADS = ("seq", "at", "kind", "actor", "centre", "subject", "detail")
_SHORT = 140


class Shown(Struct, frozen=True):
    """What the page is about."""

    role: Role  # of who looks
    rows: Sequence[Row] = ()
    wish: Mapping[str, str] = {}  # the filter as it was typed
    older: int | None = None  # number before which older rows are to be had
    report: Report | None = None  # what a verification found
    fault: str = ""


def screen(look: Look, district: District, shown: Shown) -> Html:
    """The page."""
    words = look.words
    verify = form(button(words, "audit.verify", "plain"), action=look.link("/audit/verify"))
    return page(
        look,
        "audit.title",
        fault(shown.fault),
        _report(look, shown.report),
        _filter(look, shown.wish),
        _rows(look, district, shown),
        tag("h2", *both(words, "audit.export")),
        _export(look, shown.wish),
        ways(look, shown.role, verify),
        css="wide",
    )


def _report(look: Look, report: Report | None) -> Html:
    if report is None:
        return Html("")
    found, words = report.finding, look.words
    if found is not None:
        return fault(words("audit.broken", s=found.seq, w=found.where, y=found.why))
    told = words("audit.whole", d=report.files, n=write.number(report.rows))
    return tag("p", told, class_="done", role="status")


def _filter(look: Look, wish: Mapping[str, str]) -> Html:
    words = look.words
    fields = [field(words, f"audit.{name}", name, wish.get(name, ""), maxlength=200) for name in _FILTERS]
    days = [field(words, f"audit.{name}", name, wish.get(name, ""), type="date") for name in ("from", "to")]
    search = button(words, "audit.search", "plain")
    return tag("form", *_kept(look), *fields, *days, search, method="get", action="/audit", class_="row")


def _export(look: Look, wish: Mapping[str, str]) -> Html:
    """What is shown, as a file; the reason stands in it."""
    words = look.words
    why = field(words, "audit.why", "why", required=True, maxlength=200)
    forms = choice(words, "audit.form", "form", [(name, name.upper()) for name in FORMATS])
    inside = [*(_hidden(name, text) for name, text in wish.items() if text), why, forms]
    send = button(words, "audit.export", "plain")
    return tag("form", *inside, send, method="get", action="/audit/export", class_="row")


def _rows(look: Look, district: District, shown: Shown) -> Html:
    words = look.words
    if not shown.rows:
        return tag("p", words("audit.none"), class_="hint")
    head = tag("thead", tag("tr", *(tag("th", words(f"audit.{name}"), scope="col", class_="tight") for name in _HEADS)))
    body = tag("tbody", *(_row(look, district, row) for row in shown.rows))
    wish = {name: text for name, text in shown.wish.items() if text}
    older = look.link("/audit", **wish, before=str(shown.older)) if shown.older else ""
    more = tag("p", tag("a", *both(words, "audit.older"), href=older, class_="button")) if older else ""
    return joined([tag("table", head, body), more])


def _row(look: Look, district: District, row: Row) -> Html:
    centre = district.centres.get(row.centre)
    name = look.words.name(centre.name, centre.name_en) if centre else row.centre
    return tag(
        "tr",
        tag("td", str(row.seq)),
        tag("td", local(row.at, district.timezone), class_="tight"),
        tag("td", row.kind, class_="tight"),
        tag("td", row.actor, tag("span", row.role, class_="beside") if row.role else ""),
        tag("td", name, class_="tight"),
        tag("td", tag("code", row.subject)),
        tag("td", _detail(row.detail)),
    )


def _detail(detail: str) -> Html:
    """A long one opens on demand."""
    if len(detail) <= _SHORT:
        return tag("code", detail)
    return tag("details", tag("summary", tag("code", detail[:_SHORT] + "…")), tag("code", detail))


def local(at: str, zone: ZoneInfo) -> str:
    """A row's time in the district's zone, to the second; as it stands where it is none."""
    try:
        return datetime.fromisoformat(at).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
    except ValueError:
        return at


def _kept(look: Look) -> list[Html]:
    return [_hidden("lang", look.lang.value), _hidden("theme", look.theme)]


def _hidden(name: str, value: str) -> Html:
    return tag("input", type="hidden", name=name, value=value)
