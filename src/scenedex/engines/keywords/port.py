"""Ports of keywords, and their engines."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from scenedex.engines.catalog import Entry, WeightFile
from scenedex.engines.embeddings.port import SIGLIP2, SIGLIP2_ENTRY, SIGLIP2_SPEC, SIGLIP2_TEXTS_SPEC
from scenedex.engines.engine import Engine
from scenedex.engines.port import OpenedEngine, Port
from scenedex.engines.spec import EngineSpec

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from scenedex.engines.engine import EngineChoice
    from scenedex.timeline import BoundingBox


@dataclass(frozen=True, slots=True)
class FoundObject:
    """Thing in a picture, with its confidence (0-1) and its place."""

    name: str
    confidence: float
    box: BoundingBox


@dataclass(frozen=True, slots=True)
class FoundLabel:
    """Word of a vocabulary that fits a picture, with its confidence (0-1)."""

    label: str
    confidence: float


class ObjectFinder(OpenedEngine, Protocol):
    """Finds things of the classes that it was trained on. The result depends on the picture alone."""

    def find(self, rgb: NDArray[np.uint8]) -> Sequence[FoundObject]:
        """Return the things in an upright picture ``(height, width, 3)`` of any size, most certain first."""
        ...


class Labeller(OpenedEngine, Protocol):
    """Finds words of a vocabulary that fit a picture, given as a vector of another engine."""

    @property
    def reads(self) -> Engine:
        """Embedder of pictures whose vectors it reads."""
        ...

    def learn(self, vocabulary: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Take the words to choose from, in place of earlier ones.

        Args:
            vocabulary: the words, each once.
            vectors: ``(len(vocabulary), dimension)``, the unit vectors of their `label_prompts` by the embedder of
                texts that `label_texts` names.
        """
        ...

    def label(self, vector: NDArray[np.float32]) -> Sequence[FoundLabel]:
        """Return the words that fit the picture with this unit vector, most certain first, each once."""
        ...


LABELS: Final[Port[Labeller]] = Port("labels", "keywords of a vocabulary", is_extensible=False)


OBJECTS: Final[Port[ObjectFinder]] = Port("objects", "keywords for everyday things")


KEYWORDS: Final[Port[object]] = Port("keywords", "keywords of texts and speech", has_choice=False, is_extensible=False)

TEXT_TERMS: Final = Engine("text-terms", "4")
FASTESTDET: Final = Engine("fastestdet", "2", "fastestdet-coco80")
SIGLIP2_LABELS: Final = Engine("siglip2-labels", "1", SIGLIP2.weights)

FASTESTDET_FILE: Final = "fastestdet-coco80.onnx"

SPECS: Final = (
    EngineSpec(
        port=LABELS,
        engine=SIGLIP2_LABELS,
        factory="scenedex.engines.keywords.zeroshot:SiglipLabels",
        packages={"onnxruntime": "onnxruntime", "tokenizers": "tokenizers"},
        weights=SIGLIP2_ENTRY,
    ),
    EngineSpec(
        port=OBJECTS,
        engine=FASTESTDET,
        factory="scenedex.engines.keywords.fastestdet:FastestDet",
        licence="BSD-3-Clause",
        packages={"onnxruntime": "onnxruntime"},
        weights=Entry(
            "fastestdet-coco80",
            "80 kinds of everyday things, FastestDet",
            "BSD-3-Clause",
            "https://github.com/dog-qiuqiu/FastestDet",
            (
                WeightFile(
                    FASTESTDET_FILE,
                    "https://raw.githubusercontent.com/dog-qiuqiu/FastestDet/main/example/onnx-runtime/FastestDet.onnx",
                    998_169,
                    "31cb14c017fce347cb4c846ec62fdf00d76bb3beecdf4be21e7116ac67feb880",
                ),
            ),
            (".",),
        ),
    ),
    EngineSpec(port=KEYWORDS, engine=TEXT_TERMS),
)


def label_prompts(vocabulary: Sequence[str]) -> list[str]:
    """Return a sentence for each word of a vocabulary, because the network was trained with sentences."""
    return [f"This is a photo of {label}." for label in vocabulary]


def label_texts(labels: EngineChoice) -> EngineChoice:
    """Return the embedder of texts for the prompts of a chosen labeller, with the same weights."""
    return _beside(labels, SIGLIP2_TEXTS_SPEC)


def label_pictures(labels: EngineChoice) -> EngineChoice:
    """Return the embedder of pictures whose vectors a chosen labeller reads, with the same weights."""
    return _beside(labels, SIGLIP2_SPEC)


def _beside(labels: EngineChoice, spec: EngineSpec) -> EngineChoice:
    return spec.choice(None if labels.folder is None else Path(labels.folder))
