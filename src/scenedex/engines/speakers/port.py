"""Port of speaker embeddings, and its engines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from scenedex.engines.catalog import Entry, WeightFile, hugging_face_url
from scenedex.engines.engine import Engine
from scenedex.engines.port import EmbeddingEngine, InputRefused, Port
from scenedex.engines.spec import EngineSpec

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class UtteranceTooShort(InputRefused):
    """There is too little sound to recognise a voice."""


class SpeakerEmbedder(EmbeddingEngine, Protocol):
    """Embeds the sound of utterances: vectors of the same voice are close."""

    @property
    def shortest(self) -> int:
        """Minimum number of samples."""
        ...

    @property
    def same_speaker(self) -> float:
        """Mean cosine, -1 to 1, from which two groups of utterances are of one speaker."""
        ...

    def embed(self, samples: NDArray[np.int16]) -> NDArray[np.float32]:
        """Return the voice in ``(n,)`` samples at 16 kHz as a unit vector ``(dimension,)``.

        Raises:
            UtteranceTooShort: there are fewer samples than `shortest`. The embedder is unchanged.
        """
        ...


SPEAKERS: Final[Port[SpeakerEmbedder]] = Port("speakers", "speakers", can_be_off=False)

WESPEAKER: Final = Engine("wespeaker", "1", "wespeaker-resnet34")
"""WeSpeaker's ResNet34, downloaded."""

WESPEAKER_FILE: Final = "wespeaker_en_voxceleb_resnet34_LM.onnx"

ONE_SPEAKER: Final = Engine("one-speaker", "1")
"""Attributes everything to one speaker. The stage does so without loading an engine."""

_WESPEAKER_REPOSITORY: Final = "Wespeaker/wespeaker-voxceleb-resnet34-LM"

SPECS: Final = (
    EngineSpec(
        port=SPEAKERS,
        engine=WESPEAKER,
        factory="scenedex.engines.speakers.wespeaker:WespeakerEmbedder",
        packages={"onnxruntime": "onnxruntime"},
        weights=Entry(
            "wespeaker-resnet34",
            "who speaks when, WeSpeaker ResNet34-LM",
            "CC-BY-4.0",
            f"https://huggingface.co/{_WESPEAKER_REPOSITORY}",
            (
                WeightFile(
                    WESPEAKER_FILE,
                    hugging_face_url(
                        _WESPEAKER_REPOSITORY, "f0c48c298fd835726c27956a5d617bad7115627e", "voxceleb_resnet34_LM.onnx"
                    ),
                    26_530_309,
                    "7bb2f06e9df17cdf1ef14ee8a15ab08ed28e8d0ef5054ee135741560df2ec068",
                ),
            ),
        ),
    ),
    EngineSpec(port=SPEAKERS, engine=ONE_SPEAKER),
)
