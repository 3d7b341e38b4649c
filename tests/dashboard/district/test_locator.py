import numpy as np
import shapely

from dashboard.district.locator import Locator

# A ring, its hole, a triangle that overlaps both and an island far away.
AREAS = np.array(
    [
        shapely.box(113.00, 22.00, 113.03, 22.03) - shapely.box(113.01, 22.01, 113.02, 22.02),
        shapely.box(113.01, 22.01, 113.02, 22.02),
        shapely.Polygon([(113.015, 22.015), (113.05, 22.02), (113.015, 22.05)]),
        shapely.box(113.2, 22.2, 113.2005, 22.2001),
    ],
    object,
)


def brute(areas, lat, lon):
    hits = shapely.intersects(shapely.points(lon, lat)[:, None], areas[None, :])
    return np.where(hits.any(axis=1), hits.argmax(axis=1), -1)


def test_long_columns_agree_with_asking_every_area():
    rng = np.random.default_rng(1)
    lat, lon = rng.uniform(21.99, 22.21, 40_000), rng.uniform(112.99, 113.21, 40_000)
    lat[:20_000], lon[:20_000] = rng.uniform(21.99, 22.06, 20_000), rng.uniform(112.99, 113.06, 20_000)
    assert (Locator(AREAS).locate(lat, lon) == brute(AREAS, lat, lon)).all()


def test_points_close_to_borders_are_exact():
    along = shapely.segmentize(shapely.boundary(AREAS), 0.00002)
    corners = shapely.get_coordinates(along)
    points = np.vstack([corners, corners + np.random.default_rng(2).normal(0, 0.0001, corners.shape)])
    found = Locator(AREAS).locate(points[:, 1], points[:, 0])
    assert (found == brute(AREAS, points[:, 1], points[:, 0])).all()


def test_short_and_long_columns_give_the_same():
    rng = np.random.default_rng(3)
    lat, lon = rng.uniform(21.99, 22.06, 1000), rng.uniform(112.99, 113.06, 1000)
    locator = Locator(AREAS)
    short = [int(locator.locate(a, o)[0]) for a, o in zip(lat.tolist(), lon.tolist(), strict=True)]
    assert short == locator.locate(lat, lon).tolist()


def test_points_that_are_no_places_are_outside():
    lat = np.full(1000, np.nan)
    lat[:3] = [np.inf, -1e300, 95]
    assert (Locator(AREAS).locate(lat, np.full(1000, 113.01)) == -1).all()


def test_without_areas_everything_is_outside():
    assert Locator(np.empty(0, object)).locate(np.zeros(1000), np.zeros(1000)).max() == -1
