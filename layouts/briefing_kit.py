"""How the briefing's numbers, codes and changes are written: the same on the page, on slides and in tables."""

from datetime import date, datetime, timedelta

from dashboard.briefing.model import Briefing, Figure, Names, Number, Section, Table, Unit
from layouts import words as write
from layouts.briefing_words import label, title
from layouts.view import View
from layouts.words import Lang

_SAME = 0.02  # a change of less than this share is none
_WORTH_A_WORD = 0.005  # of a rate: half a point or more
_VOLUME = ("cases.found", "cases.closed", "cases.on_time", "response.incidents")
_MINUTE_S, _HOUR_S = 60, 3600
_SAME_POINTS = 0.0005  # and of a rate, one that cannot be seen in how it is written


def value(number: Number, unit: Unit, view: View) -> str:
    """A number as people read it; what is not known is a dash and never zero."""
    if number is None:
        return write.UNKNOWN
    match unit:
        case Unit.SHARE:
            return f"{100 * number:.1f}%"
        case Unit.SECONDS:
            return _span_of(number, view)
        case Unit.MOMENT:
            return datetime.fromtimestamp(number, view.zone).strftime("%Y-%m-%d")
        case Unit.MEAN | Unit.SCORE:
            return f"{number:,.1f}"
        case _:
            return write.number(number)


def cell(content: str | float | None, unit: Unit, names: Names, view: View) -> str:
    """A cell of a table."""
    if isinstance(content, str):
        return name(content, names, view)
    return value(content, unit, view)


def name(code: str, names: Names, view: View) -> str:
    """What a code is called."""
    lang = view.words.lang
    match names:
        case Names.CENTRE:
            centre = view.district.centres.get(code)
            return view.short(view.words.name(centre.name, centre.name_en)) if centre else code or view.words("outside")
        case Names.ITEM:
            return view.item(code) or write.UNKNOWN
        case Names.KIND:
            return view.kind(code)
        case Names.TIER:
            return view.words(f"tier.{code}")
        case Names.STAGE:
            return view.words(f"stage.{code}")
        case Names.LEVEL:
            return write.NUMERALS.get(int(code), code)
        case Names.WEEKDAY:
            return label(f"weekday.{code}", lang)
        case Names.WEEK:
            return code[5:]
        case Names.WORD:
            return label(code, lang)
        case _:
            return code


def span(briefing: Briefing, lang: Lang) -> str:
    """The days of a briefing's week."""
    return week_span(briefing.week, lang)


def week_span(week: str, lang: Lang) -> str:
    """The days of the week of a Monday: 2026-11-16 – 2026-11-22."""
    monday = date.fromisoformat(week)
    sunday = monday + timedelta(6)
    number = monday.isocalendar()
    week = f"{number.year} 年第 {number.week} 周" if lang is Lang.ZH else f"week {number.week} of {number.year}"
    return f"{monday} – {sunday} · {week}"


def change(figure: Figure, against: Number, view: View) -> tuple[str, str]:
    """How a figure stands against another, in words, and whether that is "better", "worse" or ""."""
    if figure.value is None or against is None or figure.unit is Unit.MOMENT:
        return write.UNKNOWN, ""
    difference = figure.value - against
    if figure.unit is Unit.SHARE:
        points = label("points", view.words.lang)
        text, is_same = f"{100 * difference:+.1f} {points}".replace("-", "−"), abs(difference) < _SAME_POINTS
    elif against:
        text, is_same = f"{100 * difference / abs(against):+.0f}%".replace("-", "−"), abs(difference / against) < _SAME
    else:
        text, is_same = write.signed(difference), difference == 0
    if is_same:
        return label("same", view.words.lang), ""
    arrow = "▲" if difference > 0 else "▼"
    judged = (
        "" if figure.lower_is_better is None else "worse" if (difference > 0) is figure.lower_is_better else "better"
    )
    return f"{arrow} {text}", judged


def fraction(figure: Figure, view: View) -> str:
    """Numerator and denominator, and what of it nobody can tell."""
    if figure.denominator is None or figure.unit is Unit.MOMENT:
        return ""
    text = f"{write.number(figure.numerator or 0)} / {write.number(figure.denominator)}"
    if figure.unknown:
        text += f" · {label('unknown', view.words.lang)} {write.number(figure.unknown)}"
    return text


def headlines(briefing: Briefing, view: View, most: int = 5) -> list[str]:
    """What is worth a word first: how much there was, what rose and is no noise, what got worse, what got better."""
    lang = view.words.lang
    by_id = {figure.id: figure for section in briefing.sections for figure in section.figures}
    volume = [by_id[id_] for id_ in _VOLUME if id_ in by_id and by_id[id_].value]
    comma, colon, stop = ("，", "：", "、") if lang is Lang.ZH else (", ", ": ", ", ")
    lines = []
    if volume:
        lines.append(comma.join(f"{title(each.id, lang)} {value(each.value, each.unit, view)}" for each in volume))
    rises = [f"{name(item, Names.ITEM, view)} ▲ {write.number(count)}" for item, count in risen(briefing)][:3]
    if rises:
        lines.append(f"{label('rise_head', lang)}{colon}{stop.join(rises)}")
    worse, better = _moved(list(by_id.values()), view)
    room = most - len(lines)
    kept = better[: max(1, room - len(worse))]
    return [*lines, *worse[: room - len(kept)], *kept]


def _moved(figures: list[Figure], view: View) -> tuple[list[str], list[str]]:
    """What got worse and what got better since the week before, the greatest change first."""
    found: dict[str, list[tuple[float, str]]] = {"worse": [], "better": []}
    lang = view.words.lang
    for figure in figures:
        before = figure.previous[-1] if figure.previous else None
        text, judged = change(figure, before, view)
        if not judged or figure.value is None or before is None:
            continue
        if figure.unit is Unit.SHARE and abs(figure.value - before) < _WORTH_A_WORD:
            continue
        was = f"{label('was', lang)} {value(before, figure.unit, view)}"
        line = f"{title(figure.id, lang)} {value(figure.value, figure.unit, view)} {text} ({was})"
        found[judged].append((abs(figure.value - before) / (abs(before) or 1.0), line))
    worse, better = ([line for _, line in sorted(found[each], reverse=True)] for each in ("worse", "better"))
    return worse, better


def _span_of(seconds: float, view: View) -> str:
    """Below an hour to the second: an arrival after 1:58 is not one after 1:02."""
    whole = round(seconds)
    if not _MINUTE_S <= whole < _HOUR_S or not whole % _MINUTE_S:
        return view.words.duration(seconds)
    lang = view.words.lang
    return f"{whole // _MINUTE_S} {label('minute', lang)} {whole % _MINUTE_S} {label('second', lang)}"


def risen(briefing: Briefing) -> list[tuple[str, float]]:
    """The items that rose and are no noise, with their counts."""
    for table in tables(briefing.sections):
        if table.id == "kinds.risen":
            rows = zip(table.cells, table.marks, strict=True)
            return [(str(row[0]), float(row[1] or 0)) for row, mark in rows if mark == "rise"]
    return []


def tables(sections: tuple[Section, ...]) -> list[Table]:
    """All tables."""
    return [table for section in sections for table in section.tables]
