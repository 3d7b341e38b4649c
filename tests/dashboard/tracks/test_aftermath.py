from collections.abc import Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from dashboard.archive.facts import of_change
from dashboard.district import District
from dashboard.records import Verb
from dashboard.situation import Situation
from dashboard.tracks.aftermath import AFTER_S, BEFORE_S, LONGEST_S, cameras_near, find, gather, involved, span
from tests.builders import HERE, NOON, fixes, incident, order
from tests.feeds.small_district import small_district
from tests.layouts.scenes import baoan

T0 = NOON.timestamp()


@pytest.fixture
def district() -> District:
    return small_district()


class Archived:
    """Answers with rows by a word of the question."""

    def __init__(self, **rows: list[tuple[Any, ...]]) -> None:
        self.answers = rows

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return next((rows for word, rows in self.answers.items() if f"FROM {word}" in sql), [])


def after(district: District) -> Situation:
    situation = Situation(district)
    unit = district.roster.call_signs[0]
    situation.follow(situation.move(fixes(district, {unit: HERE}, 0), T0))
    situation.apply(incident(1), T0)
    situation.apply(order(Verb.DISPATCH, "cad/I1", 20, unit=unit), T0 + 20)
    return situation


def test_an_incident_is_found_in_its_archived_row(district: District) -> None:
    situation = after(district)
    (state,) = situation.response.all()
    table = of_change(situation.everything(), 1, district)["incidents"]
    archived = Archived(incidents=[(table["body"][0].as_py(), district.communities[state.community].code)])
    assert find(archived, district, state.key) == state
    moved = Archived(
        incidents=[
            (table["body"][0].as_py(), "C5"),
        ]
    )
    assert find(moved, district, state.key) == replace(state, community=5)
    gone = Archived(incidents=[(table["body"][0].as_py(), "gone")])
    assert find(gone, district, state.key) == replace(state, community=-1)


def test_what_is_not_there_or_not_ours_is_nothing(district: District) -> None:
    assert find(Archived(), district, "cad/I1") is None
    assert find(Archived(incidents=[(b"\x81\xa1a\x01", "")]), district, "cad/I1") is None


def test_the_units_that_were_sent_are_named_and_those_without_a_fix_too(district: District) -> None:
    (state,) = after(district).response.all()
    unit = district.roster.call_signs[0]
    assert involved(state) == [unit]
    told = gather(Archived(), district, {district.roster.checksum: district.roster}, state, T0 + 100)
    assert (list(told.tracks), told.silent) == ([], [unit])


def test_the_span_ends_with_the_close_or_with_now_but_not_days_later(district: District) -> None:
    (state,) = after(district).response.all()
    assert span(state, T0 + 100) == (T0 - BEFORE_S, T0 + 100)
    assert span(replace(state, closed_at=T0 + 60), T0 + 9000)[1] == T0 + 60 + AFTER_S
    assert span(state, T0 + 90_000)[1] == T0 + LONGEST_S


def test_cameras_come_nearest_first_and_none_from_far_away() -> None:
    camera = next(each for each in baoan().devices if each.kind == "camera")
    near = cameras_near(baoan(), camera.lat, camera.lon)
    assert near[0].away_m == pytest.approx(0, abs=0.5)
    assert [each.away_m for each in near] == sorted(each.away_m for each in near)
    assert cameras_near(baoan(), 0.0, 0.0) == []
