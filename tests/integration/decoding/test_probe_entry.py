"""Probing of odd files."""

# PyAV's stubs leave the streams of packets open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import io
import struct
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
from av import logging
from PIL import Image

from scenedex.media.errors import DimensionsTooLarge, MediaUnreadable
from scenedex.media.probe_entry import measure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.integration.decoding.conftest import MakeSample, OpenBytes


FRAME = Fraction(1, 25)


@pytest.mark.parametrize(
    ("container", "codec", "changes", "expected"),
    [
        pytest.param("mp4", "mpeg4", {}, "mp4", id="mpeg4 in mp4"),
        pytest.param("mp4", "libvpx-vp9", {}, "mp4", id="vp9 in mp4"),
        pytest.param("mov", "mjpeg", {"pixel_format": "yuvj420p"}, "mov", id="mjpeg in mov"),
        pytest.param("mov", "prores_ks", {"pixel_format": "yuv422p10le"}, "mov", id="prores in mov"),
        pytest.param("matroska", "mpeg4", {}, "mkv", id="mpeg4 in mkv"),
        pytest.param("webm", "libvpx", {}, "webm", id="vp8 in webm"),
    ],
)
def test_supported_videos_are_measured(
    sample: MakeSample, opened: OpenBytes, container: str, codec: str, changes: dict[str, str], expected: str
) -> None:
    found = measure(opened(sample(container=container, codec=codec, **changes)), b"")
    assert (found.format, found.kind, found.width, found.height) == (expected, "VIDEO", 320, 180)
    assert found.duration == 20 * FRAME
    assert not found.has_audio


@pytest.mark.parametrize("container", ["mov", "mp4", "matroska"])
@pytest.mark.parametrize(
    ("stated", "found"),
    [("10:00:00:00", "10:00:00:00"), ("23:59:59:24", "23:59:59:24"), ("10:00:00", None), ("tomorrow", None)],
)
def test_the_timecode_of_the_first_frame_is_read(
    sample: MakeSample, opened: OpenBytes, container: str, stated: str, found: str | None
) -> None:
    data = remade(sample(), lambda _stream: None, container, {"timecode": stated, "reel_name": "A001\nR2"})
    probed = measure(opened(data), b"")
    assert probed.start_timecode == found
    # Other containers have no place for it.
    assert probed.reel == ("A001R2" if container == "matroska" else None)


@pytest.mark.parametrize(
    ("rate", "counted", "found"),
    [(50, 50, "10:00:00:12"), (50, 25, "10:00:00:24"), (60, 30, "10:00:00:24"), (100, 25, "10:00:00:48")],
)
def test_a_timecode_that_counts_some_frames_is_converted_to_the_rate_of_the_film(
    sample: MakeSample, opened: OpenBytes, rate: int, counted: int, found: str
) -> None:
    tags = {"timecode": "10:00:00:12"}
    data = bytearray(remade(sample(rate=Fraction(rate)), lambda _stream: None, "mov", tags, rate))
    entry = data.rfind(b"tmcd") - 4
    place = data.rfind((36_000 * rate + 12).to_bytes(4, "big"), 0, data.find(b"moov"))
    data[place : place + 4] = (36_000 * counted + 12).to_bytes(4, "big")
    ticks = int.from_bytes(data[entry + 24 : entry + 28], "big") // counted
    data[entry + 28 : entry + 33] = ticks.to_bytes(4, "big") + bytes([counted])

    assert measure(opened(bytes(data)), b"").start_timecode == found


@pytest.mark.parametrize("flags", ["", "frag_keyframe+empty_moov"])
def test_an_encrypted_film_is_called_so(sample: MakeSample, opened: OpenBytes, flags: str) -> None:
    keys = {"encryption_scheme": "cenc-aes-ctr", "encryption_key": "76a6" * 8, "encryption_kid": "a7e6" * 8}
    with pytest.raises(MediaUnreadable, match="encrypted"):
        measure(opened(sample(container_options=keys | ({"movflags": flags} if flags else {}))), b"")


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_sides_are_those_of_the_upright_picture(sample: MakeSample, opened: OpenBytes, rotation: int) -> None:
    found = measure(opened(sample(rotation=rotation)), b"")
    assert (found.width, found.height) == ((180, 320) if rotation in (90, 270) else (320, 180))


def test_resolution_counts_coded_pixels_whatever_their_shape(sample: MakeSample, opened: OpenBytes) -> None:
    data = remade(sample(), lambda stream: setattr(stream, "sample_aspect_ratio", Fraction(4, 3)))
    assert (measure(opened(data), b"").width, measure(opened(data), b"").height) == (320, 180)


def test_sound_is_noticed(sample: MakeSample, opened: OpenBytes) -> None:
    assert measure(opened(sample(sound="aac")), b"").has_audio


def test_a_variable_frame_rate_lasts_as_long_as_its_frames(sample: MakeSample, opened: OpenBytes) -> None:
    times = (0, 40, 80, 1000, 1033, 2500)
    found = measure(opened(sample(frames=6, times_ms=times, container="matroska")), b"")
    assert Fraction(25, 10) < found.duration <= Fraction(40, 10)


