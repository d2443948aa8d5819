"""Which tracks of one asset are one person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scenedex.analysis.stages.face_tracks import FaceTrack

_NEVER: Final = -2.0


def group(tracks: Sequence[FaceTrack], same_person: float) -> tuple[tuple[int, ...], ...]:
    """Positions of tracks by person: each once, in order within a group, the groups in order of their first track.

    The two groups with the nearest middles become one, again and again, as long as these are nearer than
    ``same_person``. Tracks that share a still are two people, however alike. Good likenesses weigh more.

    Args:
        tracks: with embeddings of one engine.
        same_person: the bound of that engine; see `FaceAnalyser`.
    """
    if not tracks:
        return ()
    sums = np.stack([_weighted(track) for track in tracks])
    is_apart = _share_a_still(tracks)
    members = [[n] for n in range(len(tracks))]
    middles = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
    nearness = (middles @ middles.T).astype(np.float32)
    nearness[is_apart] = _NEVER
    np.fill_diagonal(nearness, _NEVER)
    nearest = nearness.argmax(axis=1)
    rows = np.arange(len(tracks))
    while (best := nearness[rows, nearest]).max() >= same_person:
        kept = int(best.argmax())
        gone = int(nearest[kept])
        kept, gone = min(kept, gone), max(kept, gone)
        members[kept] += members[gone]
        members[gone] = []
        sums[kept] += sums[gone]
        middles[kept] = sums[kept] / max(float(np.linalg.norm(sums[kept])), 1e-12)
        is_apart[kept] |= is_apart[gone]
        is_apart[:, kept] = is_apart[kept]
        _forget(nearness, gone)
        is_open = np.array([bool(held) for held in members])
        row = np.where(is_open & ~is_apart[kept], middles @ middles[kept], _NEVER)
        row[kept] = _NEVER
        nearness[kept] = nearness[:, kept] = row
        is_stale = (nearest == kept) | (nearest == gone)
        is_stale[[kept, gone]] = True
        is_better = ~is_stale & (row > nearness[rows, nearest])
        nearest[is_better] = kept
        nearest[is_stale] = nearness[is_stale].argmax(axis=1)
    return tuple(sorted(tuple(sorted(held)) for held in members if held))


def _weighted(track: FaceTrack) -> NDArray[np.float64]:
    """The sum of a track's vectors, weighted by its quality and by how many stills speak for it."""
    vectors = np.stack([np.frombuffer(vector, "<f4") for vector in track.embeddings]).astype(np.float64)
    middle = vectors.sum(axis=0)
    weight = max(track.quality, 0.05) * min(len(track.sightings), 8) ** 0.5
    return middle / max(float(np.linalg.norm(middle)), 1e-12) * weight


def _share_a_still(tracks: Sequence[FaceTrack]) -> NDArray[np.bool_]:
    """Which pairs of tracks are seen in one still."""
    is_shared = np.zeros((len(tracks), len(tracks)), np.bool_)
    by_still: dict[tuple[int, int], list[int]] = {}
    for n, track in enumerate(tracks):
        for sighting in track.sightings:
            by_still.setdefault((sighting.time.numerator, sighting.time.denominator), []).append(n)
    for together in by_still.values():
        if len(together) > 1:
            is_shared[np.ix_(together, together)] = True
    return is_shared


def _forget(nearness: NDArray[np.float32], gone: int) -> None:
    nearness[gone] = _NEVER
    nearness[:, gone] = _NEVER
