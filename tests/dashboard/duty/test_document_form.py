import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.duty import handover
from dashboard.duty.document import canonical
from dashboard.duty.document_form import made_plain, signable
from dashboard.situation import Situation
from layouts.handover_text import document_lines
from layouts.words import Lang
from tests.feeds.small_district import small_district
from tests.layouts.test_handover_text import DOCUMENT

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 5) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(sorted(DOCUMENT)), inner, max_size=2),
    max_leaves=4,
)


def text(**changed: Any) -> str:
    return canonical({**DOCUMENT, **changed})


def test_what_we_draft_can_be_signed_by_its_centre_alone() -> None:
    district = small_district()
    notes = "灯坏了\u202e\n\x00第二行 "
    drafted = handover.draft(Situation(district), district, "A", 1_800_000_000.0, 1_799_990_000.0, notes)
    assert drafted["notes"] == "灯坏了\n第二行"
    assert signable(canonical(drafted), "A") == drafted
    assert signable(canonical(drafted), "B") is None
    assert signable(text(), DOCUMENT["centre"]) == DOCUMENT


@pytest.mark.parametrize(
    "changed",
    [
        {"incidents": 5},
        {"incidents": [{"title": "x"}]},
        {"incidents": [{**DOCUMENT["incidents"][0], "level": 9}]},
        {"incidents": [{**DOCUMENT["incidents"][0], "late": ["elephant"]}]},
        {"goes": "li"},
        {"more": []},
        {"notes": ["x"]},
        {"handled": {"incidents": None, "alerts": 1}},
        {"centre": 1},
        {"notes": "a\u202eb"},
        {"notes": "a\x00b"},
        {"goes": {**DOCUMENT["goes"], "officers": ["李\u200b"]}},
    ],
)
def test_what_could_not_be_shown_cannot_be_signed(changed: dict[str, Any]) -> None:
    assert signable(text(**changed), DOCUMENT["centre"]) is None


@given(JSON)
def test_what_is_made_plain_stays_so(value: Any) -> None:
    assert made_plain(made_plain(value)) == made_plain(value)


@given(part=st.sampled_from(sorted(DOCUMENT)), value=JSON, entry=JSON)
def test_whatever_can_be_signed_can_be_shown(part: str, value: Any, entry: Any) -> None:
    """Otherwise one officer's document breaks the page of everybody who looks it up."""
    lists = isinstance(DOCUMENT[part], list) and DOCUMENT[part]
    changed = {part: [{**DOCUMENT[part][0], **entry}]} if lists and isinstance(entry, dict) else {part: value}
    document = signable(json.dumps({**DOCUMENT, **changed}), DOCUMENT["centre"])
    for lang in Lang if document is not None else ():
        assert document_lines(document, lang)
