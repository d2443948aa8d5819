"""Choice of the sound of a film among its audio streams."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from av.stream import Disposition

if TYPE_CHECKING:
    from collections.abc import Collection

    from av.audio.stream import AudioStream
    from av.container import InputContainer

SOUND_CODECS: Final = frozenset(
    {
        *("aac", "aac_latm", "ac3", "alac", "dts", "eac3", "flac", "mlp", "mp1", "mp2", "mp3", "opus", "truehd", "tta"),
        *("vorbis", "wavpack", "wmalossless", "wmapro", "wmav1", "wmav2", "wmavoice"),
        *("amr_nb", "amr_wb", "evrc", "g723_1", "g729", "gsm", "gsm_ms", "ilbc", "nellymoser", "qcelp", "speex"),
        *("adpcm_g722", "adpcm_g726", "adpcm_g726le", "adpcm_ima_qt", "adpcm_ima_wav", "adpcm_ms", "adpcm_swf"),
        *("adpcm_yamaha", "atrac3", "atrac3p", "cook", "mace3", "mace6", "qdm2", "qdmc", "s302m"),
    }
)
"""Codecs of cameras, phones, telephony and discs that are decoded, besides plain samples, A-law and µ-law.

Their decoders are those that players and browsers give files from the network to, and that fuzzers test continuously.
The many ADPCM variants and other codecs of single games and applications are left out: nobody needs them here, and few
test them. All run only in the limited child process, so that a fault in one ends that process and nothing else.
"""

_PLAIN_SAMPLES: Final = "pcm_"
_ADDITIONAL_TRACKS: Final = Disposition.comment | Disposition.visual_impaired | Disposition.hearing_impaired
_MAX_WORDS: Final = 40


@dataclass(frozen=True, slots=True)
class TrackHeader:
    """Headers of an audio stream.

    Attributes:
        codec: FFmpeg's name of the codec, ``unknown`` without a decoder.
        channels: number of channels, 0 if it is not known.
        rate: samples per second and channel, 0 if it is not known.
        language: language tag of the file, such as ``kor``, or `None` without one.
        title: title of the track, or `None` without one.
        is_default: whether the file marks it as the default.
        is_additional: whether it is a commentary, or for people who do not see or hear well.
        is_decodable: whether its codec is supported.
    """

    codec: str
    channels: int
    rate: int
    language: str | None
    title: str | None
    is_default: bool
    is_additional: bool
    is_decodable: bool

    @classmethod
    def of(cls, stream: AudioStream) -> TrackHeader:
        """Return the headers of a stream."""
        context, tags = stream.codec_context, {key.lower(): value for key, value in stream.metadata.items()}
        language = _words(tags.get("language", ""))
        return cls(
            codec_of(stream),
            0 if context is None else context.channels,  # pyright: ignore[reportUnnecessaryComparison]  # codecs without a decoder have no context
            0 if context is None else context.sample_rate or 0,  # pyright: ignore[reportUnnecessaryComparison]  # as above
            language if language and language != "und" else None,
            _words(tags.get("title", "")) or None,
            bool(stream.disposition & Disposition.default),
            bool(stream.disposition & _ADDITIONAL_TRACKS),
            is_known(stream),
        )


def choose_sound(container: InputContainer) -> AudioStream | None:
    """Return the default audio stream, else the first that is no commentary, or `None` if none can be decoded."""
    known = [stream for stream in container.streams.audio if is_known(stream)]
    return max(
        known,
        key=lambda stream: (
            not stream.disposition & _ADDITIONAL_TRACKS,
            bool(stream.disposition & Disposition.default),
            -stream.index,
        ),
        default=None,
    )


def sounds_of(container: InputContainer, wanted: Collection[int]) -> dict[int, AudioStream]:
    """Return the audio streams with these numbers that can be decoded, else the one of `choose_sound`.

    Streams are numbered from 1.
    """
    known = {number: stream for number, stream in enumerate(container.streams.audio, 1) if is_known(stream)}
    chosen = choose_sound(container)
    return {number: stream for number, stream in known.items() if number in wanted} or {
        number: stream for number, stream in known.items() if stream is chosen
    }


def sound_codec(container: InputContainer) -> str | None:
    """Return FFmpeg's name of the codec of the chosen sound, or `None` without sound."""
    stream = choose_sound(container)
    return None if stream is None else codec_of(stream)


def codec_of(stream: AudioStream) -> str:
    """Return FFmpeg's name of the codec of a stream, ``unknown`` without a decoder."""
    context = stream.codec_context
    return "unknown" if context is None else context.codec.canonical_name  # pyright: ignore[reportUnnecessaryComparison]  # codecs without a decoder have no context


def is_known(stream: AudioStream) -> bool:
    """Return whether the codec of a stream is decoded."""
    codec = codec_of(stream)
    return codec in SOUND_CODECS or codec.startswith(_PLAIN_SAMPLES)


def _words(text: str) -> str:
    return "".join(it for it in text if it.isprintable()).strip()[:_MAX_WORDS]