def test_a_recorded_stream_without_duration_is_measured_by_its_end(sample: MakeSample, opened: OpenBytes) -> None:
    data = sample(frames=50, container="webm", codec="libvpx", sound="libopus", container_options={"live": "1"})
    assert measure(opened(data), b"").duration == 2


@pytest.mark.parametrize("flags", ["frag_keyframe+empty_moov", "frag_keyframe+empty_moov+skip_trailer"])
def test_a_recording_in_pieces_is_measured_by_its_end(sample: MakeSample, opened: OpenBytes, flags: str) -> None:
    data = sample(frames=50, container_options={"movflags": flags})
    assert abs(measure(opened(data), b"").duration - 2) <= FRAME


def test_a_recording_in_pieces_that_lost_whole_ones_is_as_long_as_what_is_left(
    sample: MakeSample, opened: OpenBytes
) -> None:
    data = sample(frames=50, container_options={"movflags": "frag_keyframe+empty_moov"})
    found = measure(opened(data[: data.rfind(b"moof") - 4]), b"")
    assert 0 < found.duration < Fraction(2)


def test_junk_behind_the_film_changes_nothing(sample: MakeSample, opened: OpenBytes) -> None:
    data = sample(sound="aac")
    assert measure(opened(data + b"garbage garbage"), b"") == measure(opened(data), b"")


@pytest.mark.parametrize(("container", "codec"), [("mp4", "mpeg4"), ("matroska", "mpeg4"), ("webm", "libvpx")])
def test_a_film_that_begins_late_is_as_long_as_its_pictures(
    sample: MakeSample, opened: OpenBytes, container: str, codec: str
) -> None:
    data = sample(frames=75, container=container, codec=codec, times_ms=tuple(range(5000, 8000, 40)))
    assert measure(opened(data), b"").duration == 3


def test_a_duration_that_counts_from_the_first_block_is_taken_as_it_is(sample: MakeSample, opened: OpenBytes) -> None:
    data = sample(frames=75, container="matroska", times_ms=tuple(range(5000, 8000, 40)))
    as_written, as_others_write = (b"\x44\x89\x88" + struct.pack(">d", length) for length in (8000, 3000))
    assert as_written in data
    assert measure(opened(data.replace(as_written, as_others_write)), b"").duration == 3


def test_one_frame_lasts_one_frame(sample: MakeSample, opened: OpenBytes) -> None:
    assert measure(opened(sample(frames=1)), b"").duration == FRAME


def test_a_film_without_any_length_lasts_one_frame(sample: MakeSample, opened: OpenBytes) -> None:
    data = bytearray(sample(frames=1))
    for name, offset in ((b"mvhd", 20), (b"tkhd", 24), (b"mdhd", 20), (b"stts", 16)):
        at = data.find(name) + offset
        data[at : at + 4] = bytes(4)
    assert measure(opened(bytes(data)), b"").duration == FRAME


def test_cover_art_is_not_the_film(opened: OpenBytes, sample: MakeSample) -> None:
    cover = io.BytesIO()
    Image.new("RGB", (640, 640), "red").save(cover, "JPEG")
    with av.open(io.BytesIO(sample(container="matroska")), "r") as source:
        out = io.BytesIO()
        with av.open(out, "w", format="matroska") as target:
            video = target.add_stream_from_template(source.streams.video[0])
            target.add_attachment("cover.jpg", "image/jpeg", cover.getvalue())
            for packet in source.demux(video=0):
                if packet.dts is not None:
                    packet.stream = video
                    target.mux(packet)
    found = measure(opened(out.getvalue()), b"")
    assert (found.width, found.height) == (320, 180)


def test_of_several_videos_the_largest_default_one_counts(opened: OpenBytes) -> None:
    out = io.BytesIO()
    with av.open(out, "w", format="matroska") as target:
        streams = [target.add_stream("mpeg4", rate=25) for _ in range(3)]
        for stream, (width, height) in zip(streams, ((160, 90), (320, 180), (240, 136)), strict=True):
            stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for stream in streams:
            frame = av.VideoFrame.from_ndarray(np.zeros((stream.height, stream.width, 3), np.uint8), "rgb24")
            frame.pts = 0
            target.mux(stream.encode(frame))
            target.mux(stream.encode(None))
    found = measure(opened(out.getvalue()), b"")
    assert (found.width, found.height) == (320, 180)


def remade(
    data: bytes,
    change: Callable[[av.VideoStream], object],
    container: str = "mp4",
    tags: Mapping[str, str] = MappingProxyType({}),
    rate: int = 25,
) -> bytes:
    """The same pictures in a new file with tags, whose stream was changed."""
    out = io.BytesIO()
    with av.open(io.BytesIO(data), "r") as source, av.open(out, "w", format=container) as target:
        target.metadata.update(tags)
        video = target.add_stream("mpeg4", rate=rate)
        video.width, video.height, video.pix_fmt = 320, 180, "yuv420p"
        change(video)
        for frame in source.decode(video=0):
            target.mux(video.encode(frame))
        target.mux(video.encode(None))
    return out.getvalue()


