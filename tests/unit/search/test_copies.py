"""Hits of the same moment in assets with the same bytes."""

from __future__ import annotations

import pytest

from scenedex.search.content_queries import IndexedContent
from scenedex.search.copies import CopiedHit, copied_contents, first_of_each_moment

WHOLE, FIRST, SECOND = (0, 180_000), (0, 60_000), (60_000, 120_000)


@pytest.mark.parametrize(
    ("indexes", "same"),
    [
        pytest.param([(1, "a", None, 5), (2, "a", None, 5), (3, "b", None, 5)], {1, 2}, id="equal hashes"),
        pytest.param([(1, None, "e", 5), (2, None, "e", 5), (3, None, "e", 6)], {1, 2}, id="equal tags and sizes"),
        pytest.param([(1, None, "e", 5), (2, "a", "e", 5), (3, "a", None, 5)], {1, 2, 3}, id="a hash by its tag"),
        pytest.param([(1, "a", "e", 5), (2, "b", "f", 5)], set[int](), id="different bytes"),
        pytest.param([(1, None, "e", None), (2, None, "e", None)], set[int](), id="unknown sizes"),
        pytest.param([], set[int](), id="no hits"),
    ],
)
def test_assets_with_the_same_bytes_are_recognised(
    indexes: list[tuple[int, str | None, str | None, int | None]], same: set[int]
) -> None:
    found = copied_contents([IndexedContent(*one) for one in indexes])

    assert set(found) == same
    assert len(set(found.values())) <= 1


def ranks(*hits: tuple[int, tuple[int, int], tuple[int, int] | None]) -> list[int]:
    copied = [
        CopiedHit(number, index_id, "a", scene, moment) for number, (index_id, scene, moment) in enumerate(hits, 1)
    ]
    return first_of_each_moment(len(hits), copied)


def test_scenes_of_one_range_are_one_hit() -> None:
    assert ranks((1, FIRST, None), (2, SECOND, None), (2, FIRST, None), (3, SECOND, None)) == [1, 2, 1, 2]


def test_scenes_of_one_index_are_different_hits() -> None:
    assert ranks((1, FIRST, None), (1, SECOND, None)) == []


def test_scenes_of_other_bounds_are_one_hit_if_their_moments_overlap() -> None:
    hits = (1, WHOLE, (31_000, 34_000)), (2, FIRST, (31_500, 33_000)), (2, SECOND, (70_000, 71_000))

    assert ranks(*hits) == [1, 1, 3]


def test_other_bytes_are_other_hits() -> None:
    copied = [CopiedHit(1, 1, "a", FIRST), CopiedHit(3, 2, "b", FIRST), CopiedHit(4, 3, "b", FIRST)]

    assert first_of_each_moment(5, copied) == [1, 2, 3, 3, 5]
