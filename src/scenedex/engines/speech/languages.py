"""Language of each stretch of voice in a sound with several languages. Pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_CERTAIN_SECONDS: Final = 2.5
"""Length of a voice from which a language that is no candidate is reliable. In shorter ones it is often wrong."""

_WEIGHT_SECONDS: Final = 2.0
_MAX_WEIGHT: Final = 2.0
_SMALL: Final = 0.01
_USUAL_OTHER: Final = 0.05
"""Usual probability of a language that is no candidate."""

_CHANGE: Final = 2.0
"""Evidence that a change of language needs, as the logarithm of a likelihood ratio."""

_OTHER: Final = 2.5
"""Further evidence that a change to a language which is no candidate needs."""


def languages_of_voices(
    heard: Sequence[Mapping[str, float]], seconds: Sequence[float], candidates: Sequence[str]
) -> list[str | None]:
    """Return the most probable language of each voice, or `None` for a language that is no candidate.

    A short voice gets the language of its neighbours unless it clearly has another.

    Args:
        heard: probability of each language, by its code, for each voice in order of time.
        seconds: length of each voice.
        candidates: codes of the languages that may be spoken, at least one.
    """
    states: list[str | None] = [*candidates, None]
    best = {state: _OTHER * (state is None) for state in states}
    former: list[dict[str | None, str | None]] = []
    for probabilities, length in zip(heard, seconds, strict=True):
        costs = _costs(probabilities, length, candidates)
        cheapest = min(states, key=best.__getitem__)
        change = {state: best[cheapest] + _CHANGE + _OTHER * (state is None) for state in states}
        former.append({state: state if best[state] <= change[state] else cheapest for state in states})
        best = {state: min(best[state], change[state]) + costs[state] for state in states}
    languages: list[str | None] = []
    state = min(states, key=best.__getitem__) if heard else None
    for origins in reversed(former):
        languages.append(state)
        state = origins[state]
    return languages[::-1]


def _costs(probabilities: Mapping[str, float], seconds: float, candidates: Sequence[str]) -> Mapping[str | None, float]:
    """Return what each language costs for a voice, by its negative logarithm."""
    heard = {candidate: probabilities.get(candidate, 0.0) + _SMALL for candidate in candidates}
    known = sum(heard.values())
    reliability = min(seconds / _CERTAIN_SECONDS, 1.0)
    other = reliability * (1 - known) + (1 - reliability) * _USUAL_OTHER
    shares: dict[str | None, float] = {code: (1 - other) * value / known for code, value in heard.items()}
    shares[None] = other
    weight = min(seconds / _WEIGHT_SECONDS, _MAX_WEIGHT)
    return {state: -weight * math.log(max(share, _SMALL)) for state, share in shares.items()}