def test_a_title_in_an_old_encoding_does_no_harm(sample: MakeSample, opened: OpenBytes) -> None:
    data = sample(container="matroska")
    writer = data[data.find(b"Lavf") :][:8]
    assert measure(opened(data.replace(writer, b"\xe9t\xe9 \xff\xfe!!")), b"").width == 320


def only_sound() -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as target:
        stream = target.add_stream("aac", rate=48_000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "flt", "mono")
        frame.sample_rate, frame.pts = 48_000, 0
        target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return out.getvalue()


def test_sound_alone_is_refused(opened: OpenBytes) -> None:
    with pytest.raises(MediaUnreadable, match="sound but no video"):
        measure(opened(only_sound()), b"")


@pytest.mark.parametrize("codec", ["mpeg2video", "ffv1"])
def test_other_codecs_are_refused_by_name(sample: MakeSample, opened: OpenBytes, codec: str) -> None:
    with pytest.raises(MediaUnreadable, match=codec):
        measure(opened(sample(container="matroska", codec=codec)), b"")


@pytest.mark.parametrize(
    ("container", "codec", "pixel_format"),
    [("mp4", "mpeg4", "yuv420p"), ("matroska", "mpeg4", "yuv420p"), ("mov", "prores_ks", "yuv422p10le")],
)
def test_too_many_pixels_are_refused_by_the_header(
    sample: MakeSample, opened: OpenBytes, container: str, codec: str, pixel_format: str
) -> None:
    data = sample(frames=1, container=container, codec=codec, pixel_format=pixel_format)
    with pytest.raises(DimensionsTooLarge, match="320x180"):
        measure(opened(data, max_pixels=320 * 180 - 1), b"")


def test_a_header_of_8k_on_a_tiny_file_is_refused(sample: MakeSample, opened: OpenBytes) -> None:
    data = bytearray(sample(container="mov", codec="prores_ks", pixel_format="yuv422p10le"))
    at = data.find(b"stsd")
    assert data[at + 44 : at + 48] == (320).to_bytes(2, "big") + (180).to_bytes(2, "big")
    data[at + 44 : at + 48] = (7680).to_bytes(2, "big") + (4320).to_bytes(2, "big")
    with pytest.raises(DimensionsTooLarge, match="7680x4320"):
        measure(opened(bytes(data)), b"")


def vp9(width: int, height: int) -> list[av.Packet[av.VideoStream]]:
    context = av.CodecContext.create("libvpx-vp9", "w")
    assert isinstance(context, av.VideoCodecContext)
    context.width, context.height, context.pix_fmt, context.time_base = width, height, "yuv420p", FRAME
    frame = av.VideoFrame.from_ndarray(np.zeros((height, width, 3), np.uint8), "rgb24").reformat(format="yuv420p")
    frame.pts = 0
    return [*context.encode(frame), *context.encode(None)]


@pytest.mark.parametrize("repeated", [False, True])
def test_pictures_larger_than_their_header_says_are_refused_with_their_size(opened: OpenBytes, repeated: bool) -> None:
    out = io.BytesIO()
    with av.open(out, "w", format="webm") as target:
        stream = target.add_stream("libvpx-vp9", rate=25)
        stream.width, stream.height, stream.pix_fmt = 160, 90, "yuv420p"
        for number, packet in enumerate(vp9(640, 360) * (2 if repeated else 1)):
            packet.stream, packet.time_base, packet.pts, packet.dts = stream, FRAME, number, number
            target.mux(packet)
    with pytest.raises(DimensionsTooLarge, match="640x360"):
        measure(opened(out.getvalue(), max_pixels=320 * 180), b"")
    assert logging.get_level() is None


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_noise_in_place_of_pictures_is_no_video(sample: MakeSample, opened: OpenBytes, share: float) -> None:
    data = bytearray(sample(codec="libvpx-vp9"))
    start = data.find(b"mdat") + 4
    end = data.find(b"moov") - 4
    data[start:end] = np.random.default_rng(int(share * 10)).bytes(end - start)
    with pytest.raises(MediaUnreadable):
        measure(opened(bytes(data)), b"")


def test_a_broken_index_is_refused(sample: MakeSample, opened: OpenBytes) -> None:
    data = bytearray(sample())
    at = data.find(b"stsd")
    data[at : at + 200] = bytes(200)
    with pytest.raises(MediaUnreadable):
        measure(opened(bytes(data)), b"")


def test_a_picture_is_measured_upright_and_has_no_duration(opened: OpenBytes) -> None:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (64, 48)).save(out, "JPEG", exif=exif)
    found = measure(opened(out.getvalue()), b"")
    assert (found.format, found.kind, found.width, found.height) == ("jpg", "IMAGE", 48, 64)
    assert found.duration == 0
