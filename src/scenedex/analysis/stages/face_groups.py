"""Grouping of the face tracks of one asset by person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scenedex.analysis.stages.face_tracks import FaceTrack

_NO_MERGE: Final = -2.0


def group(tracks: Sequence[FaceTrack], same_person: float) -> tuple[tuple[int, ...], ...]:
    """Group tracks by person, as agglomerative clustering by centroids.

    The two most similar groups merge until no two are at least as similar as ``same_person``. Tracks that share a still
    are of different persons and never merge. A track weighs more the better its quality is.

    Only presentable tracks make groups. Each other one joins the group that it is most similar to, or stays alone:
    covered faces of two persons are more similar to one another than to the faces of these persons.

    Args:
        tracks: tracks with embeddings of one engine.
        same_person: minimum cosine of two vectors of one person. See `FaceAnalyser`.

    Returns:
        Positions of the tracks by person. Each position is in one group, in order within the group, and the groups are
        in order of their first track.
    """
    if not tracks:
        return ()
    sums = np.stack([_weighted_sum(track) for track in tracks])
    is_separate = _appear_together(tracks)
    clear = [n for n, track in enumerate(tracks) if track.is_presentable]
    groups = [
        [clear[n] for n in members]
        for members in _clustered(sums[clear], is_separate[np.ix_(clear, clear)], same_person)
    ]
    groups += _joined(groups, sums, is_separate, same_person)
    return tuple(sorted(tuple(sorted(group_)) for group_ in groups))


def _joined(
    groups: Sequence[list[int]], sums: NDArray[np.float64], is_separate: NDArray[np.bool_], same_person: float
) -> list[list[int]]:
    """Add each track that is in no group to the most similar group. Return groups of the tracks that are left."""
    others = sorted(set(range(len(sums))) - {n for members in groups for n in members})
    if not groups:
        return [[n] for n in others]
    similarity = _units(sums[others]) @ _units(np.stack([sums[members].sum(axis=0) for members in groups])).T
    alone: list[list[int]] = []
    order: list[int] = np.argsort(-similarity.max(axis=1), kind="stable").tolist()
    for place in order:
        track = others[place]
        possible = [
            n
            for n, members in enumerate(groups)
            if similarity[place, n] >= same_person and not is_separate[track, members].any()
        ]
        if possible:
            groups[max(possible, key=lambda n: float(similarity[place, n]))].append(track)
        else:
            alone.append([track])
    return alone


def _clustered(sums: NDArray[np.float64], is_separate: NDArray[np.bool_], same_person: float) -> list[list[int]]:
    """Return the positions of sums of vectors by person. ``is_separate`` holds the pairs that never merge."""
    if not len(sums):
        return []
    members = [[n] for n in range(len(sums))]
    sums, is_separate, centroids = sums.copy(), is_separate.copy(), _units(sums)
    similarity = (centroids @ centroids.T).astype(np.float32)
    similarity[is_separate] = _NO_MERGE
    np.fill_diagonal(similarity, _NO_MERGE)
    best_partner = similarity.argmax(axis=1)
    rows = np.arange(len(sums))
    while (best := similarity[rows, best_partner]).max() >= same_person:
        kept = int(best.argmax())
        merged = int(best_partner[kept])
        kept, merged = min(kept, merged), max(kept, merged)
        members[kept] += members[merged]
        members[merged] = []
        sums[kept] += sums[merged]
        centroids[kept] = sums[kept] / max(float(np.linalg.norm(sums[kept])), 1e-12)
        is_separate[kept] |= is_separate[merged]
        is_separate[:, kept] = is_separate[kept]
        similarity[merged] = similarity[:, merged] = _NO_MERGE
        is_alive = np.array([bool(group_) for group_ in members])
        row = np.where(is_alive & ~is_separate[kept], centroids @ centroids[kept], _NO_MERGE)
        row[kept] = _NO_MERGE
        similarity[kept] = similarity[:, kept] = row
        is_stale = (best_partner == kept) | (best_partner == merged)
        is_stale[[kept, merged]] = True
        is_better = ~is_stale & (row > similarity[rows, best_partner])
        best_partner[is_better] = kept
        best_partner[is_stale] = similarity[is_stale].argmax(axis=1)
    return [group_ for group_ in members if group_]


def _units(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


def _weighted_sum(track: FaceTrack) -> NDArray[np.float64]:
    """Return the sum of a track's vectors, weighted by quality and number of stills."""
    vectors = np.stack([np.frombuffer(vector, "<f4") for vector in track.embeddings]).astype(np.float64)
    total = vectors.sum(axis=0)
    weight = max(track.quality, 0.05) * min(len(track.sightings), 8) ** 0.5
    return total / max(float(np.linalg.norm(total)), 1e-12) * weight


def _appear_together(tracks: Sequence[FaceTrack]) -> NDArray[np.bool_]:
    """Return a matrix of the pairs of tracks that share a still."""
    is_together = np.zeros((len(tracks), len(tracks)), np.bool_)
    by_still: dict[tuple[int, int], list[int]] = {}
    for n, track in enumerate(tracks):
        for sighting in track.sightings:
            by_still.setdefault((sighting.time.numerator, sighting.time.denominator), []).append(n)
    for positions in by_still.values():
        if len(positions) > 1:
            is_together[np.ix_(positions, positions)] = True
    return is_together
