import pytest

from dashboard.records import Reading
from feeds.source import FeedError, build, identifier, parse


def test_parse_says_what_and_where():
    with pytest.raises(FeedError, match=r"the thing: .*\$\[1\]"):
        parse(b'[1, "x"]', list[int], "the thing")


def test_build_checks_the_limits_of_a_record():
    with pytest.raises(FeedError, match="sensor"):
        build(Reading, id="1", sensor="x" * 81, at="2026-11-20T06:32:05Z", value=1.0)


def test_identifier_of_long_parts_is_a_digest_that_still_tells_them_apart():
    assert identifier("a", 1) == "a:1"
    long, other = identifier("x" * 100, 1), identifier("x" * 100, 2)
    assert len(long) <= 80
    assert long != other
