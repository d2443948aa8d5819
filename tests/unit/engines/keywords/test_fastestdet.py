from __future__ import annotations

import math

import numpy as np
import pytest

from scenedex.engines.keywords.fastestdet import COCO_NAMES, capped, decode

DOG = COCO_NAMES.index("dog")
CAT = COCO_NAMES.index("cat")


def answer() -> np.ndarray:
    """Return the output of a network without detections."""
    cells = np.zeros((85, 22, 22), np.float32)
    cells[3:5] = -10
    return cells


def put(cells: np.ndarray, row: int, column: int, kind: int, confidence: float, size: float = 0.2) -> None:
    cells[0, row, column] = confidence
    cells[1:3, row, column] = math.atanh(0.5)
    cells[3:5, row, column] = math.log(size / (1 - size))
    cells[5 + kind, row, column] = 1


def test_the_data_set_has_80_kinds() -> None:
    assert len(set(COCO_NAMES)) == 80
    assert (COCO_NAMES[0], COCO_NAMES[16], COCO_NAMES[79]) == ("person", "dog", "toothbrush")


def test_nothing_is_found_in_an_answer_without_confidence() -> None:
    assert decode(answer()) == []


def test_a_thing_is_where_its_cell_says() -> None:
    cells = answer()
    put(cells, 10, 5, DOG, 0.9)

    (found,) = decode(cells)

    assert found.name == "dog"
    assert found.confidence == pytest.approx(0.9)
    assert found.box.left + found.box.width / 2 == pytest.approx(5.5 / 22)
    assert found.box.top + found.box.height / 2 == pytest.approx(10.5 / 22)
    assert found.box.width == pytest.approx(0.2)


def test_of_one_thing_seen_by_several_cells_the_surest_remains() -> None:
    cells = answer()
    put(cells, 10, 5, DOG, 0.6)
    put(cells, 10, 6, DOG, 0.8)

    assert [round(thing.confidence, 3) for thing in decode(cells)] == [0.8]


def test_things_of_two_kinds_or_in_two_places_are_several() -> None:
    cells = answer()
    put(cells, 10, 5, DOG, 0.6)
    put(cells, 10, 6, CAT, 0.8)
    put(cells, 2, 20, DOG, 0.7)

    assert [thing.name for thing in decode(cells)] == ["cat", "dog", "dog"]


def test_a_box_beyond_the_edge_is_cut() -> None:
    cells = answer()
    put(cells, 0, 21, DOG, 0.9, size=0.6)

    (found,) = decode(cells)

    assert found.box.top == 0
    assert found.box.left + found.box.width == pytest.approx(1)


def test_numbers_that_are_none_are_no_things() -> None:
    assert decode(np.full((85, 22, 22), np.nan, np.float32)) == []


def test_a_thing_is_no_surer_than_its_class_is_reliable() -> None:
    cells = answer()
    put(cells, 10, 5, COCO_NAMES.index("cell phone"), 0.95)
    put(cells, 2, 20, COCO_NAMES.index("car"), 0.7)

    assert [(thing.name, round(thing.confidence, 2)) for thing in capped(decode(cells))] == [
        ("car", 0.7),
        ("cell phone", 0.3),
    ]
