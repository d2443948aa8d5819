"""Speakers as groups of voices by average similarity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_EQUAL = np.float32(1e-6)


def group(voices: NDArray[np.float32], same_speaker: float) -> tuple[int, ...]:
    """Return the speaker of each of ``(n, dimension)`` unit vectors, from 1 in order of first appearance.

    Agglomerative, average linkage: the two most similar groups are merged as long as the mean cosine
    between their members is at least ``same_speaker``. Memory grows with n, time with its square.
    """
    owner = np.arange(len(voices))
    open_ = np.ones(len(voices), np.bool_)
    # The mean cosine between two groups is that of their sums: no table of pairs is needed.
    sums, sizes = voices.astype(np.float32), np.ones(len(voices), np.float32)
    # Each group of the chain is the nearest of the one before it. Two that are nearest to each other may merge at once,
    # because no other merge brings anything closer to them.
    chain: list[int] = []
    while open_.any():
        if not chain:
            chain.append(int(open_.argmax()))
        last = chain[-1]
        alike = sums @ sums[last] / (sizes * sizes[last])
        alike[~open_] = -np.inf
        alike[last] = -np.inf
        best = int(alike.argmax())
        if not alike[best] >= same_speaker:
            # Similarity increases along the chain: if it is too low at its end, it is too low everywhere.
            open_[chain] = False
            chain.clear()
        elif len(chain) > 1 and alike[chain[-2]] >= alike[best] - _EQUAL:
            kept, merged = sorted(chain[-2:])
            sums[kept] += sums[merged]
            sizes[kept] += sizes[merged]
            owner[owner == merged] = kept
            open_[merged] = False
            del chain[-2:]
        else:
            chain.append(best)
    return numbered(owner.tolist())


def nearest(voice: NDArray[np.float32], groups: NDArray[np.float32]) -> int:
    """Return the position of the most similar of ``(n, dimension)`` mean voices, from 0."""
    return int((groups @ voice).argmax())


def numbered(speakers: list[int]) -> tuple[int, ...]:
    """Renumber speakers from 1 in order of first appearance."""
    numbers: dict[int, int] = {}
    return tuple(numbers.setdefault(speaker, len(numbers) + 1) for speaker in speakers)
