import pytest

import feeds
from dashboard.district.geo import Crs
from feeds import FeedError, hikvision, mqtt

FIELD = {
    "type": "mqtt",
    "crs": "gcj02",
    "host": "broker",
    "topics": {"owntracks/+/+": "owntracks"},
    "owntracks": {"units": {"p1": "V0001"}},
}


def test_tables_become_settings_of_their_type():
    (first, settings), (second, push) = feeds.configure(
        {"field": FIELD, "cameras": {"type": "hikvision", "crs": "wgs84"}}
    )
    assert (first.name, settings.name, settings.crs, settings.port) == ("mqtt", "field", Crs.GCJ02, 1883)
    assert isinstance(settings, mqtt.Settings)
    assert settings.owntracks.units == {"p1": "V0001"}
    assert isinstance(push, hikvision.Settings)
    assert second.fetch is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"crs": None}, r"feeds\.field: `crs` is missing.*gcj02"),
        ({"crs": "epsg:4326"}, r"feeds\.field: .*crs"),
        ({"type": "carrier pigeon"}, r"feeds\.field: `type` must be one of mqtt"),
        ({"type": None}, r"feeds\.field: `type`"),
        ({"hots": "x"}, r"feeds\.field: .*hots"),
        ({"host": None}, r"feeds\.field: .*host"),
        ({"topics": {"#": "psychic"}}, r"feeds\.field: .*psychic"),
        ({"port": "x"}, r"feeds\.field: .*port"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_by_name_and_field(change, reason):
    table = {key: value for key, value in {**FIELD, **change}.items() if value is not None}
    with pytest.raises(FeedError, match=reason):
        feeds.configure({"field": table})


def test_every_feed_has_a_name_of_its_own():
    names = [feed.name for feed in feeds.FEEDS]
    assert len(names) == len(set(names))
