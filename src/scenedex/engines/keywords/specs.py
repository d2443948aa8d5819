"""Engines of keywords."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from scenedex.engines.catalog import Entry, WeightFile
from scenedex.engines.embeddings.specs import SIGLIP2, SIGLIP2_ENTRY, SIGLIP2_SPEC, SIGLIP2_TEXTS_SPEC
from scenedex.engines.engine import Engine
from scenedex.engines.keywords.port import KEYWORDS, LABELS, OBJECTS
from scenedex.engines.spec import EngineSpec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.engines.engine import EngineChoice

TEXT_TERMS: Final = Engine("text-terms", "1")
FASTESTDET: Final = Engine("fastestdet", "1", "fastestdet-coco80")
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
