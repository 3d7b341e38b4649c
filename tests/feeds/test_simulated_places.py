import numpy as np

from feeds.simulated_places import Places
from tests.feeds.small_district import small_district


def test_every_place_lies_in_the_community_that_it_is_kept_under() -> None:
    district = small_district()
    places = Places.of(district, 1)
    cell = district.locate(places.lat, places.lon)
    assert (district.cell_community[cell] == places.community).mean() > 0.999  # seats of missed ones aside
    assert set(places.community.tolist()) == set(range(6))


def test_metres_and_degrees_are_each_others_inverse() -> None:
    places = Places.of(small_district(), 1)
    x, y = places.metres(places.lat, places.lon)
    lat, lon = places.degrees(x, y)
    assert np.allclose(lat, places.lat) and np.allclose(lon, places.lon)


def test_the_same_seed_gives_the_same_places() -> None:
    one, other = Places.of(small_district(), 7), Places.of(small_district(), 7)
    assert np.array_equal(one.lat, other.lat)


def test_a_place_within_a_community_is_its_own() -> None:
    places = Places.of(small_district(), 1)
    wanted = np.array([0, 3, 5, 3])
    assert places.community[places.within(np.random.default_rng(1), wanted)].tolist() == wanted.tolist()
    anywhere = places.within(np.random.default_rng(1), np.full(200, -1))
    assert len(set(places.community[anywhere].tolist())) == 6
