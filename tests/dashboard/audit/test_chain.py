import hashlib
import json
from collections.abc import Callable

import pytest
from msgspec.structs import replace

from dashboard.audit import chain
from dashboard.audit.chain import Entry, Head, Row, verify
from tests.builders import at


def entry(number: int) -> Entry:
    return Entry(at=at(number), kind="sign_in", actor="li", subject=f"第 {number} 次", detail='{"a": "“引号”"}')


def rows(count: int, alg: str = "sha256", head: Head = Head()) -> list[Row]:  # noqa: B008 - a frozen struct
    made = []
    for number in range(count):
        row, head = chain.append(head, entry(number), alg)
        made.append(row)
    return made


def test_a_chain_that_nobody_touched_is_good() -> None:
    made = rows(5)
    fault, head = verify(made, Head())
    assert fault is None
    assert (head.seq, head.hash) == (5, made[-1].hash)


def test_a_hash_can_be_checked_without_our_code() -> None:
    first, second = rows(2)
    bare = {name: getattr(second, name) for name in second.__struct_fields__ if name != "hash"}
    text = json.dumps(bare, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(f"{first.hash}\n{text}".encode()).hexdigest() == second.hash


@pytest.mark.parametrize("field", ["at", "kind", "actor", "role", "centre", "subject", "detail"])
def test_a_changed_row_is_named(field: str) -> None:
    made = rows(5)
    made[2] = replace(made[2], **{field: "2026-01-01T00:00:00.000000+00:00"})
    fault, head = verify(made, Head())
    assert fault is not None
    assert (fault.seq, head.seq) == (3, 2)
    assert "row 3 was changed" in fault.why


TAMPERED: dict[str, tuple[Callable[[list[Row]], list[Row]], int, str]] = {
    "deleted": (lambda made: made[:2] + made[3:], 3, "row 3 is missing"),
    "two deleted": (lambda made: made[:2] + made[4:], 3, "rows 3 to 4 are missing"),
    "doubled": (lambda made: [*made[:3], made[2], *made[3:]], 3, "put in, doubled or moved"),
    "reordered": (lambda made: [made[0], made[2], made[1], *made[3:]], 2, "row 2 is missing"),
    "inserted": (lambda made: [*made[:2], replace(made[4], seq=3), *made[2:]], 3, "row 3 was changed"),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_rows_that_went_came_or_moved_are_named(how: str) -> None:
    tamper, seq, why = TAMPERED[how]
    fault, _ = verify(tamper(rows(5)), Head())
    assert fault is not None
    assert fault.seq == seq
    assert why in fault.why


def test_a_row_with_a_hash_made_anew_breaks_the_chain_behind_it() -> None:
    made = rows(4)
    forged = replace(made[1], actor="wang")
    made[1] = replace(forged, hash=chain.digest(forged, made[0].hash))
    fault, _ = verify(made, Head())
    assert fault is not None
    assert fault.seq == 3


def test_the_hash_can_be_sm3_and_change_on_the_way() -> None:
    begun = rows(2)
    last = Head(2, begun[-1].hash)
    mixed = begun + rows(2, "sm3", last)
    assert verify(mixed, Head())[0] is None
    assert mixed[0].hash != rows(1, "sm3")[0].hash


def test_an_algorithm_that_is_not_ours_is_a_fault() -> None:
    made = rows(2)
    made[1] = replace(made[1], alg="md5")
    fault, _ = verify(made, Head())
    assert fault is not None
    assert "md5" in fault.why


def test_what_is_no_row_passes_no_check() -> None:
    broken = chain.read(b"{not json", 3)
    assert broken.seq == 3
    fault, _ = verify([*rows(2), broken], Head())
    assert fault is not None
    assert fault.seq == 3
