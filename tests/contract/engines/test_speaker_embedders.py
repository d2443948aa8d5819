from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engine_choices import fake_spec, spec_of
from networks_sounds import voice, write_wespeaker
from scenedex.engines.speakers import SPEAKERS, WESPEAKER
from scenedex.engines.speakers.spectral import SpectralSpeakerEmbedder
from scenedex.engines.testing import SpeakerEmbedderContract

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from scenedex.engines.speakers import SpeakerEmbedder


class TestSpectral(SpeakerEmbedderContract):
    spec = fake_spec(SPEAKERS, SpectralSpeakerEmbedder().engine)

    @pytest.fixture
    def engine(self) -> SpeakerEmbedder:
        return SpectralSpeakerEmbedder()


class TestWespeaker(SpeakerEmbedderContract):
    spec = spec_of(WESPEAKER)

    @pytest.fixture(scope="class")
    @classmethod
    def weights_folder(cls, tmp_path_factory: pytest.TempPathFactory) -> Path:
        folder = tmp_path_factory.mktemp("wespeaker")
        write_wespeaker(folder)
        return folder

    @pytest.fixture(scope="class")
    @classmethod
    def voice(cls) -> NDArray[np.int16]:
        return voice(150, 3)
