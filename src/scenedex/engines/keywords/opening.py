"""Loading the makers of visual keywords that were chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scenedex.engines.embeddings.opening import unknown, weights_folder
from scenedex.engines.keywords.names import FASTESTDET, SIGLIP2_LABELS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from scenedex.engines.engine import EngineChoice
    from scenedex.engines.keywords.port import Labeller, ObjectFinder


def open_object_finder(choice: EngineChoice, *, threads: int = 0) -> ObjectFinder:
    """The finder of objects that was chosen; 0 threads: as many as there are cores.

    Raises:
        EngineUnavailable: it is unknown to this version, or its weights are missing or damaged.
    """
    if choice.engine == FASTESTDET:
        from scenedex.engines.keywords.fastestdet import FastestDet  # noqa: PLC0415  # only what is used is loaded

        return FastestDet(weights_folder(choice), threads=threads)
    raise unknown(choice, "finds objects")


def open_labeller(
    choice: EngineChoice,
    vocabulary: Sequence[str],
    *,
    vectors: NDArray[np.float32] | None = None,
    threads: int = 0,
    on_read: Callable[[int], None] | None = None,
) -> Labeller:
    """The labeller that was chosen, once it has read its vocabulary.

    Args:
        choice: which one.
        vocabulary: the words that it may use, each once.
        vectors: ``(len(vocabulary), dimension)``: the unit vectors of the words' `label_prompts`, where they are known
            from before; a word takes some 50 ms otherwise.
        threads: threads of one run; 0: as many as there are cores.
        on_read: told how many words have been read, after each.

    Raises:
        EngineUnavailable: it is unknown to this version, or its weights are missing or damaged.
    """
    if choice.engine == SIGLIP2_LABELS:
        from scenedex.engines.keywords.zeroshot import SiglipLabels  # noqa: PLC0415  # only what is used is loaded

        if vectors is None:
            vectors = _read(choice, label_prompts(vocabulary), threads=threads, on_read=on_read)
        return SiglipLabels(vocabulary, vectors)
    raise unknown(choice, "labels pictures")


def label_prompts(vocabulary: Sequence[str]) -> list[str]:
    """The sentence that stands for each word of a vocabulary: what a network saw in training are sentences."""
    return [f"This is a photo of {label}." for label in vocabulary]


def _read(
    choice: EngineChoice, texts: Sequence[str], *, threads: int, on_read: Callable[[int], None] | None
) -> NDArray[np.float32]:
    from scenedex.engines.embeddings.siglip import SiglipTexts  # noqa: PLC0415  # only what is used is loaded

    # The text network goes with this call: the picture network needs its place.
    embedder = SiglipTexts(weights_folder(choice), threads=threads)
    vectors = np.empty((len(texts), embedder.dimension), np.float32)
    for row, text in enumerate(texts):
        vectors[row] = embedder.embed([text])[0]
        if on_read is not None:
            on_read(row + 1)
    return vectors
