from layouts import notices
from tests.layouts.test_plain_page import LOOK


def test_who_may_not_is_told_and_led_on() -> None:
    shown = notices.forbidden(LOOK, "<审计员>", "/audit")
    assert "&lt;审计员&gt;的角色不能查看此页" in shown
    assert 'href="/signin?' in shown
    assert 'href="/audit?' in shown


def test_a_page_that_waits_asks_again_by_itself() -> None:
    assert '<meta http-equiv="refresh" content="3">' in notices.away(LOOK)


def test_an_address_is_come_back_to_as_it_was() -> None:
    assert 'content="0;url=/duty?a=&quot;&amp;b=1"' in notices.come_again('/duty?a="&b=1')
