import hashlib
import json
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from dashboard.archive.store import LocalStore
from dashboard.briefing.frozen import NotFrozen, freeze, load, revisions
from tests.briefings import example


def test_a_frozen_one_is_the_same_next_year(tmp_path: Path) -> None:
    store, made = LocalStore(tmp_path), example()
    sealed = freeze(store, made, "带班领导", 1000.0)
    again = load(store, made.week, made.centre)
    assert again == sealed and again is not None
    assert (again.frozen_by, again.frozen_at, len(again.digest)) == ("带班领导", 1000.0, 64)
    assert again.sections == made.sections and again.queries == made.queries


def test_freezing_again_is_another_revision_and_the_first_stays(tmp_path: Path) -> None:
    store, made = LocalStore(tmp_path), example()
    freeze(store, made, "a", 1.0)
    freeze(store, made, "b", 2.0)
    newest = load(store, made.week, made.centre)
    assert newest is not None and newest.frozen_by == "b"
    assert len(revisions(store, made)) == 2


def test_a_week_that_is_not_over_cannot_be_frozen(tmp_path: Path) -> None:
    with pytest.raises(NotFrozen, match="not over"):
        freeze(LocalStore(tmp_path), replace(example(), is_complete=False), "a", 1.0)


def test_what_was_changed_since_is_told(tmp_path: Path) -> None:
    store, made = LocalStore(tmp_path), example()
    freeze(store, made, "a", 1.0)
    (path,) = tmp_path.rglob("*.json")
    path.write_bytes(path.read_bytes().replace(b'"frozen_by":"a"', b'"frozen_by":"z"'))
    with pytest.raises(NotFrozen, match="changed"):
        load(store, made.week, made.centre)


def test_one_that_was_frozen_before_tables_led_to_rows_is_read_and_whole(tmp_path: Path) -> None:
    store, made = LocalStore(tmp_path), example()
    freeze(store, made, "a", 1.0)
    (path,) = tmp_path.rglob("*.json")
    before = json.loads(path.read_bytes())
    for section in before["sections"]:
        for table in section["tables"]:
            table["rows_of"] = []
            table.pop("keys")
            table["columns"] = [{name: each[name] for name in ("id", "unit", "names")} for each in table["columns"]]
        for chart in section["charts"]:
            for name in ("rows", "label_key", "series_key"):
                chart.pop(name)
    before = {**before, "digest": "", "notes": {}}
    written = msgspec.json.encode(before, order="sorted")
    sealed = msgspec.json.encode({**before, "digest": hashlib.sha256(written).hexdigest()}, order="sorted")
    path.chmod(0o640)
    path.write_bytes(sealed)
    again = load(store, made.week, made.centre)
    assert again is not None and not any(each.rows for each in again.sections[0].tables[0].columns)


def test_what_nobody_froze_is_nothing(tmp_path: Path) -> None:
    assert load(LocalStore(tmp_path), "2026-11-16", "D") is None
