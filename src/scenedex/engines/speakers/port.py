"""The port of speaker embeddings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from scenedex.engines.port import Port

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from scenedex.engines.engine import Engine


class UtteranceTooShort(ValueError):
    """There is too little sound to tell a voice by."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class SpeakerEmbedder(Protocol):
    """Turns the sound of an utterance into a direction that is much the same whenever the same person speaks."""

    @property
    def engine(self) -> Engine:
        """What this embedder is."""
        ...

    @property
    def dimension(self) -> int:
        """Length of its vectors."""
        ...

    @property
    def shortest(self) -> int:
        """The fewest samples that it takes."""
        ...

    @property
    def same_speaker(self) -> float:
        """Cosine, -1 to 1, from which two groups of utterances are of one speaker on average."""
        ...

    def embed(self, samples: NDArray[np.int16]) -> NDArray[np.float32]:
        """The voice in ``(n,)`` samples at 16 kHz, as a unit vector of ``(dimension,)``.

        Raises:
            UtteranceTooShort: there are fewer samples than `shortest`; the embedder is unchanged.
        """
        ...


SPEAKERS: Final[Port[SpeakerEmbedder]] = Port("speakers", "speakers", can_be_off=False)
