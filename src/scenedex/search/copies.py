"""Hits of the same moment in assets with the same bytes, which a search shows as one."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenedex.index.records import IndexedScene
from scenedex.index.service import with_findings
from scenedex.search import content_queries
from scenedex.search.moments import moment_of
from scenedex.search.weighted_matches import Question

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from scenedex.db.database import Transaction
    from scenedex.index.records import SceneKey
    from scenedex.search.content_queries import IndexedContent
    from scenedex.search.records import Hit, SearchOutcome

Span = tuple[int, int]
Content = str | tuple[str, int]
"""Hash of bytes, or the entity tag and the size of an object."""


@dataclass(frozen=True, slots=True)
class CopiedHit:
    """A hit in an asset with the same bytes as another one.

    Attributes:
        number: number of the hit, from 1.
        content: the bytes.
        scene: range of its scene in milliseconds.
        moment: range of its moment, if another copy has scenes of other bounds at its time.
    """

    number: int
    index_id: int
    content: Content
    scene: Span
    moment: Span | None = None


async def ranks_of_copies(tx: Transaction, outcome: SearchOutcome, text: str | None) -> list[int]:
    """Return the number of the first hit of the same moment for each hit, from 1. It is empty if all hits differ.

    ``text`` is the text of the query.
    """
    hits = outcome.hits
    contents = copied_contents(await content_queries.contents_of(tx, sorted({hit.index_id for hit in hits})))
    copied = [(number, hit) for number, hit in enumerate(hits, 1) if hit.index_id in contents]
    if not copied:
        return []
    keys = [(hit.index_id, hit.scene_id) for _, hit in copied]
    scenes = await content_queries.spans_of(tx, keys)
    unlike = _differently_divided(keys, contents, scenes)
    moments = await _moments(
        tx, [hit for _, hit in copied if hit.index_id in unlike], scenes, Question(outcome.found_by, text)
    )
    return first_of_each_moment(
        len(hits),
        [
            CopiedHit(number, hit.index_id, contents[hit.index_id], scenes[key], moments.get(key))
            for (number, hit), key in zip(copied, keys, strict=True)
        ],
    )


def copied_contents(indexes: Sequence[IndexedContent]) -> dict[int, Content]:
    """Return the bytes of each index whose asset has the same bytes as that of another index.

    Assets are the same if their hashes are. Without a hash, they are if their sizes and the tags of their copies are.
    """
    hashes = {one.tag: one.content_hash for one in indexes if one.tag is not None and one.content_hash is not None}
    contents: dict[int, Content] = {}
    for one in indexes:
        content = one.content_hash or (one.tag and hashes.get(one.tag, one.tag))
        if content is not None:
            contents[one.index_id] = content
    counts = Counter(contents.values())
    return {index_id: content for index_id, content in contents.items() if counts[content] > 1}


def first_of_each_moment(count: int, copied: Sequence[CopiedHit]) -> list[int]:
    """Return for each of ``count`` hits the number of the first hit of its moment, or an empty list if all differ.

    Scenes of one range are the same. Analyses with other options have other scenes, whose moments may overlap.
    """
    numbers = list(range(1, count + 1))
    ranks = numbers.copy()
    of_scenes: dict[tuple[Content, Span], CopiedHit] = {}
    with_moments: defaultdict[Content, list[CopiedHit]] = defaultdict(list)
    for hit in copied:
        same = of_scenes.get((hit.content, hit.scene))
        if same is None and hit.moment is not None:
            others = with_moments[hit.content]
            same = next((one for one in others if one.moment and _overlap(one.moment, hit.moment)), None)
        if same is not None and same.index_id != hit.index_id:
            ranks[hit.number - 1] = ranks[same.number - 1]
            continue
        of_scenes[hit.content, hit.scene] = hit
        with_moments[hit.content].append(hit)
    return [] if ranks == numbers else ranks


def _differently_divided(
    keys: Iterable[SceneKey], contents: Mapping[int, Content], scenes: Mapping[SceneKey, Span]
) -> set[int]:
    """Return the indexes with a scene that overlaps one of other bounds in another index of the same bytes."""
    by_content: defaultdict[Content, list[tuple[Span, int]]] = defaultdict(list)
    for key in keys:
        by_content[contents[key[0]]].append((scenes[key], key[0]))
    unlike: set[int] = set()
    for found in by_content.values():
        clashing: set[Span] = set()
        longest: Span | None = None
        for span in sorted({span for span, _ in found}):
            if longest is not None and _overlap(span, longest):
                clashing |= {span, longest}
            longest = span if longest is None or span[1] > longest[1] else longest
        unlike |= {index_id for span, index_id in found if span in clashing}
    return unlike


async def _moments(
    tx: Transaction, hits: Sequence[Hit], scenes: Mapping[SceneKey, Span], question: Question
) -> dict[SceneKey, Span]:
    if not hits:
        return {}
    bare = [(hit.index_id, IndexedScene(hit.scene_id, *scenes[hit.index_id, hit.scene_id], "", ())) for hit in hits]
    moments = [
        moment_of(scene, question, hit.evidence, ())
        for hit, scene in zip(hits, await with_findings(tx, bare), strict=True)
    ]
    return {
        (hit.index_id, hit.scene_id): (moment.start_ms, moment.end_ms)
        for hit, moment in zip(hits, moments, strict=True)
    }


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < max(other[1], other[0] + 1) and other[0] < max(one[1], one[0] + 1)
