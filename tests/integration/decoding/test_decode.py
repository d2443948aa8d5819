"""Times, order and pictures of a decode pass."""

# PyAV's stubs leave the streams of packets open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import io
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenedex.media.errors import DimensionsTooLarge, MediaUnreadable
from scenedex.media.opened import OpenedMedia
from scenedex.media.probe_entry import measure
from scenedex.media.samples import SampleFormat, Take, drifting, plain, write_video

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.integration.decoding.conftest import MakeSample, OpenBytes

FRAME = Fraction(1, 25)


def times(media: OpenedMedia) -> tuple[list[Fraction], Fraction]:
    """Return the seconds of each frame, and of the end."""
    with media.video(threads=1) as video:
        seconds = [frame.time.seconds for frame in video.frames()]
        return seconds, video.end.seconds


@pytest.mark.parametrize(
    ("container", "codec", "pixel_format"),
    [
        ("mp4", "mpeg4", "yuv420p"),
        ("mp4", "libvpx-vp9", "yuv420p"),
        ("mov", "prores_ks", "yuv422p10le"),
        ("mov", "mjpeg", "yuvj420p"),
        ("matroska", "mpeg4", "yuv420p"),
        ("webm", "libvpx", "yuv420p"),
    ],
)
def test_frames_come_in_order_at_their_exact_times(
    sample: MakeSample, opened: OpenBytes, container: str, codec: str, pixel_format: str
) -> None:
    media = opened(sample(container=container, codec=codec, pixel_format=pixel_format))
    assert times(media) == ([number * FRAME for number in range(20)], 20 * FRAME)


def test_a_rate_that_is_no_whole_number_stays_exact(sample: MakeSample, opened: OpenBytes) -> None:
    rate = Fraction(30000, 1001)
    seconds, end = times(opened(sample(rate=rate)))
    assert seconds == [number / rate for number in range(20)]
    # The header of the container counts in milliseconds.
    assert abs(end - 20 / rate) <= Fraction(1, 1000)


def test_frames_with_references_to_later_ones_are_put_in_order(sample: MakeSample, opened: OpenBytes) -> None:
    media = opened(sample(codec_options={"bf": "2"}))
    assert times(media)[0] == [number * FRAME for number in range(20)]


def test_a_variable_frame_rate_keeps_its_times(sample: MakeSample, opened: OpenBytes) -> None:
    stamps = (0, 40, 80, 1000, 1033, 2500)
    seconds, end = times(opened(sample(frames=6, times_ms=stamps, container="matroska")))
    assert seconds == [Fraction(stamp, 1000) for stamp in stamps]
    assert end > seconds[-1]


def test_time_begins_with_the_first_frame_of_a_film_that_begins_late(sample: MakeSample, opened: OpenBytes) -> None:
    stamps = tuple(range(5000, 5400, 40))
    seconds, _end = times(opened(sample(frames=10, times_ms=stamps, container="matroska")))
    assert seconds[0] == 0
    assert seconds[-1] == 9 * FRAME


def remuxed(data: bytes, shift: Sequence[int | None], container: str = "matroska") -> bytes:
    """The same packets with their times moved by so many ticks of 1 ms each."""
    out = io.BytesIO()
    with av.open(io.BytesIO(data), "r") as source, av.open(out, "w", format=container) as target:
        video = target.add_stream_from_template(source.streams.video[0])
        for packet, by in zip(source.demux(video=0), shift, strict=False):
            assert packet.pts is not None
            packet.stream = video
            packet.pts += by or 0
            packet.dts = packet.pts
            target.mux(packet)
    return out.getvalue()


def test_of_two_pictures_for_one_moment_the_first_is_shown(sample: MakeSample, opened: OpenBytes) -> None:
    data = remuxed(sample(container="matroska"), [0, 0, 0, 0, 0, -40, 0, 0, 0, 0])
    seconds, _end = times(opened(data))
    assert all(one < other for one, other in pairwise(seconds))
    assert seconds == [number * FRAME for number in (0, 1, 2, 3, 4, 6, 7, 8, 9)]


def test_the_end_agrees_with_the_probe(sample: MakeSample, opened: OpenBytes) -> None:
    for data in (
        sample(),
        sample(sound="aac"),
        sample(container="matroska", sound="aac"),
        sample(frames=50, container="webm", codec="libvpx", sound="libopus", container_options={"live": "1"}),
        sample(frames=50, container_options={"movflags": "frag_keyframe+empty_moov"}),
    ):
        found = measure(opened(data), b"")
        assert times(opened(data))[1] == found.duration


