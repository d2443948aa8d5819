"""Smaller copies of pictures, made in a real child."""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from scene_evidence import jpeg
from scenedex.media.errors import DimensionsTooLarge, MediaUnreadable
from scenedex.media.shrinking import shrink

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.media.child import ChildLimits


def shrunk(pictures: Sequence[bytes], limits: ChildLimits, *, longest_side: int = 768) -> list[Image.Image]:
    found = asyncio.run(shrink(pictures, limits, longest_side=longest_side, quality=80))
    return [Image.open(io.BytesIO(one)) for one in found]


def test_longer_sides_are_scaled_down_and_small_pictures_stay(limits: ChildLimits) -> None:
    pictures = [jpeg(1920, 1080, 40), jpeg(480, 854, 90), jpeg(320, 180, 140)]

    found = shrunk(pictures, limits)

    assert [one.size for one in found] == [(768, 432), (432, 768), (320, 180)]
    assert [one.format for one in found] == ["JPEG"] * 3
    greys = [one.convert("L").getpixel((5, 5)) for one in found]
    assert greys == pytest.approx([40, 90, 140], abs=4)


def test_nothing_is_made_of_no_pictures(limits: ChildLimits) -> None:
    assert shrunk([], limits) == []


@pytest.mark.parametrize("broken", [b"", b"no picture", jpeg()[:400]], ids=["empty", "text", "cut"])
def test_a_broken_picture_is_refused(limits: ChildLimits, broken: bytes) -> None:
    with pytest.raises(MediaUnreadable):
        shrunk([jpeg(), broken], limits)


def test_a_picture_with_too_many_pixels_is_refused(limits: ChildLimits) -> None:
    with pytest.raises(DimensionsTooLarge):
        shrunk([jpeg(854, 480)], replace(limits, max_pixels=1000))
