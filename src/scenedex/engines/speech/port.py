"""The port of speech recognition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, Protocol, TypeAlias

from scenedex.engines.port import Port

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from scenedex.engines.engine import Engine

RATE: Final = 16_000
"""Samples a second that recognisers expect."""

LONGEST_REGION: Final = 30 * RATE
"""Most samples that are recognised at a time."""

SpokenLanguage: TypeAlias = Literal["ENKO", "EN", "KO", "JA", "ZH-CN", "ZH-TW"]
"""The languages that may be asked for. ENKO: English or Korean, whichever is heard."""


@dataclass(frozen=True, slots=True)
class RecognisedWord:
    """A word, without spaces around it; times in seconds from the start of the region, confidence 0 to 1.

    Languages without spaces are cut as the recogniser sees fit.
    """

    text: str
    start: float
    end: float
    confidence: float


@dataclass(frozen=True, slots=True)
class RecognisedUtterance:
    """A sentence, or what is said between two pauses.

    Attributes:
        text: as it is to be read.
        start: seconds from the start of the region; that of its first word.
        end: that of its last word.
        confidence: 0 to 1.
        language: ``en``, ``ko``, ``ja``, ``zh-CN`` or ``zh-TW``.
        words: in order of time, at least one.
    """

    text: str
    start: float
    end: float
    confidence: float
    language: str
    words: tuple[RecognisedWord, ...]


class LanguageNotKnown(ValueError):
    """The recogniser does not know this language."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class RegionRefused(ValueError):
    """At most 30 seconds are recognised at a time."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class Recogniser(Protocol):
    """Writes down what is said."""

    @property
    def engine(self) -> Engine:
        """What this recogniser is."""
        ...

    @property
    def languages(self) -> frozenset[SpokenLanguage]:
        """What it may be asked for."""
        ...

    def recognise(self, samples: NDArray[np.int16], language: SpokenLanguage) -> Sequence[RecognisedUtterance]:
        """What is said in one region of mono sound at `RATE`; the same samples always give the same answer.

        Utterances come in order of time and do not overlap; all times lie within the region. What the recogniser
        itself does not believe in is left out, so that noise has no words.

        Raises:
            LanguageNotKnown: it does not know the language.
            RegionRefused: the region is longer than `LONGEST_REGION`.
        """
        ...


SPEECH: Final[Port[Recogniser]] = Port("speech", "speech")