@pytest.mark.parametrize(("container", "codec"), [("webm", "libvpx"), ("matroska", "mpeg4")])
@pytest.mark.parametrize("share", [0.5, 0.9, 0.99])
def test_the_end_of_a_cut_recording_agrees_with_the_probe(
    sample: MakeSample, opened: OpenBytes, container: str, codec: str, share: float
) -> None:
    data = sample(frames=50, container=container, codec=codec, container_options={"live": "1"})
    data = data[: int(len(data) * share)]
    seconds, end = times(opened(data))
    assert end == measure(opened(data), b"").duration
    assert end == seconds[-1] + FRAME


@pytest.mark.parametrize(("container", "codec"), [("mp4", "mpeg4"), ("matroska", "mpeg4"), ("webm", "libvpx")])
def test_a_film_that_begins_late_ends_with_its_pictures(
    sample: MakeSample, opened: OpenBytes, container: str, codec: str
) -> None:
    data = sample(frames=75, container=container, codec=codec, times_ms=tuple(range(5000, 8000, 40)))
    seconds, end = times(opened(data))
    assert (seconds[0], seconds[-1], end) == (0, 74 * FRAME, 3)


def test_the_end_is_not_known_before_the_walk_is_over(sample: MakeSample, opened: OpenBytes) -> None:
    with opened(sample()).video() as video, pytest.raises(ValueError, match="after the last frame"):
        _ = video.end


def test_frames_that_are_kept_stay_as_they_are(sample: MakeSample, opened: OpenBytes) -> None:
    with opened(sample()).video(threads=2) as video:
        kept = list(video.frames())
    pictures = [frame.rgb(180) for frame in kept]
    assert [frame.index for frame in kept] == list(range(20))
    assert all(not np.array_equal(one, other) for one, other in pairwise(pictures))


