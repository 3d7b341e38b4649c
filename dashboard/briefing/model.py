"""What a briefing is made of, as pages, slides and tables show it, and as it is kept when it is frozen.

No words in here: names and definitions of everything stand in layouts/briefing_words.py under its `id`, in zh and en.
A label of an axis or a cell of a table is a code (of a centre, an item, a kind) of the `Names` that it says it is of.
"""

from enum import StrEnum

from msgspec import Struct

Number = float | None  # None: nothing known; never drawn as zero


class Unit(StrEnum):
    """What a number is."""

    COUNT = "count"
    SHARE = "share"  # 0 to 1
    SECONDS = "seconds"
    MEAN = "mean"  # of counts: so many a day or a week
    SCORE = "score"  # 0 to 100
    MOMENT = "moment"  # epoch seconds
    TEXT = "text"


class Names(StrEnum):
    """Of what kind a code is, so that it can be written as people call it."""

    CENTRE = "centre"
    ITEM = "item"  # of cases
    KIND = "kind"  # of incidents
    ALERT = "alert"  # of alerts
    TIER = "tier"
    STAGE = "stage"
    CELL = "cell"
    FEED = "feed"
    LEVEL = "level"
    WEEKDAY = "weekday"  # 0: Monday
    HOUR = "hour"
    WEEK = "week"  # its Monday, YYYY-MM-DD
    WORD = "word"  # an id of briefing_words
    TEXT = "text"  # as it stands


class Rows(Struct, frozen=True):
    """Where the rows behind a number are: the name of a query of briefing.rows, and what it is asked for."""

    query: str
    arguments: dict[str, str] = {}


class PartRows(Struct, frozen=True, omit_defaults=True):
    """The queries behind the parts of a figure, with the arguments of its rows; "" where no rows were counted."""

    numerator: str = ""
    denominator: str = ""
    unknown: str = ""


class Figure(Struct, frozen=True, kw_only=True):
    """One number with all that is needed to believe it."""

    id: str
    unit: Unit
    value: Number
    numerator: Number = None
    denominator: Number = None
    unknown: Number = None  # of the denominator, where nobody can say
    previous: tuple[Number, ...] = ()  # the weeks before it, oldest first
    last_year: Number = None  # the same week of the year before
    lower_is_better: bool | None = None  # None: neither
    rows: Rows | None = None
    parts: PartRows = PartRows()


class Column(Struct, frozen=True):
    """One column of a table. What is behind its cells is said once for all of them: `behind` makes Rows of it."""

    id: str
    unit: Unit
    names: Names = Names.TEXT  # of a TEXT column
    key: str = ""  # the filter of briefing.rows that its cells are the values of
    rows: str = ""  # the query whose rows its numbers count, or are a share or a time of; "" where there is none


class Table(Struct, frozen=True, kw_only=True):
    """Rows of cells."""

    id: str
    columns: tuple[Column, ...]
    cells: tuple[tuple[str | float | None, ...], ...]
    keys: dict[str, tuple[str, ...]] = {}  # filters that no column shows, by row
    marks: tuple[str, ...] = ()  # by row: "", "rise" (no noise), "below" (k weeks below the average)


class Series(Struct, frozen=True):
    """One line, or the bars of one colour."""

    id: str  # a word, or a code of the chart's `series_names`
    values: tuple[Number, ...]


class ChartKind(StrEnum):
    """How it is drawn."""

    BARS = "bars"
    STACKED = "stacked"
    LINES = "lines"
    HEAT = "heat"  # a series is a row
    MAP = "map"  # labels are cells or centres; one series


class Chart(Struct, frozen=True, kw_only=True):
    """Values by label."""

    id: str
    kind: ChartKind
    unit: Unit
    names: Names  # of the labels
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    series_names: Names = Names.WORD
    target: Number = None  # a line to compare with
    rows: str = ""  # the query whose rows its values count
    label_key: str = ""  # the filter that its labels are the values of
    series_key: str = ""  # and its series


class Section(Struct, frozen=True, kw_only=True):
    """One subject."""

    id: str
    figures: tuple[Figure, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    remarks: tuple[str, ...] = ()  # ids of words: what to know before believing it, e.g. that there is no last year


SECTIONS = ("cases", "kinds", "areas", "assessment", "response", "alerts", "alarms", "feeds", "patrol")


class Stamp(Struct, frozen=True, kw_only=True):
    """What the figures were made of: by table, up to which id and how many rows were looked at."""

    made_at: float
    last_ids: dict[str, int] = {}
    rows: dict[str, int] = {}
    first_at: Number = None  # what the archive begins with


class Briefing(Struct, frozen=True, kw_only=True):
    """One week of one centre."""

    week: str  # its Monday, YYYY-MM-DD, local
    centre: str  # code
    from_at: float  # Monday 00:00 local, epoch seconds
    to_at: float  # the Monday after
    sections: tuple[Section, ...]
    stamp: Stamp
    queries: dict[str, str] = {}  # SQL by the name of the question
    settings: dict[str, float] = {}  # weights and thresholds that it was made with
    is_complete: bool = True  # False: the week is not over
    frozen_at: Number = None
    frozen_by: str = ""  # post of who froze it, or "schedule"
    digest: str = ""  # SHA-256 over all but itself, once it is frozen
    notes: dict[str, str] = {}  # what the presenter says, by section
