"""A handover document as lines of text, for the screen and for print, in one language.

A document stands for itself, so nothing but the document is needed; what it says in codes is put into words here.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from layouts.words import NUMERALS, WORDS, Lang, Words

Entry = Mapping[str, Any]

_ORDER = ("incidents", "reports", "orders", "unacknowledged", "shelved", "claimed", "feeds")


def document_lines(document: Mapping[str, Any], lang: Lang | str) -> list[str]:
    """The lines, headings first and entries behind a dash; what the document does not have is left out."""
    words = Words(Lang(lang))
    lines = [_title(document, words), *_watches(document, words)]
    for name in _ORDER:
        entries: Sequence[Entry] = document.get(name, ())
        lines.append(f"{words(f'handover.{name}')} ({len(entries) + document.get('more', {}).get(name, 0)})")
        lines += [f"- {_ENTRIES[name](entry, words)}" for entry in entries]
        if more := document.get("more", {}).get(name):
            lines.append(f"- {words('handover.more', n=more)}")
    lines += [*_cases(document, words), *_handled(document, words)]
    notes = document.get("notes", "").splitlines()
    return [*lines, words("handover.notes"), *(notes or [words("handover.no_notes")])]


def _title(document: Mapping[str, Any], words: Words) -> str:
    name = words.name(document.get("name", ""), document.get("name_en", ""))
    return f"{name} {words('handover')} {_time(document.get('from'))} – {_time(document.get('to'))}"


def _watches(document: Mapping[str, Any], words: Words) -> Iterator[str]:
    for name in ("goes", "comes"):
        watch = document.get(name)
        if watch is None:
            yield f"{words(f'handover.{name}')}: {words('handover.nobody')}"
            continue
        people = [
            f"{words('duty_leader')} {watch['leader']}",
            f"{words('duty_chief')} {watch['chief']}",
            *([f"{words('handover.officers')} {'、'.join(watch['officers'])}"] if watch["officers"] else []),
        ]
        yield f"{words(f'handover.{name}')}: {', '.join(people)} ({_time(watch['from'])} – {_time(watch['to'])})"


def _incident(entry: Entry, words: Words) -> str:
    late = "、".join(words(f"tier.{tier}") for tier in entry["late"])
    return _joined(
        f"{NUMERALS[entry['level']]} {entry['title']}",
        words("drill_mark") if entry["drill"] else "",
        _time(entry["reported_at"]),
        "" if entry["acknowledged"] else words("unacknowledged"),
        words("handover.in_command", c=entry["in_command"]) if entry["in_command"] else "",
        words("handover.offered", c=entry["offered_to"]) if entry["offered_to"] else "",
        words("handover.late", t=late) if late else "",
    )


def _report(entry: Entry, words: Words) -> str:
    due = words("handover.due", t=_time(entry["due_at"])) if entry["due_at"] else ""
    late = words("overdue") if entry["late"] else ""
    return _joined(entry["title"], words(f"handover.report.{entry['part']}"), due, late)


def _unit_order(entry: Entry, words: Words) -> str:
    state = words(f"handover.order.{entry['state'] or 'silent'}")
    late = words("overdue") if entry["late"] else ""
    return _joined(entry["title"], entry["unit"], _time(entry["at"]), state, late)


def _alarm(entry: Entry, words: Words) -> str:
    return _joined(_named(entry, words), _time(entry["raised_at"]))


def _shelf(entry: Entry, words: Words) -> str:
    until = words("handover.until", t=_time(entry["until"]))
    return _joined(_named(entry, words), until, entry["by"], entry["reason"])


def _named(entry: Entry, words: Words) -> str:
    """An alarm by its level, by what it is about, which its key begins with, and by its title."""
    word = f"alarm.{str(entry.get('key', '')).partition('/')[0]}"
    return " ".join((NUMERALS[entry["level"]], *((words(word),) if word in WORDS else ()), entry["title"]))


def _claim(entry: Entry, words: Words) -> str:
    return _joined(entry["title"], _time(entry["since"]), entry["by"])


def _feed(entry: Entry, words: Words) -> str:
    last = words("handover.last", t=_time(entry["last"])) if entry["last"] else ""
    return _joined(entry["title"], words(entry["state"]), last)


_ENTRIES: Mapping[str, Callable[[Entry, Words], str]] = {
    "incidents": _incident,
    "reports": _report,
    "orders": _unit_order,
    "unacknowledged": _alarm,
    "shelved": _shelf,
    "claimed": _claim,
    "feeds": _feed,
}


def _cases(document: Mapping[str, Any], words: Words) -> Iterator[str]:
    if counts := document.get("cases"):
        named = (("open_cases", "open"), ("overdue", "overdue"), ("handover.supervised", "supervised"))
        figures = ", ".join(f"{words(word)} {counts[name]:,}" for word, name in named)
        yield f"{words('backlog')}: {figures}"


def _handled(document: Mapping[str, Any], words: Words) -> Iterator[str]:
    if handled := document.get("handled"):
        yield words("handover.handled", n=len(handled["incidents"]), m=handled["alerts"])
        for entry in handled["incidents"]:
            yield f"- {_joined(entry['title'], _time(entry['closed_at']))}"


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _time(written: str | None) -> str:
    """A written-out local time as far as people need it: 2026-11-20 08:30."""
    return (written or "")[:16].replace("T", " ")
