"""The film of a file is the track that moves, wherever posters, thumbnails and photos lie beside it."""

# PyAV's stubs leave the streams of packets open.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import io
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, cast

import av
import pytest

from scenedex.media.containers import open_film
from scenedex.media.errors import MediaUnreadable
from scenedex.media.packets import PacketQueues
from scenedex.media.probe_entry import measure
from scenedex.media.samples import drifting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from av.video.stream import VideoStream
    from tests.integration.decoding.conftest import OpenBytes

FILM_FRAMES = 50


@dataclass(frozen=True)
class Track:
    """A video track: codec, sides, and a picture at each of these times in seconds."""

    codec: str
    width: int
    height: int
    times: Sequence[Fraction]


FILM = Track("mpeg4", 320, 180, [Fraction(number, 25) for number in range(FILM_FRAMES)])
POSTER = Track("mjpeg", 640, 360, [Fraction(0)])
LATE_POSTER = Track("mjpeg", 640, 360, [Fraction(1)])
PHOTO = Track("mpeg4", 1024, 768, [Fraction(number, 3) for number in range(6)])
"""Large pictures at a low rate, as some phones put beside the film of a motion photo."""


def container_of(tracks: Sequence[Track], container: str, options: dict[str, str] | None = None) -> bytes:
    """A file with these video tracks, interleaved by time."""
    out = io.BytesIO()
    with av.open(out, "w", format=container, container_options=options or {}) as target:
        streams = [cast("VideoStream", target.add_stream(track.codec, rate=25)) for track in tracks]
        for stream, track in zip(streams, tracks, strict=True):
            stream.width, stream.height = track.width, track.height
            stream.pix_fmt = "yuvj420p" if track.codec == "mjpeg" else "yuv420p"
        pictures = sorted(
            (at, number, count) for number, track in enumerate(tracks) for count, at in enumerate(track.times)
        )
        for at, number, count in pictures:
            track, stream = tracks[number], streams[number]
            picture = drifting(number, track.width, track.height)(count)
            frame = av.VideoFrame.from_ndarray(picture, "rgb24").reformat(format=stream.pix_fmt)
            frame.pts, frame.time_base = round(at * 25), Fraction(1, 25)
            target.mux(stream.encode(frame))
        for stream in streams:
            target.mux(stream.encode(None))
    return out.getvalue()


@pytest.mark.parametrize("container", ["mp4", "mov", "matroska"])
@pytest.mark.parametrize(
    "tracks",
    [(POSTER, FILM), (FILM, POSTER), (LATE_POSTER, FILM), (FILM, LATE_POSTER), (PHOTO, FILM), (FILM, PHOTO)],
    ids=["poster first", "poster last", "late poster first", "late poster last", "photo first", "photo last"],
)
def test_the_film_is_the_track_that_moves(opened: OpenBytes, container: str, tracks: tuple[Track, ...]) -> None:
    data = container_of(tracks, container)
    found = measure(opened(data), b"")
    assert (found.width, found.height, found.video_codec) == (320, 180, "mpeg4")
    with opened(data).video(threads=1) as video:
        assert len(list(video.frames())) == FILM_FRAMES


def test_a_poster_in_a_fragmented_file_is_no_film(opened: OpenBytes) -> None:
    data = container_of((POSTER, FILM), "mp4", {"movflags": "frag_keyframe+empty_moov"})
    found = measure(opened(data), b"")
    assert (found.width, found.height) == (320, 180)


def test_a_track_of_a_supported_codec_is_preferred(opened: OpenBytes) -> None:
    larger = Track("mpeg2video", 640, 360, FILM.times)
    found = measure(opened(container_of((larger, FILM), "matroska")), b"")
    assert found.video_codec == "mpeg4"


def test_a_poster_does_not_replace_a_film_that_cannot_be_decoded(opened: OpenBytes) -> None:
    film = Track("mpeg2video", 640, 360, FILM.times)
    with pytest.raises(MediaUnreadable, match="mpeg2video"):
        measure(opened(container_of((POSTER, film), "matroska")), b"")


def test_a_lone_picture_is_the_film_of_its_file(opened: OpenBytes) -> None:
    found = measure(opened(container_of((POSTER,), "mov")), b"")
    assert (found.width, found.height) == (640, 360)


@pytest.mark.parametrize("others", [(POSTER,), (PHOTO,), (POSTER, PHOTO)], ids=["poster", "photo", "poster and photo"])
def test_packets_of_a_film_that_is_not_the_first_track_are_read_to_the_end(
    opened: OpenBytes, others: tuple[Track, ...]
) -> None:
    media = opened(container_of([*others, FILM], "mp4"))

    with open_film(media.file, "mp4", max_pixels=1 << 22) as film:
        packets = list(PacketQueues(film.container, [film.stream]).of(film.stream))
        indexes = {packet.stream.index for packet in packets}

    assert sum(packet.size > 0 for packet in packets) == FILM_FRAMES
    # The last one has the pictures that the decoder holds back.
    assert packets[-1].size == 0
    assert indexes == {len(others)}
