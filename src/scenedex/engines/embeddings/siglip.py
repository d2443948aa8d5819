"""SigLIP 2: pictures and texts of many languages in one space, so that a text finds pictures.

Preprocessing as its model card prescribes: pictures squeezed to a square with values from -1 to 1, texts in lower
case as 64 tokens, padded with 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from scenedex.engines.embeddings.port import SIGLIP2, SIGLIP2_TEXT_FILE, SIGLIP2_VISION_FILE, TOKENIZER_FILE
from scenedex.engines.embeddings.tokens import Tokens
from scenedex.engines.embeddings.vectors import unit
from scenedex.engines.networks import Network

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scenedex.engines.engine import EngineContext

SIDE: Final = 224
TEXT_TOKENS: Final = 64
_OUTPUT = "pooler_output"


class SiglipPictures:
    """The picture half."""

    def __init__(self, context: EngineContext) -> None:
        self.engine: Final = SIGLIP2
        file = context.weights_folder / SIGLIP2_VISION_FILE
        self._network = Network(file, inputs=["pixel_values"], output=_OUTPUT, threads=context.threads)
        self.dimension: Final = self._network.dimension

    def embed(self, rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the vector of a picture."""
        # Each pixel of the result is the mean of its area. Plain interpolation would skip most pixels.
        way = cv2.INTER_AREA if min(rgb.shape[:2]) >= SIDE else cv2.INTER_LINEAR
        square = cv2.resize(np.ascontiguousarray(rgb), (SIDE, SIDE), interpolation=way)
        values = square.astype(np.float32) / np.float32(127.5) - np.float32(1)
        return unit(self._network.run({"pixel_values": np.ascontiguousarray(values.transpose(2, 0, 1)[None])})[0])


class SiglipTexts:
    """The text half."""

    def __init__(self, context: EngineContext) -> None:
        self.engine: Final = SIGLIP2
        folder = context.weights_folder
        self._tokens = Tokens(folder / TOKENIZER_FILE, longest=TEXT_TOKENS)
        self._network = Network(
            folder / SIGLIP2_TEXT_FILE, inputs=["input_ids"], output=_OUTPUT, threads=context.threads
        )
        self.dimension: Final = self._network.dimension

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of texts."""
        return np.array([self.embed_query(text) for text in texts], np.float32).reshape(-1, self.dimension)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a query."""
        (numbers,) = self._tokens.pieces(text.lower(), limit=1)
        padded = np.zeros((1, TEXT_TOKENS), np.int64)
        padded[0, : len(numbers)] = numbers
        return unit(self._network.run({"input_ids": padded})[0])

    def knows(self, text: str) -> bool:
        """Return whether the words are known."""
        return self._tokens.knows_words(text)
