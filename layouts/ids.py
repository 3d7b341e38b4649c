"""Every id of every screen, as `<screen>-<thing>`; no id string stands anywhere else in Python."""

PAGE = "page"  # where the chosen screen stands
ADDRESS = "address"

WALL = "wall"  # the root of the wall; its data attributes carry what the browser must know
WALL_CENTRE = "wall-centre"  # choice of the centre whose area is shown
WALL_MAP = "wall-map"
WALL_FLOW = "wall-flow"  # chart: cases found and closed by hour
WALL_LAYERS = "wall-layers"  # which map layers are on

DUTY = "duty"  # the root of the duty console
DUTY_CENTRE = "duty-centre"  # dcc.Store: code of the centre that the officer acts as
DUTY_SCOPE = "duty-scope"  # choice of that centre
DUTY_SEARCH = "duty-search"  # words to look for in earlier handovers

DUTY_CASES = "duty-cases"  # the table of cases
DUTY_CASES_GRID = "duty-cases-grid"
DUTY_CASES_NOTE = "duty-cases-note"  # how many cases, or why there are none
DUTY_CASES_DETAIL = "duty-cases-detail"
DUTY_CASES_TEXT = "duty-cases-text"  # the filter bar
DUTY_CASES_STAGES = "duty-cases-stages"
DUTY_CASES_ITEMS = "duty-cases-items"
DUTY_CASES_DEPARTMENTS = "duty-cases-departments"
DUTY_CASES_PLACES = "duty-cases-places"
DUTY_CASES_AGE = "duty-cases-age"
DUTY_CASES_FLAGS = "duty-cases-flags"
DUTY_CASES_FILTER = "duty-cases-filter"  # dcc.Store: what is chosen there, as backlog.query.Filter
DUTY_CASES_SHOWN = "duty-cases-shown"  # dcc.Store: key of the case in detail
DUTY_CASES_MAY = "duty-cases-may"  # dcc.Store: what who looks may do
DUTY_CASES_ASK = "duty-cases-ask"  # dcc.Store: the browser asks whether cases changed
DUTY_CASES_NEWS = "duty-cases-news"  # dcc.Store: the answer
DUTY_CASES_LANG = "duty-cases-lang"  # dcc.Store: the language of the table


def panel(name: str) -> str:
    """The id of one panel of the wall."""
    return f"wall-panel-{name}"


def duty_panel(name: str) -> str:
    """The id of one pane of the duty console."""
    return f"duty-panel-{name}"
