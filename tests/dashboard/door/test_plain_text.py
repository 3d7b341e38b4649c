import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.door.plain_text import is_plain_identifier, plain, plain_lines, shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("暴露垃圾（裕安一路）", "暴露垃圾（裕安一路）"),
        ("a\u202ecba\u2066x\u200f", "acbax"),
        ("a\x00b\x1b[31m", "ab[31m"),
        ("two\r\nlines\u2028more", "two lines more"),
        ("e\u0301", "é"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),  # shown as text, never as markup
    ],
)
def test_hidden_characters_are_removed_and_the_rest_stays(text: str, expected: str) -> None:
    assert plain(text) == expected


@given(st.text())
def test_plain_text_stays_as_it_is_when_made_plain_again(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(st.text())
def test_lines_stay_lines_and_are_each_plain(text: str) -> None:
    lines = plain_lines(text)
    assert plain_lines(lines) == lines
    assert all(plain(line) == line for line in lines.split("\n"))


@pytest.mark.parametrize("text", ["", "  ", "a\x00", "a\nb", "\u202ea", "a\u200b"])
def test_an_identifier_is_not_repaired(text: str) -> None:
    assert not is_plain_identifier(text)
    assert is_plain_identifier("C-2026/1 甲")


def test_a_long_value_is_cut_where_it_stands_in_a_sentence() -> None:
    assert shown("x" * 100, 10) == "x" * 9 + "…"
