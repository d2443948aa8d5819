"""The sound of the real media for tests, the weights that hear it, and how well words match what is said there."""

from __future__ import annotations

import os
import unicodedata
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

import av
import numpy as np
import pytest
from av.audio.resampler import AudioResampler
from rapidfuzz.distance import Levenshtein

from scenedex.engines.catalog import find
from scenedex.engines.registry import EngineRegistry
from scenedex.engines.speech import SPEECH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scenedex.engines.engine import EngineChoice

MEDIA = Path(os.environ.get("SCENEDEX_TEST_MEDIA") or Path(__file__).parents[2] / "shared" / "media")
WEIGHTS = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "scenedex-weights"
SPOKEN = "and so my fellow americans ask not what your country can do for you ask what you can do for your country"


def real_file(name: str) -> Path:
    """Return the path of one of the real files, or skip the test if it is absent."""
    if not (MEDIA / name).exists():
        pytest.skip(f"no {name} at {MEDIA}; see SCENEDEX_TEST_MEDIA")
    return MEDIA / name


@cache
def _decoded(path: Path) -> NDArray[np.int16]:
    resampler = AudioResampler(format="s16", layout="mono", rate=16_000)
    with av.open(path) as file:
        frames = [mono for frame in file.decode(audio=0) for mono in resampler.resample(frame)]
    frames += resampler.resample(None)
    return np.concatenate([cast("NDArray[np.int16]", frame.to_ndarray()[0]) for frame in frames])


def real_sound(name: str) -> NDArray[np.int16]:
    """Return mono samples at 16 kHz of one of the real files, or skip the test if it is absent."""
    return _decoded(real_file(name)).copy()


def share_of_words_right(heard: Sequence[str]) -> float:
    """Return the share of the words of jfk-11s.flac that was recognised, in order."""
    spoken = SPOKEN.split()
    words = [word.strip(".,?!").casefold() for word in heard]
    return sum(
        block.size for block in SequenceMatcher(None, spoken, words, autojunk=False).get_matching_blocks()
    ) / len(spoken)


def whisper_base() -> EngineChoice:
    """Return Whisper base with its real weights, or skip the test if they are not on this machine.

    `.ci/run` pulls them into this folder with the product's own command.
    """
    spec = next(spec for spec in EngineRegistry().specs(SPEECH) if spec.setting == "whisper-base")
    assert spec.weights is not None
    folder = find(WEIGHTS, spec.weights)
    if folder is None:
        pytest.skip(f"no whisper-base: SCENEDEX_WEIGHTS={WEIGHTS} scenedex weights pull whisper-base")
    return spec.choice(folder)


def character_errors(heard: str, spoken: str) -> float:
    """Return the share of the characters that must change for what was heard to be what was spoken.

    Spaces, punctuation, and the case and width of characters do not count.
    """
    return Levenshtein.distance(_letters(heard), _letters(spoken)) / len(_letters(spoken))


def _letters(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter.isalnum())
