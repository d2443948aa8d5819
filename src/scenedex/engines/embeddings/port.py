"""The ports of embeddings: of pictures and of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from scenedex.engines.port import Port

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from scenedex.engines.engine import Engine


class PictureEmbedder(Protocol):
    """Turns pictures into vectors that lie close together for pictures that look alike.

    The vector of a picture depends on nothing but the picture; only vectors of one engine can be compared.
    """

    @property
    def engine(self) -> Engine:
        """What this embedder is."""
        ...

    @property
    def dimension(self) -> int:
        """Length of every vector."""
        ...

    def embed(self, rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
        """The unit vector, of shape ``(dimension,)``, of an upright picture ``(height, width, 3)`` of any size."""
        ...


class TextEmbedder(Protocol):
    """Turns texts into vectors that lie close together for texts of like meaning.

    The vector of a text depends on nothing but the text; only vectors of one engine can be compared.
    """

    @property
    def engine(self) -> Engine:
        """What this embedder is."""
        ...

    @property
    def dimension(self) -> int:
        """Length of every vector."""
        ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The unit vectors ``(len(texts), dimension)`` of texts to be found; what lies beyond a limit is ignored."""
        ...

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The unit vector ``(dimension,)`` of what somebody looks for."""
        ...

    def knows(self, text: str) -> bool:
        """Whether a query is made of words that the engine was trained with; its vector says little where it is not."""
        ...


PICTURES: Final[Port[PictureEmbedder]] = Port("pictures", "vectors of pictures", can_be_off=False)


MEANING: Final[Port[TextEmbedder]] = Port("meaning", "vectors of words")


PICTURE_TEXTS: Final[Port[TextEmbedder]] = Port(
    "picture-texts", "vectors of texts that pictures are compared with", has_choice=False
)
