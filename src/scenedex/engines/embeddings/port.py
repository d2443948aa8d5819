"""Ports of embeddings of pictures and of texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from scenedex.engines.port import Port

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from scenedex.engines.engine import Engine


class PictureEmbedder(Protocol):
    """Embeds pictures: vectors of similar pictures are close.

    The vector of a picture depends on the picture alone. Only vectors of one engine can be compared.
    """

    @property
    def engine(self) -> Engine:
        """Identity of the embedder."""
        ...

    @property
    def dimension(self) -> int:
        """Length of every vector."""
        ...

    def embed(self, rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the unit vector ``(dimension,)`` of an upright picture ``(height, width, 3)`` of any size."""
        ...


class TextEmbedder(Protocol):
    """Embeds texts: vectors of texts with a similar meaning are close.

    The vector of a text depends on the text alone. Only vectors of one engine can be compared.
    """

    @property
    def engine(self) -> Engine:
        """Identity of the embedder."""
        ...

    @property
    def dimension(self) -> int:
        """Length of every vector."""
        ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the unit vectors ``(len(texts), dimension)`` of texts to find. Text beyond a limit is ignored."""
        ...

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return the unit vector ``(dimension,)`` of a query."""
        ...

    def knows(self, text: str) -> bool:
        """Return whether the engine was trained with the words of a query. Otherwise its vector means little."""
        ...


PICTURES: Final[Port[PictureEmbedder]] = Port("pictures", "vectors of pictures", can_be_off=False)


MEANING: Final[Port[TextEmbedder]] = Port("meaning", "vectors of words")


PICTURE_TEXTS: Final[Port[TextEmbedder]] = Port(
    "picture-texts", "vectors of texts that pictures are compared with", has_choice=False
)
