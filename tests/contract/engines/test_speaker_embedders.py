"""What every speaker embedder keeps to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from engine_choices import choice_of
from networks_sounds import noise, silence, voice, write_wespeaker
from scenedex.engines.fbank import RATE
from scenedex.engines.loader import open_engine
from scenedex.engines.speakers import SPEAKERS, WESPEAKER, SpectralSpeakerEmbedder, UtteranceTooShort

if TYPE_CHECKING:
    from pathlib import Path

    from scenedex.engines.speakers import SpeakerEmbedder


@pytest.fixture(params=["wespeaker", "spectral"])
def embedder(request: pytest.FixtureRequest, tmp_path: Path) -> SpeakerEmbedder:
    if request.param == "spectral":
        return SpectralSpeakerEmbedder()
    write_wespeaker(tmp_path)
    return open_engine(SPEAKERS, choice_of(WESPEAKER, tmp_path), threads=1)


@pytest.mark.parametrize("seconds", [0.5, 1, 6.03])
def test_a_voice_is_a_unit_vector(embedder: SpeakerEmbedder, seconds: float) -> None:
    found = embedder.embed(voice(150, seconds))

    assert found.shape == (embedder.dimension,)
    assert found.dtype == np.float32
    assert np.linalg.norm(found) == pytest.approx(1, abs=1e-5)


def test_the_same_sound_is_the_same_voice(embedder: SpeakerEmbedder) -> None:
    np.testing.assert_array_equal(embedder.embed(voice(150, 2)), embedder.embed(voice(150, 2)))


def test_one_voice_is_more_like_itself_than_like_noise(embedder: SpeakerEmbedder) -> None:
    first, again, other = (embedder.embed(s) for s in (voice(150, 2), voice(150, 3, seed=5), noise(2)))

    assert first @ again > embedder.same_speaker
    assert first @ again > first @ other


def test_the_fewest_samples_are_enough_and_fewer_are_refused(embedder: SpeakerEmbedder) -> None:
    sound = voice(150, 1)

    assert embedder.embed(sound[: embedder.shortest]).shape == (embedder.dimension,)
    with pytest.raises(UtteranceTooShort):
        embedder.embed(sound[: embedder.shortest - 1])


def test_less_than_a_second_tells_a_voice(embedder: SpeakerEmbedder) -> None:
    assert embedder.shortest <= RATE


def test_silence_has_a_finite_voice(embedder: SpeakerEmbedder) -> None:
    assert np.isfinite(embedder.embed(silence(1))).all()