@pytest.mark.parametrize(
    ("codec", "pixel_format"), [("mpeg4", "yuv420p"), ("prores", "yuv422p10le"), ("libvpx-vp9", "gbrp")]
)
def test_lines_of_luma_are_in_full_resolution(opened: OpenBytes, codec: str, pixel_format: str) -> None:
    columns = np.repeat((np.arange(320) // 2 % 2 * 100 + 60).astype(np.uint8)[None], 180, axis=0)
    target = io.BytesIO()
    take = Take(2, lambda _: np.repeat(columns[:, :, None], 3, axis=2))
    write_video(target, [take], SampleFormat(container="matroska", codec=codec, pixel_format=pixel_format))
    with opened(target.getvalue()).video() as video:
        lines = next(iter(video.frames())).luma_lines()

    assert (lines.shape, lines.dtype) == ((12, 2, 320), np.uint8)
    assert np.abs(np.diff(lines.astype(int), axis=2)).mean() > 30


def test_samples_are_taken_once(sample: MakeSample, opened: OpenBytes) -> None:
    with opened(sample()).video() as video:
        frame = next(iter(video.frames()))
        assert frame.sampled_planes() is frame.sampled_planes()


@pytest.mark.parametrize(
    ("rotation", "corner"),
    # Where the red corner, coded top left, is seen after a counter-clockwise turn by so much.
    [(0, "top left"), (90, "bottom left"), (180, "bottom right"), (270, "top right")],
)
def test_pictures_stand_upright(opened: OpenBytes, rotation: int, corner: str) -> None:
    picture = np.full((180, 320, 3), (0, 0, 255), np.uint8)
    picture[:60, :100] = (255, 0, 0)
    target = io.BytesIO()
    write_video(target, [Take(2, lambda _: picture)], SampleFormat(container="mp4", rotation=rotation))
    with opened(target.getvalue()).video() as video:
        seen = next(iter(video.frames())).rgb(1000)
    assert seen.shape == ((320, 180, 3) if rotation in (90, 270) else (180, 320, 3))
    row = 10 if "top" in corner else -10
    column = 10 if "left" in corner else -10
    assert seen[row, column, 0] > 180
    assert seen[-row, -column, 2] > 180


@pytest.mark.parametrize(("max_height", "expected"), [(90, (90, 160)), (1000, (180, 320)), (1, (2, 2))])
def test_pictures_are_made_smaller_never_larger(
    sample: MakeSample, opened: OpenBytes, max_height: int, expected: tuple[int, int]
) -> None:
    with opened(sample()).video() as video:
        assert next(iter(video.frames())).rgb(max_height).shape[:2] == expected


def test_pixels_that_are_not_square_are_stretched(opened: OpenBytes) -> None:
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as target:
        video = target.add_stream("mpeg4", rate=25)
        video.width, video.height, video.pix_fmt = 180, 144, "yuv420p"
        video.sample_aspect_ratio = Fraction(16, 15)
        frame = av.VideoFrame.from_ndarray(np.zeros((144, 180, 3), np.uint8), "rgb24")
        target.mux(video.encode(frame))
        target.mux(video.encode(None))
    with opened(out.getvalue()).video() as pass_:
        assert next(iter(pass_.frames())).rgb(144).shape[:2] == (144, 192)


def test_damaged_packets_are_passed_over_and_counted(sample: MakeSample, opened: OpenBytes) -> None:
    data = bytearray(sample(container="mov", codec="mjpeg", pixel_format="yuvj420p"))
    with av.open(io.BytesIO(bytes(data)), "r") as source:
        places = [(packet.pos, packet.size) for packet in source.demux(video=0) if packet.pos is not None]
    for position, size in places[5:8]:
        data[position : position + size] = bytes(size)
    with opened(bytes(data)).video(threads=1) as video:
        seconds = [frame.time.seconds for frame in video.frames()]
        assert video.damaged_packets == 3
    assert seconds == [number * FRAME for number in range(20) if number not in (5, 6, 7)]


def test_a_stream_without_one_picture_is_refused(sample: MakeSample, opened: OpenBytes) -> None:
    data = bytearray(sample(codec="libvpx-vp9"))
    start, end = data.find(b"mdat") + 4, data.find(b"moov") - 4
    data[start:end] = np.random.default_rng(1).bytes(end - start)
    with opened(bytes(data)).video(threads=1) as video, pytest.raises(MediaUnreadable, match="Not one picture"):
        list(video.frames())


def test_a_picture_that_grows_in_mid_film_is_sampled_like_the_others(opened: OpenBytes) -> None:
    out = io.BytesIO()
    with av.open(out, "w", format="matroska") as target:
        first = target.add_stream("mjpeg", rate=25)
        first.width, first.height, first.pix_fmt = 320, 180, "yuvj420p"
        for number, (width, height) in enumerate(((320, 180), (320, 180), (640, 360), (160, 90))):
            context = av.CodecContext.create("mjpeg", "w")
            assert isinstance(context, av.VideoCodecContext)
            context.width, context.height, context.pix_fmt = width, height, "yuvj420p"
            context.time_base = FRAME
            frame = av.VideoFrame.from_ndarray(drifting(1, width, height)(0), "rgb24").reformat(format="yuvj420p")
            for packet in (*context.encode(frame), *context.encode(None)):
                packet.stream = first
                packet.time_base = FRAME
                packet.pts = packet.dts = number
                target.mux(packet)
    with opened(out.getvalue()).video(threads=1) as video:
        shapes = {tuple(plane.shape for plane in frame.sampled_planes()) for frame in video.frames()}
    assert len(shapes) == 1


def test_a_film_larger_than_allowed_is_not_decoded(sample: MakeSample, opened: OpenBytes) -> None:
    with pytest.raises(DimensionsTooLarge), opened(sample(), max_pixels=1000).video():
        pass


def test_progress_is_told_by_the_time_of_the_media(sample: MakeSample, opened: OpenBytes) -> None:
    reports: list[tuple[float, int]] = []
    with opened(sample(frames=200), reports=reports).video() as video:
        slow = iter(video.frames())
        for frame in slow:
            # Simulates work on the frame that takes longer than the time between two reports.
            if frame.index % 50 == 0:
                _wait_for_the_clock()
    assert 3 <= len(reports) <= 5
    assert reports == sorted(reports)
    assert all(abs(fraction - done / 200) < 0.05 for fraction, done in reports)


def test_progress_of_a_recorded_stream_goes_by_its_measured_length(sample: MakeSample, opened: OpenBytes) -> None:
    reports: list[tuple[float, int]] = []
    data = sample(frames=50, container="webm", codec="libvpx", container_options={"live": "1"})
    with opened(data, reports=reports).video() as video:
        assert video.expected_duration.seconds == 2
        for frame in video.frames():
            if frame.index == 20:
                _wait_for_the_clock()
    assert reports
    assert all(abs(fraction - done / 50) < 0.05 for fraction, done in reports)


def _wait_for_the_clock() -> None:
    import time  # noqa: PLC0415  # the only test that waits

    time.sleep(0.25)


@settings(deadline=None, max_examples=15)
@given(st.lists(st.integers(1, 2000), min_size=1, max_size=12))
def test_any_distances_between_frames_come_back(distances: list[int]) -> None:
    stamps = [0]
    for distance in distances:
        stamps.append(stamps[-1] + distance)
    target = io.BytesIO()
    form = SampleFormat(
        width=32, height=32, container="matroska", codec="mjpeg", pixel_format="yuvj420p", times_ms=tuple(stamps)
    )
    write_video(target, [Take(len(stamps), plain(9, 9, 9, 32, 32))], form)
    media = OpenedMedia(io.BytesIO(target.getvalue()), None, max_pixels=10**6, report=lambda _fraction, _done: None)
    assert times(media)[0] == [Fraction(stamp, 1000) for stamp in stamps]
