import numpy as np
import pytest
import shapely

from dashboard.district.areas import AreaError, hull, sample_within, tessellate

# A bay cuts into the outline, so nearest-seat areas would come apart without care.
BAY = shapely.Polygon([(113.7, 22.5), (113.9, 22.5), (113.9, 22.6), (113.8, 22.52), (113.7, 22.6)])


def seats_within(area, count, seed=5):
    return sample_within(area, count, np.random.default_rng(seed))


def check_partition(found, outline):
    assert shapely.coverage_is_valid(found.cells), "cells overlap or leave slits"
    assert shapely.area(found.cells).sum() == pytest.approx(outline.area, rel=1e-3)
    assert shapely.area(found.communities).sum() == pytest.approx(outline.area, rel=1e-3)
    assert shapely.symmetric_difference(found.outline, outline).area < 1e-3 * outline.area
    for place, community in enumerate(found.communities):
        own = shapely.union_all(found.cells[found.cell_community == place])
        assert shapely.symmetric_difference(own, community).area < 1e-12


def test_cells_and_communities_divide_the_outline():
    cells = list(range(1, 25))
    found = tessellate(seats_within(BAY, 24), cells, BAY)
    check_partition(found, BAY)
    assert np.bincount(found.cell_community).tolist() == cells
    assert {area.geom_type for area in [*found.cells, *found.communities]} == {"Polygon"}


def test_seats_lie_in_their_own_community():
    seats = seats_within(BAY, 24)
    found = tessellate(seats, [3] * 24, BAY)
    assert shapely.contains_xy(found.communities, seats).sum() >= 22


def test_cells_of_one_community_are_of_similar_size():
    found = tessellate(np.array([[113.8, 22.51]]), [100], BAY)
    size = shapely.area(found.cells)
    assert size.max() < 3 * np.median(size) and size.min() > np.median(size) / 3


def test_the_same_seed_gives_the_same_areas_and_another_seed_others():
    seats = seats_within(BAY, 6)
    one, same, other = (tessellate(seats, [9] * 6, BAY, seed=seed) for seed in (1, 1, 2))
    assert shapely.equals_exact(one.cells, same.cells).all()
    assert not shapely.equals_exact(one.cells, other.cells).all()


def test_communities_stay_within_their_wall_and_the_rest_outside():
    west = shapely.box(113.7, 22.5, 113.8, 22.6) & BAY
    seats = np.vstack([seats_within(west, 4), seats_within(BAY - west, 3)])
    found = tessellate(seats, [5] * 7, BAY, [west], [0, 0, 0, 0, -1, -1, -1])
    check_partition(found, BAY)
    assert shapely.symmetric_difference(shapely.union_all(found.communities[:4]), west).area < 1e-3 * west.area


def test_an_island_belongs_to_the_nearest_seat():
    island = shapely.box(113.95, 22.5, 113.97, 22.52)
    found = tessellate(np.array([[113.72, 22.51], [113.88, 22.51]]), [2, 3], shapely.union(BAY, island))
    assert shapely.contains(found.communities[1], island.centroid)
    assert len(found.cells) == 5


def test_more_cells_than_fit_are_refused():
    speck = shapely.box(113.7, 22.5, 113.700004, 22.500004)
    with pytest.raises(AreaError, match="no room for so many cells") as complaint:
        tessellate(np.array([[113.700002, 22.500002]]), [500], speck)
    assert complaint.value.place == 0


@pytest.mark.parametrize("count", [1, 2, 3, 40])
def test_a_hull_has_room_around_every_seat(count):
    seats = seats_within(BAY, count)
    around = hull(seats)
    assert shapely.contains_xy(around, seats).all() and around.geom_type == "Polygon"
