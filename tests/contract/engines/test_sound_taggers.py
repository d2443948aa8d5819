from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from engine_choices import fake_spec, spec_of
from networks_sounds import APPLAUSE, LAUGHTER, MUSIC, tone, write_ced
from scenedex.engines.fbank import mel
from scenedex.engines.sounds import CED, SOUNDS, SoundKind
from scenedex.engines.sounds.tones import TONES, ToneTagger
from scenedex.engines.testing import SoundTaggerContract

if TYPE_CHECKING:
    from pathlib import Path

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
