"""What every sound tagger keeps to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from engine_choices import choice_of
from networks_sounds import APPLAUSE, LAUGHTER, MUSIC, noise, silence, tone, write_ced
from scenedex.engines.fbank import RATE, mel
from scenedex.engines.loader import open_engine
from scenedex.engines.sounds import CED, SOUNDS, SoundKind, ToneTagger, WindowRefused
from scenedex.engines.sounds.tones import TONES

if TYPE_CHECKING:
    from pathlib import Path

    from scenedex.engines.sounds import SoundTagger

CLASSES = {SoundKind.BACKGROUND_MUSIC: MUSIC, SoundKind.LAUGHTER: LAUGHTER, SoundKind.APPLAUSE: APPLAUSE}


def band_of(hertz: float) -> int:
    return int(np.abs(np.linspace(mel(0), mel(8000), 66)[1:-1] - mel(hertz)).argmin())


@pytest.fixture(params=["ced", "tones"])
def tagger(request: pytest.FixtureRequest, tmp_path: Path) -> SoundTagger:
    if request.param == "tones":
        return ToneTagger()
    write_ced(tmp_path, hears={CLASSES[kind]: band_of(hertz) for kind, hertz in TONES.items()})
    return open_engine(SOUNDS, choice_of(CED, tmp_path), threads=1)


@pytest.mark.parametrize("sound", [tone(440, 3), noise(10), silence(1), tone(440, 0.1)], ids=len)
def test_every_kind_has_a_confidence(tagger: SoundTagger, sound: np.ndarray[tuple[int], np.dtype[np.int16]]) -> None:
    found = tagger.tag(sound)

    assert set(found) == set(SoundKind)
    assert all(0 <= confidence <= 1 for confidence in found.values())


@pytest.mark.parametrize("kind", list(SoundKind))
@pytest.mark.parametrize("seconds", [1, 3, 10])
def test_a_sound_is_told_from_the_others(tagger: SoundTagger, kind: SoundKind, seconds: float) -> None:
    found = tagger.tag(tone(TONES[kind], seconds, amplitude=20_000))

    assert found[kind] > 0.5
    assert all(confidence < 0.3 for other, confidence in found.items() if other != kind)


def test_silence_is_no_sound(tagger: SoundTagger) -> None:
    assert max(tagger.tag(silence(3)).values()) < 0.1


def test_a_window_without_samples_or_with_too_many_is_refused(tagger: SoundTagger) -> None:
    for samples in (0, tagger.longest + 1):
        with pytest.raises(WindowRefused):
            tagger.tag(np.zeros(samples, np.int16))


def test_one_sample_and_the_longest_window_are_taken(tagger: SoundTagger) -> None:
    for samples in (1, tagger.longest):
        assert set(tagger.tag(np.ones(samples, np.int16))) == set(SoundKind)


def test_a_window_of_three_seconds_is_not_too_long(tagger: SoundTagger) -> None:
    assert tagger.longest >= 3 * RATE
