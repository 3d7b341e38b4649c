from hypothesis import given
from hypothesis import strategies as st

from layouts.markup import Html, joined, tag


def test_text_is_escaped_and_markup_is_not() -> None:
    assert tag("p", "<b>", tag("b", "&")) == "<p>&lt;b&gt;<b>&amp;</b></p>"
    assert joined(["<", Html("<br>")]) == "&lt;<br>"


def test_attributes_are_quoted_named_and_left_out() -> None:
    written = tag("input", class_="a", aria_label='"x"', required=True, disabled=False, value=None, maxlength=5)
    assert written == '<input class="a" aria-label="&quot;x&quot;" required maxlength="5">'


@given(st.text(), st.text())
def test_no_text_gets_out_of_its_place(inside: str, value: str) -> None:
    written = tag("p", inside, title=value)
    assert written.count("<") == written.count(">") == 2
    assert written.count('"') == 2
