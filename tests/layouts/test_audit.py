from dashboard.access import Role
from dashboard.audit.chain import Head, Row
from dashboard.audit.inspection import Finding, Report
from layouts.audit import Shown, local, screen
from layouts.plain_page import Look
from layouts.words import Lang
from tests.feeds.small_district import small_district

ROW = Row(
    seq=7, at="2026-11-20T04:00:00.000000+00:00", kind="order.close", actor="li", role="officer", centre="A",
    subject="cad/I1", detail='{"a": "<b>"}', alg="sha256", hash="0",
)  # fmt: skip


def shown(lang: Lang = Lang.ZH, **fields: object) -> str:
    return screen(Look(lang, "dark", "示范区", "Example"), small_district(), Shown(Role.AUDITOR, **fields))  # type: ignore[arg-type]


def test_a_row_is_shown_in_local_time_with_its_centre_by_name() -> None:
    page = shown(rows=[ROW])
    for part in ("2026-11-20 12:00:00", "甲街道", "order.close", "cad/I1", "&lt;b&gt;"):
        assert part in page


def test_no_rows_are_said_to_be_none() -> None:
    assert "没有符合条件的记录" in shown()
    assert "<table" not in shown()


def test_the_filter_stays_as_it_was_typed_on_every_way_on() -> None:
    page = shown(rows=[ROW], wish={"actor": "li", "text": 'a"b'}, older=7)
    assert "before=7" in page
    assert "actor=li" in page
    assert 'value="a&quot;b"' in page


def test_a_verification_says_what_it_found() -> None:
    assert "whole: 12 rows of today and of the last 3 sealed days" in shown(Lang.EN, report=Report(12, 3, Head(12)))
    broken = Report(3, 1, Head(3), Finding("stream", 4, "row 4 is missing"))
    assert "First bad row 4 (stream): row 4 is missing" in shown(Lang.EN, report=broken)


def test_a_time_that_is_none_is_shown_as_it_stands() -> None:
    assert local("never", small_district().timezone) == "never"
