"""Weights to propose for an archive, by what is spoken and seen in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scenedex.engines.embeddings import MEANING, PICTURES
from scenedex.engines.keywords import OBJECTS
from scenedex.engines.pace import seconds_per_minute
from scenedex.engines.sounds import SOUNDS
from scenedex.engines.speakers import SPEAKERS
from scenedex.engines.speech import SPEECH
from scenedex.engines.text import KOREAN

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from typing import Any

    from scenedex.engines.catalog import Entry
    from scenedex.engines.port import Port
    from scenedex.engines.registry import EngineRegistry
    from scenedex.engines.spec import EngineSpec

SPOKEN: Final = {"en": "English", "ko": "Korean", "ja": "Japanese", "zh": "Chinese"}
"""Languages to ask for, by their codes."""

FOUND: Final[dict[str, tuple[Port[Any], str]]] = {
    "korean-text": (KOREAN, "Korean text on screen"),
    "effects": (SOUNDS, "applause and laughter"),
    "things": (OBJECTS, "everyday things as keywords"),
    "pictures": (PICTURES, "pictures by words, and keywords of them"),
    "meaning": (MEANING, "scenes by the meaning of what is said and written"),
}
"""Things to ask for, with their ports."""

MAX_SECONDS_PER_MINUTE: Final = 20.0
"""Time for a minute of speech from which a smaller network is proposed."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Weights to pull.

    Attributes:
        entry: the weights.
        purpose: what they find, in a few words.
        seconds_per_minute: expected time for a minute of media on this machine, `None` if it was never measured.
        is_available: True if the weights are here or a source of them answers.
        alternative: weights for the same purpose that come in packages, to pull if the download of these fails.
    """

    entry: Entry
    purpose: str
    seconds_per_minute: float | None = None
    is_available: bool = True
    alternative: Entry | None = None


def propose(  # an archive and a machine
    registry: EngineRegistry,
    spoken: Collection[str],
    found: Collection[str],
    *,
    gflops: float,
    cores: int,
    is_available: Callable[[Entry], bool],
) -> list[Proposal]:
    """Return the weights for languages of `SPOKEN` and things of `FOUND`, on a machine of some speed.

    Of the networks for speech that are available, it is the most able one that takes at most `MAX_SECONDS_PER_MINUTE`,
    or the fastest one.
    """
    proposals: list[Proposal] = []
    if spoken:
        languages = ", ".join(name for code, name in SPOKEN.items() if code in spoken)
        proposals.append(_speech(registry, languages, is_available, gflops=gflops, cores=cores))
        proposals.append(_preferred(registry, SPEAKERS, "speakers", is_available))
    for name, (port, purpose) in FOUND.items():
        if name in found:
            proposals.append(_preferred(registry, port, purpose, is_available))
    return proposals


def _speech(
    registry: EngineRegistry, languages: str, is_available: Callable[[Entry], bool], *, gflops: float, cores: int
) -> Proposal:
    paces = sorted(
        (
            (pace, spec.weights)
            for spec in registry.specs(SPEECH)
            if spec.weights is not None and (pace := seconds_per_minute(spec, gflops=gflops, cores=cores)) is not None
        ),
        key=lambda one: one[0],
    )
    affordable = [one for one in paces if one[0] <= MAX_SECONDS_PER_MINUTE]
    wanted = [*reversed(affordable), *(one for one in paces if one not in affordable)]
    available = next((one for one in wanted if is_available(one[1])), None)
    pace, entry = available or wanted[0]
    packaged = next((other for _, other in reversed(paces) if other.packages), None)
    alternative = None if packaged == entry else packaged
    return Proposal(entry, f"speech: {languages}", pace, available is not None, alternative)


def _preferred(
    registry: EngineRegistry, port: Port[Any], purpose: str, is_available: Callable[[Entry], bool]
) -> Proposal:
    specs: Sequence[EngineSpec] = registry.specs(port)
    entry = next(spec.weights for spec in specs if spec.weights is not None)
    return Proposal(entry, purpose, is_available=is_available(entry))
