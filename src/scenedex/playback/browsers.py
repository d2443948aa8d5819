"""Formats that browsers play. Pure.

A format counts as played if the current releases of Chrome, Firefox and Safari play it without hardware of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from scenedex.media_formats import IMAGE_FORMATS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scenedex.assets.records import StoredMedia


class Obstacle(Enum):
    """Part of a file that keeps browsers from playing it, from the least to the most work for a proxy."""

    NONE = "none"
    CONTAINER = "container"
    SOUND = "sound"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class Playability:
    """The greatest obstacle of a file, and the reason for people.

    Attributes:
        obstacle: the greatest obstacle.
        reason: the reason, or `None` without an obstacle.
        is_hidden: whether the film is inside a picture, so that browsers show the picture.
    """

    obstacle: Obstacle
    reason: str | None = None
    is_hidden: bool = False

    @property
    def is_worth_trying(self) -> bool:
        """Return whether some browsers show both picture and sound of the original."""
        return self.obstacle in {Obstacle.NONE, Obstacle.CONTAINER} and not self.is_hidden


CONTENT_TYPES: Final[Mapping[str, str]] = {
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "mkv": "video/matroska",
    "webm": "video/webm",
    "jpg": "image/jpeg",
    "png": "image/png",
    "heic": "image/heic",
}
"""Content type of each format of assets."""

_EIGHT_BITS: Final = frozenset({"yuv420p", "yuvj420p"})
# Codecs with the formats of pictures that browsers decode of them.
_VIDEO: Final[Mapping[str, frozenset[str]]] = {
    "h264": _EIGHT_BITS,
    "vp8": _EIGHT_BITS,
    "vp9": _EIGHT_BITS | {"yuv420p10le"},
    "av1": _EIGHT_BITS | {"yuv420p10le"},
}
_SOUND: Final[Mapping[str, frozenset[str]]] = {
    "mp4": frozenset({"aac", "mp3", "opus", "flac"}),
    "mov": frozenset({"aac", "mp3", "opus", "flac"}),
    "mkv": frozenset({"aac", "mp3", "opus", "flac"}),
    "webm": frozenset({"opus", "vorbis"}),
}
_OF_CONTAINER: Final[Mapping[str, frozenset[str]]] = {
    "mp4": frozenset({"h264", "vp9", "av1"}),
    "mov": frozenset({"h264", "vp9", "av1"}),
    "webm": frozenset({"vp8", "vp9", "av1"}),
}
_NAMES: Final[Mapping[str, str]] = {
    "h264": "H.264",
    "hevc": "HEVC (H.265)",
    "mpeg4": "MPEG-4 Part 2",
    "mjpeg": "Motion JPEG",
    "prores": "ProRes",
    "vp8": "VP8",
    "vp9": "VP9",
    "av1": "AV1",
    "ac3": "AC-3",
    "eac3": "E-AC-3",
    "alac": "ALAC",
    "dts": "DTS",
    "mp2": "MPEG layer II",
    "vorbis": "Vorbis",
}


def is_picture(media: StoredMedia) -> bool:
    """Return whether a file is a still picture. A motion photo is a film, which its codec shows."""
    return media.format in IMAGE_FORMATS and media.video_codec is None


def playability_of(media: StoredMedia) -> Playability:
    """Return how browsers play a file whose import has completed.

    A file whose codecs are not known, since an earlier release imported it, is taken for playable.
    """
    kind = media.format
    if kind == "heic" and is_picture(media):
        return Playability(Obstacle.PICTURE, "Most browsers do not show HEIC pictures.")
    if kind is None:
        return Playability(Obstacle.NONE)
    if kind in IMAGE_FORMATS:
        return Playability(Obstacle.NONE) if is_picture(media) else _of_motion_photo(media)
    if media.video_codec is None:
        return Playability(Obstacle.NONE, "The codecs of this file are not known. Request a proxy if it does not play.")
    return (
        _of_picture(media.video_codec, media.pixel_format or "")
        or _of_sound(kind, media.audio_codec)
        or _of_container(kind, media.video_codec)
        or Playability(Obstacle.NONE)
    )


def name_of(codec: str) -> str:
    """Return the name of a codec for people."""
    return _NAMES.get(codec, "PCM" if codec.startswith("pcm_") else codec)


def _of_motion_photo(media: StoredMedia) -> Playability:
    found = _of_picture(media.video_codec or "", media.pixel_format or "") or _of_sound("mp4", media.audio_codec)
    obstacle = Obstacle.CONTAINER if found is None else found.obstacle
    return Playability(obstacle, "The film of a motion photo is inside its picture.", is_hidden=True)


def _of_picture(codec: str, pixel_format: str) -> Playability | None:
    if codec not in _VIDEO:
        return Playability(Obstacle.PICTURE, f"Browsers do not play {name_of(codec)} video.")
    if pixel_format not in _VIDEO[codec]:
        return Playability(Obstacle.PICTURE, f"Browsers do not play {name_of(codec)} video with {pixel_format} pixels.")
    return None


def _of_sound(kind: str, codec: str | None) -> Playability | None:
    if codec is None or codec in _SOUND[kind]:
        return None
    return Playability(Obstacle.SOUND, f"Browsers do not play {name_of(codec)} sound in this container.")


def _of_container(kind: str, codec: str) -> Playability | None:
    if kind == "mkv":
        return Playability(Obstacle.CONTAINER, "Not every browser opens Matroska. Chromium does.")
    if codec not in _OF_CONTAINER[kind]:
        return Playability(Obstacle.CONTAINER, f"Not every browser plays {name_of(codec)} video in this container.")
    return None
