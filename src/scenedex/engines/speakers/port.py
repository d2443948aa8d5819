"""Port of speaker embeddings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from scenedex.engines.port import Port

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from scenedex.engines.engine import Engine


class UtteranceTooShort(ValueError):
    """There is too little sound to recognise a voice."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class SpeakerEmbedder(Protocol):
    """Embeds the sound of utterances: vectors of the same voice are close."""

    @property
    def engine(self) -> Engine:
        """Identity of the embedder."""
        ...

    @property
    def dimension(self) -> int:
        """Length of every vector."""
        ...

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
