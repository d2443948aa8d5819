"""Codecs of cameras, phones and telephony, in the containers that they are found in."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest

from films_with_sound import Stretch, film, sound_of, tone
from scenedex.media.sound_choice import SOUND_CODECS, TrackHeader

if TYPE_CHECKING:
    from collections.abc import Callable

    from scenedex.media.opened import OpenedMedia

    OpenBytes = Callable[..., OpenedMedia]

CODECS = [
    ("adpcm_ima_qt", "mov", 44_100, "adpcm_ima_qt"),
    ("pcm_alaw", "mov", 8_000, "pcm_alaw"),
    ("pcm_mulaw", "mov", 8_000, "pcm_mulaw"),
    ("libopencore_amrnb", "3gp", 8_000, "amr_nb"),
    ("pcm_s24le", "mov", 48_000, "pcm_s24le"),
    ("pcm_f32le", "matroska", 48_000, "pcm_f32le"),
    ("mp2", "matroska", 48_000, "mp2"),
    ("eac3", "mp4", 48_000, "eac3"),
    ("alac", "mov", 44_100, "alac"),
    ("tta", "matroska", 44_100, "tta"),
    ("wavpack", "matroska", 44_100, "wavpack"),
]


@pytest.mark.parametrize(("encoder", "container", "rate", "name"), CODECS, ids=[f"{it[0]}-{it[1]}" for it in CODECS])
def test_a_tone_is_heard_at_its_time(encoder: str, container: str, rate: int, name: str, opened: OpenBytes) -> None:
    samples = np.concatenate([np.zeros(rate, np.int16), tone(1, 500, rate), np.zeros(rate, np.int16)])
    bit_rate = 12_200 if name == "amr_nb" else None

    media = opened(
        film([Stretch(Fraction(0), samples)], rate=rate, codec=encoder, container=container, bit_rate=bit_rate)
    )
    with sound_of(media) as sound:
        got = np.concatenate(list(sound.chunks())).astype(np.float64)
    with media.sound_tracks() as tracks:
        (header,) = tracks.tracks

    assert (header.codec, header.is_decodable) == (name, True)
    loudness = [float(np.sqrt((got[at : at + 8_000] ** 2).mean())) for at in (4_000, 20_000, 38_000)]
    assert loudness[1] > 3_000
    assert max(loudness[0], loudness[2]) < 300


@pytest.mark.parametrize("name", ["adpcm_ea", "adpcm_psx", "adpcm_thp", "bink", "smackaudio"])
def test_codecs_of_games_are_no_sound(name: str) -> None:
    assert name not in SOUND_CODECS


def test_a_codec_that_is_not_decoded_is_named(opened: OpenBytes) -> None:
    media = opened(
        film([Stretch(Fraction(0), tone(1, rate=8_000))], rate=8_000, codec="real_144", container="matroska")
    )

    with media.sound_tracks() as tracks:
        (header,) = tracks.tracks

    assert isinstance(header, TrackHeader)
    assert (header.codec, header.is_decodable) == ("ra_144", False)
