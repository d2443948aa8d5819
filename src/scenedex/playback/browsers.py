"""Formats that browsers play. Pure.

A format counts as played if the current releases of Chrome, Firefox and Safari play it without hardware of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from scenedex.media_formats import IMAGE_FORMATS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
        is_worth_trying: whether some browsers show both the film and its voice.
    """

    obstacle: Obstacle
    reason: str | None = None
    is_worth_trying: bool = False


_PLAYS: Final = Playability(Obstacle.NONE, is_worth_trying=True)


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


def playability_of(media: StoredMedia, voice: Sequence[int] = ()) -> Playability:
    """Return how browsers play a file whose import has completed.

    A file whose codecs are not known, since an earlier release imported it, is taken for playable.

    Args:
        media: the file.
        voice: numbers of the sound tracks with the voice, from 1, or none if they are not known.
    """
    kind = media.format
    if kind == "heic" and is_picture(media):
        return Playability(Obstacle.PICTURE, "Most browsers do not show HEIC pictures.")
    if kind is None:
        return _PLAYS
    if kind in IMAGE_FORMATS:
        return _PLAYS if is_picture(media) else _of_motion_photo(media, voice)
    if media.video_codec is None:
        unknown = "The codecs of this file are not known. Request a proxy if it does not play."
        return Playability(Obstacle.NONE, unknown, is_worth_trying=True)
    return (
        _of_picture(media.video_codec, media.pixel_format or "")
        or _of_sound(kind, _sound_codecs(media, voice))
        or _of_other_tracks(voice)
        or _of_container(kind, media.video_codec)
        or _of_some_tracks(voice)
        or _PLAYS
    )


def tracks_in_words(tracks: Sequence[int]) -> str:
    """Return the numbers of sound tracks for people."""
    *others, last = map(str, tracks)
    return f"tracks {', '.join(others)} and {last}" if others else f"track {last}"


def name_of(codec: str) -> str:
    """Return the name of a codec for people."""
    return _NAMES.get(codec, "PCM" if codec.startswith("pcm_") else codec)


def _of_motion_photo(media: StoredMedia, voice: Sequence[int]) -> Playability:
    codecs = _sound_codecs(media, voice)
    found = _of_picture(media.video_codec or "", media.pixel_format or "") or _of_sound("mp4", codecs)
    obstacle = Obstacle.CONTAINER if found is None else found.obstacle
    return Playability(obstacle, "The film of a motion photo is inside its picture.")


def _sound_codecs(media: StoredMedia, voice: Sequence[int]) -> list[str]:
    """Return the codecs of the sound tracks to hear."""
    codecs = media.sound_codecs or []
    usual = [] if media.audio_codec is None else [media.audio_codec]
    return [codecs[number - 1] for number in voice if number <= len(codecs)] or usual


def _of_picture(codec: str, pixel_format: str) -> Playability | None:
    if codec not in _VIDEO:
        return Playability(Obstacle.PICTURE, f"Browsers do not play {name_of(codec)} video.")
    if pixel_format not in _VIDEO[codec]:
        return Playability(Obstacle.PICTURE, f"Browsers do not play {name_of(codec)} video with {pixel_format} pixels.")
    return None


def _of_sound(kind: str, codecs: Sequence[str]) -> Playability | None:
    unknown = next((codec for codec in codecs if codec not in _SOUND[kind]), None)
    if unknown is None:
        return None
    return Playability(Obstacle.SOUND, f"Browsers do not play {name_of(unknown)} sound in this container.")


def _of_other_tracks(voice: Sequence[int]) -> Playability | None:
    """Return the obstacle of a file whose voice is in tracks that browsers do not play."""
    if not voice or 1 in voice:
        return None
    # One track is copied, and several are mixed.
    return Playability(Obstacle.CONTAINER if len(voice) == 1 else Obstacle.SOUND, _heard(voice))


def _of_some_tracks(voice: Sequence[int]) -> Playability | None:
    """Return the obstacle of a file of whose voice browsers play a part."""
    return Playability(Obstacle.SOUND, _heard(voice), is_worth_trying=True) if len(voice) > 1 else None


def _heard(voice: Sequence[int]) -> str:
    return f"Browsers play the first sound track alone. The voice is in {tracks_in_words(voice)}."


def _of_container(kind: str, codec: str) -> Playability | None:
    if kind == "mkv":
        reason = "Not every browser opens Matroska. Chromium does."
        return Playability(Obstacle.CONTAINER, reason, is_worth_trying=True)
    if codec not in _OF_CONTAINER[kind]:
        reason = f"Not every browser plays {name_of(codec)} video in this container."
        return Playability(Obstacle.CONTAINER, reason, is_worth_trying=True)
    return None
