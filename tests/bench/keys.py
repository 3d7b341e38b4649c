"""Measurement: from a key on the duty console to the frame that shows what it does.

Keys come through the browser's input, as from a keyboard; each is waited for until what it must bring about is there.
"""

import random
from collections.abc import Mapping, Sequence
from uuid import uuid4

from dashboard.district import District
from layouts import ids
from layouts.duty_keys import VIEWS
from tests.bench.browser import Sheet
from tests.bench.officer import Officer
from tests.bench.processes import wait_until
from tests.bench.report import CannotMeasure, Row, percentile

_ANSWERED_MS = 100.0
_CONFIRMED_MS = 300.0
_PAUSE_MS = (80, 260)  # between two keys, so that they fall into every phase of what else goes on
_TAKEN_S = 10.0

# Each says what is shown now; what a key brings about is there when that is another than before.
_VIEW = f"""document.getElementById("{ids.DUTY}").dataset.view
    + [...document.querySelectorAll(".work-view")].findIndex((each) => each.checkVisibility())"""
_PLACE = """[...document.querySelectorAll('[data-list="tasks"] > [data-row]')]
    .findIndex((row) => row.getAttribute("aria-selected") === "true")"""
_INCIDENT = f"""document.querySelector('#{ids.duty_panel("incident")} [data-slot="key"]').textContent"""
_DIALOG = """document.querySelector(".duty-dialog").checkVisibility()"""
_TYPED = """document.querySelector(".duty-dialog textarea").value.length"""
_CHORD = """document.querySelector("[data-live=chord]").checkVisibility()"""
_MESSAGE = """document.querySelector(".foot-message").textContent"""

_COUNT = """document.querySelectorAll('[data-list="tasks"] > [data-row]:not([hidden])').length"""
_STATE = """document.querySelector(".foot-message").dataset.state"""
_CAN_SEND = """document.querySelector("[data-act=dispatch]").ariaDisabled === "false" """


def measure(page: Sheet, officer: Officer, district: District, rounds: int) -> list[Row]:
    """Rows of all keys, and of an order that is confirmed; the officer is who sits at the page."""
    keys = _Keys(page)
    for _ in range(rounds):
        for place in (*range(2, len(VIEWS) + 1), 1):
            keys.press("view", str(place), _VIEW)
        for _ in range(3):
            is_last = page.page.evaluate(f"{_PLACE} + 1 >= {_COUNT}")
            keys.press("queue", "ArrowUp" if is_last else "ArrowDown", _PLACE)
        for _ in range(3):
            keys.press("next incident", "]", _INCIDENT)
        keys.press("form", "n", _DIALOG)
        for letter in "135":
            keys.press("typing", letter, _TYPED)
        keys.press("form", "Escape", _DIALOG)
        _dispatch(keys, officer, district)
    return [_row(keys, page.key_events), _confirmed_row(keys.took["confirmed"])]


class _Keys:
    """Presses keys and notes how long each took."""

    def __init__(self, page: Sheet) -> None:
        self.page = page
        self.took: dict[str, list[float]] = {}

    def press(self, what: str, key: str, shown: str, until: str = "true") -> None:
        """Press one key; it is answered in the frame after which `shown` is another than before, and `until` holds."""
        answered = self.page.reaction(
            key, f"(before) => before === undefined ? {shown} : {shown} !== before && {until}"
        )
        if answered is None:
            raise CannotMeasure(f"{what}: the key {key} shows nothing")
        self.took.setdefault(what, []).append(answered[1])
        self.page.page.wait_for_timeout(random.uniform(*_PAUSE_MS))


def _dispatch(keys: _Keys, officer: Officer, district: District) -> None:
    """A call of its own: all three tiers by D and Enter, then acknowledged."""
    called = str(uuid4())
    place, kind = random.choice(district.communities), next(iter(district.kinds), "fire")
    officer.give(
        {"id": called, "verb": "register", "kind": kind, "level": 1, "title": "键", "lat": place.lat, "lon": place.lon}
    )
    page, key = keys.page.page, f"desk/{called}"
    page.evaluate("(key) => window.wall.duty.expect(key)", key)
    wait_until(lambda: page.evaluate(f"{_INCIDENT} === '{key}' && {_CAN_SEND}"), _TAKEN_S, "somebody to send")
    keys.press("dispatch", "d", _CHORD)
    keys.press("dispatch", "Enter", _MESSAGE)
    wait_until(lambda: page.evaluate(f"{_STATE} === 'accepted'"), _TAKEN_S, "units to be sent")
    keys.press("confirmed", "a", _MESSAGE, until=f"{_STATE} === 'accepted'")
    officer.give({"verb": "close", "target": key, "kind": "handled"})


def _row(keys: _Keys, by_browser: Sequence[float]) -> Row:
    took = {what: times for what, times in keys.took.items() if what != "confirmed"}
    everything = [each for times in took.values() for each in times]
    p95 = percentile(everything, 95)
    # The browser leaves out what it answered at once.
    own = [*by_browser, *[0.0] * (len(everything) - len(by_browser))]
    return Row(
        "key -> duty console: the frame after the change",
        f"p95 <= {_ANSWERED_MS:.0f} ms",
        f"p95 {p95:.0f} ms",
        p95 <= _ANSWERED_MS,
        note=f"p50 {percentile(everything, 50):.0f}, max {max(everything):.0f}; {len(everything)} keys; p95 of "
        f"{_each(took)}; to the next paint by the browser's own account p95 {percentile(own, 95):.0f}",
    )


def _each(took: Mapping[str, Sequence[float]]) -> str:
    return ", ".join(f"{what} {percentile(times, 95):.0f}" for what, times in took.items())


def _confirmed_row(took: Sequence[float]) -> Row:
    return Row(
        "key -> order -> confirmed on the officer's console",
        f"p95 <= {_CONFIRMED_MS:.0f} ms",
        f"p95 {percentile(took, 95):.0f} ms",
        percentile(took, 95) <= _CONFIRMED_MS,
        note=f"p50 {percentile(took, 50):.0f}, max {max(took):.0f}; {len(took)} orders",
    )
