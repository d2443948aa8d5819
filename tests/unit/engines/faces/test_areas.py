"""Areas in which known faces are looked for again."""

from __future__ import annotations

from scenedex.engines.faces.areas import Area, areas_around
from scenedex.timeline import BoundingBox


def test_an_area_has_space_for_movement_and_ends_with_the_picture() -> None:
    assert areas_around([BoundingBox(0.5, 0.5, 0.1, 0.2)], 500, 1000) == [Area(440, 190, 660, 410, 100.0)]
    assert areas_around([BoundingBox(0, 0, 0.1, 0.2)], 500, 1000) == [Area(0, 0, 160, 160, 100.0)]


def test_areas_that_touch_are_one_for_the_smaller_face() -> None:
    boxes = [BoundingBox(0.1, 0.1, 0.1, 0.2), BoundingBox(0.8, 0.1, 0.1, 0.2), BoundingBox(0.2, 0.1, 0.05, 0.1)]

    assert areas_around(boxes, 500, 1000) == [Area(740, 0, 960, 210, 100.0), Area(40, 0, 280, 210, 50.0)]
