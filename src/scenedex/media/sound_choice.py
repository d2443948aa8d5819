"""Choice of the sound of a film among its audio streams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from av.stream import Disposition

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer

SOUND_CODECS: Final = frozenset({"aac", "ac3", "alac", "dts", "eac3", "flac", "mp2", "mp3", "opus", "vorbis"})
"""Codecs that are decoded, besides PCM."""

_PLAIN_SAMPLES = "pcm_"
_ADDITIONAL_TRACKS = Disposition.comment | Disposition.visual_impaired | Disposition.hearing_impaired


def choose_sound(container: InputContainer) -> AudioStream | None:
    """Return the default audio stream, else the first that is no commentary, or `None` if none can be decoded."""
    known = [stream for stream in container.streams.audio if _is_known(stream)]
    return max(
        known,
        key=lambda stream: (
            not stream.disposition & _ADDITIONAL_TRACKS,
            bool(stream.disposition & Disposition.default),
            -stream.index,
        ),
        default=None,
    )


def sound_codec(container: InputContainer) -> str | None:
    """Return FFmpeg's name of the codec of the chosen sound, or `None` without sound."""
    stream = choose_sound(container)
    return None if stream is None else stream.codec_context.codec.canonical_name


def _is_known(stream: AudioStream) -> bool:
    context = stream.codec_context
    if context is None:  # pyright: ignore[reportUnnecessaryComparison]  # codecs without a decoder have no context
        return False
    codec = context.codec.canonical_name
    return codec in SOUND_CODECS or codec.startswith(_PLAIN_SAMPLES)
