"""Packs of stills: all pictures are read back, one at a time."""

from __future__ import annotations

import io
from fractions import Fraction

import numpy as np
import pytest

from scenedex.media.errors import MediaUnreadable
from scenedex.media.images import read_image
from scenedex.media.stills import StillPack, StillPackWriter
from scenedex.timeline import Timecode


def at(seconds: float) -> Timecode:
    return Timecode(Fraction(seconds))


def plain(level: int) -> np.ndarray:
    return np.full((36, 64, 3), level, np.uint8)


def packed(*levels: int) -> io.BytesIO:
    file = io.BytesIO()
    writer = StillPackWriter(file, quality=90)
    for place, level in enumerate(levels):
        writer.add(at(place / 2), plain(level))
    writer.close()
    return file


def test_pictures_come_out_with_their_times() -> None:
    pack = StillPack(packed(10, 200))

    assert [still.time for still in pack.stills] == [at(0), at(0.5)]
    assert [round(float(pack.rgb(still).mean())) for still in pack.stills] == [10, 200]


def test_stills_are_in_order_of_time_whatever_the_order_of_calls() -> None:
    file = io.BytesIO()
    writer = StillPackWriter(file, quality=90)
    writer.add(at(2), plain(20))
    writer.add(at(1), plain(10), is_keyframe=True)
    writer.close()

    assert [(still.time, still.is_keyframe) for still in StillPack(file).stills] == [(at(1), True), (at(2), False)]


def test_a_repeated_picture_shares_its_file() -> None:
    file = io.BytesIO()
    writer = StillPackWriter(file, quality=90)
    writer.repeat(writer.add(at(0), plain(10)), at(0.5))
    writer.close()
    first, second = StillPack(file).stills

    assert (first.offset, first.time) != (second.offset, second.time)
    assert first.offset == second.offset


def test_a_whole_picture_is_the_one_that_the_reader_of_images_decodes() -> None:
    file = io.BytesIO()
    writer = StillPackWriter(file, quality=90)
    still = writer.add(at(0), np.random.default_rng(1).integers(0, 256, (90, 161, 3), np.uint8))
    writer.close()
    file.seek(still.offset)
    jpeg = io.BytesIO(file.read(still.length))

    assert np.array_equal(StillPack(file).rgb(still), read_image(jpeg, "jpg", max_pixels=1 << 24))


def test_a_broken_picture_is_refused() -> None:
    file = io.BytesIO()
    writer = StillPackWriter(file, quality=90)
    stills = [writer.add_jpeg(at(0), b"no picture"), writer.add_jpeg(at(1), b"")]
    writer.close()

    for still in stills:
        with pytest.raises(MediaUnreadable):
            StillPack(file).rgb(still)


def test_an_empty_pack_holds_nothing() -> None:
    assert list(StillPack(packed()).stills) == []


@pytest.mark.parametrize("cut", [0, 5, 30, -1])
def test_what_is_no_complete_pack_is_refused(cut: int) -> None:
    with pytest.raises(MediaUnreadable):
        StillPack(io.BytesIO(packed(10, 20).getvalue()[:cut]))
