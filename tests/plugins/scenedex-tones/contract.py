"""Contract suites of the engines: ``pytest contract.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scenedex_tones import PURE_TONES, TONE_WORDS

from scenedex.engines.speech import RATE
from scenedex.engines.testing import RecogniserContract, SoundTaggerContract

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from scenedex.engines.speech import SpokenLanguage


class TestPureTones(SoundTaggerContract):
    """Tests of the tagger."""

    spec = PURE_TONES


class TestToneWords(RecogniserContract):
    """Tests of the recogniser."""

    spec = TONE_WORDS

    @pytest.fixture(scope="class")
    @classmethod
    def weights_folder(cls, tmp_path_factory: pytest.TempPathFactory) -> Path:
        """Weights of this test."""
        folder = tmp_path_factory.mktemp("weights")
        (folder / "words.json").write_text('{"high": 1500, "middle": 440}\n', encoding="utf-8")
        return folder

    @pytest.fixture(scope="class")
    @classmethod
    def speech(cls) -> tuple[NDArray[np.int16], SpokenLanguage]:
        """Two seconds of a tone."""
        at = np.arange(2 * RATE) / RATE
        return (9_000 * np.sin(2 * np.pi * 440 * at)).astype(np.int16), "EN"
