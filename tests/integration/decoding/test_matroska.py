"""Headers and last blocks of Matroska files."""

from __future__ import annotations

import io
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.media.matroska import MatroskaHead, last_time, read_head

if TYPE_CHECKING:
    from tests.integration.decoding.conftest import MakeSample


def live(sample: MakeSample, **changes: object) -> bytes:
    return sample(
        frames=50, container="webm", codec="libvpx", sound="libopus", container_options={"live": "1"}, **changes
    )


def last_video_time(file: io.BytesIO, head: MatroskaHead | None = None) -> Fraction | None:
    head = head or read_head(file)
    return last_time(file, head, head.videos[:1])


def test_a_recorded_stream_says_no_duration(sample: MakeSample) -> None:
    head = read_head(io.BytesIO(live(sample)))
    assert not head.has_duration
    assert head.tick_ns == 1_000_000
    assert len(head.videos) == 1


def test_a_finished_file_says_its_duration(sample: MakeSample) -> None:
    assert read_head(io.BytesIO(sample(container="matroska"))).has_duration


def test_the_last_picture_is_found_from_the_end(sample: MakeSample) -> None:
    file = io.BytesIO(live(sample))
    assert last_video_time(file) == Fraction(49, 25)


def test_a_cut_recording_ends_with_its_last_whole_block(sample: MakeSample) -> None:
    data = live(sample)
    file = io.BytesIO(data[: len(data) * 2 // 3])
    last = last_video_time(file)
    assert last is not None
    assert Fraction(1, 2) < last < Fraction(49, 25)


def test_a_block_that_was_cut_is_none(sample: MakeSample) -> None:
    data = sample(frames=50, container="webm", codec="libvpx", container_options={"live": "1"})
    for missing, last in ((0, Fraction(49, 25)), (1, Fraction(48, 25))):
        file = io.BytesIO(data[: len(data) - missing])
        assert last_video_time(file) == last


def test_the_last_block_of_any_track_is_not_that_of_the_video(sample: MakeSample) -> None:
    file = io.BytesIO(live(sample))
    head = read_head(file)
    last = last_time(file, head)
    assert last is not None
    assert last > Fraction(49, 25)
    assert last_time(file, head, []) is None


@pytest.mark.parametrize("data", [b"", b"\x1a\x45\xdf\xa3", b"\x1f\x43\xb6\x75", b"\x1f\x43\xb6\x75\xff" + bytes(50)])
def test_where_there_is_no_picture_none_is_found(data: bytes) -> None:
    assert last_video_time(io.BytesIO(data), MatroskaHead(videos=[1])) is None


@given(st.binary(max_size=300))
def test_no_bytes_lead_to_an_error(data: bytes) -> None:
    for head in (b"", b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\xff", b"\x1f\x43\xb6\x75\xff\xe7\x81\x05"):
        file = io.BytesIO(head + data)
        last_video_time(file)


def test_clusters_of_nothing_are_not_walked_without_end() -> None:
    # From each of them to the last: some 20 thousand million steps.
    nothing = bytes.fromhex("1F43B675 80") * 200_000
    assert last_video_time(io.BytesIO(nothing), MatroskaHead(videos=[1])) is None
