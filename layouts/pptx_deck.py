"""A PowerPoint file of ours: 16:9, light, our faces and hues in its theme; titles, feet, notes and text that fits.

Titles and numbers of slides are PowerPoint's own, so that outline, navigation and screen readers find them. How wide
a text is can only be guessed here, the face is the reader's: the guess is a little wide, and what is longer is cut.
"""

import io
import re
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.util import Inches, Pt

from layouts.theme import DARK, LIGHT
from layouts.words import Lang

WIDE, HIGH = 13.333, 7.5  # inches, as all sizes here
LEFT, TOP, INNER, BOTTOM = 0.6, 1.3, 12.13, 6.9  # where the body of a slide is
HUES = (LIGHT.bar, "#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
LATIN, CHINESE = "Arial", "Microsoft YaHei"  # with every PowerPoint; LibreOffice takes Noto Sans CJK in its place

_TITLE_ONLY = 5
_FOOT_TOP, _FOOT = 7.05, 0.3
_POINTS_PER_INCH = 72.0
_WIDTHS = ((re.compile(r"[\u2e80-\uffff\U00020000-\U0003ffff]"), 1.0), (re.compile(r"[A-Z0-9%—▲▼MWmw]"), 0.66))
_NARROW, _USUAL = re.compile(r"[ ijltfr.,:;'|!()\[\]/-]"), 0.54
_SCHEME = re.compile(rb"<a:accent([1-6])><a:srgbClr val=\"\w+\"/>")


def rgb(colour: str) -> RGBColor:
    """A colour of the theme, as PowerPoint wants it."""
    return RGBColor.from_string(colour.removeprefix("#"))


INK, SOFT, PALE = rgb(LIGHT.ink), rgb(LIGHT.bar), rgb(LIGHT.land)
HAIR, HEAD, WHITE, NIGHT = rgb(LIGHT.line), rgb("#DDE2E8"), rgb("#FFFFFF"), rgb(DARK.panel)
WORSE = rgb("#B34700")  # vermilion, dark enough for small text on white


def width(text: str, size: float) -> float:
    """About how wide a line is, inches."""
    ems = 0.0
    for letter in text:
        known = next((wide for what, wide in _WIDTHS if what.match(letter)), None)
        ems += known if known is not None else 0.32 if _NARROW.match(letter) else _USUAL
    return ems * size / _POINTS_PER_INCH


def clip(text: str, room: float, size: float) -> str:
    """A line that is no wider than there is room, with … where something was left out."""
    if width(text, size) <= room:
        return text
    while text and width(f"{text}…", size) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def lines(text: str, room: float, size: float) -> int:
    """Over how many lines a text goes."""
    return sum(max(1, -(-int(1000 * width(line, size)) // max(1, int(1000 * room)))) for line in text.split("\n"))


def flat(shape: Any) -> None:
    """Without the style of the theme, which gives each shape a shadow and a line."""
    style = shape._element.find("{*}style")
    if style is not None:
        shape._element.remove(style)


class Deck:
    """The file while it is written."""

    def __init__(self, lang: Lang, mark: str) -> None:
        """`mark`: who took it out and when; at the foot of each slide and at the end of its notes."""
        self._lang = lang
        self._mark = mark
        self._deck = Presentation()
        self._deck.slide_width, self._deck.slide_height = Inches(WIDE), Inches(HIGH)
        _widen(self._deck)
        _dress(self._deck)

    def slide(self, title: str, notes: str = "") -> Any:
        """A new slide with its title, foot and notes."""
        slide = self._deck.slides.add_slide(self._deck.slide_layouts[_TITLE_ONLY])
        heading = slide.shapes.title
        _place(heading, LEFT, 0.35, INNER, 0.75)
        frame = heading.text_frame
        frame.vertical_anchor, frame.margin_left, frame.margin_right = MSO_ANCHOR.MIDDLE, 0, 0
        size = 28 if width(title, 28) < INNER else 22
        self.write(heading.text_frame, clip(title, INNER, size), size, bold=True)
        self.text(slide, clip(self._mark, 10.5, 9), (LEFT, _FOOT_TOP, 11.0, _FOOT), 9, color=SOFT)
        _number(self.text(slide, "", (LEFT + 11.13, _FOOT_TOP, 1.0, _FOOT), 9, right=True, color=SOFT))
        said = "\n".join(filter(None, [notes, self._mark]))
        slide.notes_slide.notes_text_frame.text = said
        return slide

    def text(
        self, slide: Any, text: str, box: tuple[float, float, float, float], size: float,
        bold: bool = False, color: RGBColor = INK, right: bool = False,
    ) -> Any:  # fmt: skip
        """A box of text, its margins zero; (left, top, width, height)."""
        made = slide.shapes.add_textbox(*map(Inches, box))
        frame = made.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        self.write(frame, text, size, bold, color, right)
        return made

    def write(
        self, frame: Any, text: str, size: float, bold: bool = False, color: RGBColor = INK, right: bool = False
    ) -> None:
        """Lines into a frame, in a face for each script."""
        for place, line in enumerate(text.split("\n")):
            paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
            paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
            run = paragraph.add_run()
            run.text = line
            run.font.size, run.font.bold = Pt(size), bold
            run.font.color.rgb = color
            run._r.get_or_add_rPr().set("lang", "zh-CN" if self._lang is Lang.ZH else "en-GB")

    def box(self, slide: Any, at: tuple[float, float, float, float], color: RGBColor) -> Any:
        """A plain filled rectangle, without line and shadow."""
        made = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *map(Inches, at))
        made.fill.solid()
        made.fill.fore_color.rgb = color
        made.line.fill.background()
        flat(made)
        return made

    def save(self) -> bytes:
        """The file."""
        into = io.BytesIO()
        self._deck.save(into)
        return into.getvalue()


def _place(shape: Any, left: float, top: float, wide: float, high: float) -> None:
    shape.left, shape.top, shape.width, shape.height = map(Inches, (left, top, wide, high))


def _widen(deck: Any) -> None:
    """The package's template is 4:3: its places are stretched to our width."""
    master = deck.slide_masters[0]
    for shape in [*master.placeholders, *(shape for layout in deck.slide_layouts for shape in layout.placeholders)]:
        if shape._element.spPr.xfrm is not None:
            shape.left, shape.width = int(shape.left * WIDE / 10), int(shape.width * WIDE / 10)
    style = master._element.find(".//{*}titleStyle/{*}lvl1pPr")
    style.set("algn", "l")
    style.find("{*}defRPr").set("sz", "2800")


def _dress(deck: Any) -> None:
    """Our faces and hues into the theme, so that what is added by hand looks like the rest."""
    part = deck.slide_masters[0].part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme = _SCHEME.sub(lambda found: _accent(int(found[1])), part.blob)
    theme = theme.replace(b'<a:latin typeface="Calibri"/>', f'<a:latin typeface="{LATIN}"/>'.encode())
    theme = theme.replace(b'<a:ea typeface=""/>', f'<a:ea typeface="{CHINESE}"/>'.encode())
    part._blob = theme.replace('script="Hans" typeface="宋体"'.encode(), f'script="Hans" typeface="{CHINESE}"'.encode())


def _accent(place: int) -> bytes:
    return f'<a:accent{place}><a:srgbClr val="{HUES[place - 1][1:]}"/>'.encode()


def _number(box: Any) -> None:
    """The slide's number as a field: it stays right when slides are moved."""
    run = box.text_frame.paragraphs[0].runs[0]._r
    field = run.makeelement(
        run.tag.replace("}r", "}fld"), {"id": "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}", "type": "slidenum"}
    )
    run.getparent().replace(run, field)
    for child in list(run):
        field.append(child)
    field.findall("{*}t")[0].text = "‹#›"
