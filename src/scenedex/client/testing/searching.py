"""How the fake service searches: for words as they stand in what its indexes hold, scene by scene.

The score of a text is the share of its words that a scene has. What is like a picture, a test says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # msgspec reads the annotations
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec

from scenedex.client.errors import Detail
from scenedex.client.index_answers import ConfidenceLevel, Index, Keyword, Scene, ScenePerson, ScreenText, Script
from scenedex.client.search_answers import AssetType, Conditions, Matches, SearchHit, SearchStatus
from scenedex.client.testing.catalogue import AssetState, refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from scenedex.client.testing.catalogue import WorkspaceState
    from scenedex.client.testing.people import People

T = TypeVar("T")
Found = Keyword | ScenePerson | Script | ScreenText

LEAST_SCORE: Final = {ConfidenceLevel.LOW: 1.0, ConfidenceLevel.MEDIUM: 50.0, ConfidenceLevel.HIGH: 100.0}


class _Part(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A part of the body of a search."""


class Wanted(_Part, frozen=True, kw_only=True):
    """What is looked for."""

    text_query: str | None = None
    image_query: str | None = None
    person_query: Conditions[int] = Conditions()
    dialog_query: Conditions[str] = Conditions()


class Option(_Part, frozen=True, kw_only=True):
    """How sure hits have to be."""

    confidence_level: ConfidenceLevel = ConfidenceLevel.MEDIUM


class Where(_Part, frozen=True, kw_only=True):
    """Where to look."""

    project_ids: tuple[int, ...] = ()
    asset_ids: tuple[int, ...] = ()
    asset_types: tuple[AssetType, ...] = ()
    index_modified_from: datetime | None = None
    index_modified_to: datetime | None = None


class SearchBody(_Part, frozen=True, kw_only=True):
    """The body of a search."""

    query: Wanted
    query_option: Option = Option()
    filter: Where


@dataclass(slots=True)
class SearchState:
    """A search that was asked for, and how many questions it answers before it ends."""

    workspace: str
    body: SearchBody
    questions_left: int


@dataclass(slots=True)
class Searches:
    """The searches of the fake service.

    Attributes:
        ending: how searches end, for tests to set.
        status_message: the words of searches that have ended, for tests to set.
        alike: how like every picture a scene is, 0-100, by asset and scene, for tests to set; no other scene is.
        messages: what is wrong with pictures of these bytes, for tests to set; all others are good.
    """

    ending: SearchStatus = SearchStatus.COMPLETED
    status_message: str | None = None
    alike: dict[tuple[int, int], float] = field(default_factory=dict[tuple[int, int], float])
    messages: dict[bytes, str] = field(default_factory=dict[bytes, str])
    states: dict[str, SearchState] = field(default_factory=dict[str, SearchState])


def check(body: SearchBody) -> None:
    """Refuses a search that looks for nothing, or nowhere."""
    query = body.query
    if query.text_query is not None and query.image_query is not None:
        refuse(400, "10001", "Invalid Request.", Detail("query", "must have one of textQuery and imageQuery"))
    if query == Wanted():
        refuse(400, "10001", "Invalid Request.", Detail("query", "must have a text, a picture or a condition"))
    if not body.filter.project_ids and not body.filter.asset_ids:
        refuse(400, "10001", "Invalid Request.", Detail("filter", "must have projectIds or assetIds"))


def hits(
    workspace: WorkspaceState, people: People, alike: Mapping[tuple[int, int], float], body: SearchBody
) -> list[SearchHit]:
    """What a search finds, the surest first, of equals the newest index."""
    least = LEAST_SCORE[body.query_option.confidence_level]
    is_scored = body.query.text_query is not None or body.query.image_query is not None
    found: list[SearchHit] = []
    for state, index, scene in _scenes(workspace, body.filter):
        place = (state.asset.asset_id, scene.scene_id)
        held = _held(people, place, scene)
        score = _text_score(held, body.query.text_query) if body.query.text_query is not None else alike.get(place, 0.0)
        if not _meets(held, body.query) or (is_scored and score < least):
            continue
        found.append(
            SearchHit(
                asset_id=state.asset.asset_id,
                project_id=state.asset.project_id,
                file_name=state.asset.file_name,
                asset_type=index.type,
                index_id=index.index_id,
                scene_id=scene.scene_id,
                start_time_ms=scene.start_time_ms,
                end_time_ms=scene.end_time_ms,
                score=score if is_scored else None,
                keyframe_url=f"https://fake.test/keyframes/{place[0]}/{place[1]}.jpg",
                matches=_answering(held, body.query),
            )
        )
    return sorted(found, key=lambda hit: (-(hit.score or 0), -hit.asset_id, hit.scene_id))


def _scenes(workspace: WorkspaceState, where: Where) -> Iterator[tuple[AssetState, Index, Scene]]:
    for state in workspace.assets.values():
        index = state.index
        if index is None or not _is_within(state, index, where):
            continue
        for scene in index.scenes:
            yield state, index, scene


def _is_within(state: AssetState, index: Index, where: Where) -> bool:
    changed = index.updated_time
    return all(
        (
            not where.project_ids or state.asset.project_id in where.project_ids,
            not where.asset_ids or state.asset.asset_id in where.asset_ids,
            not where.asset_types or index.type in where.asset_types,
            where.index_modified_from is None or changed is None or changed >= where.index_modified_from,
            where.index_modified_to is None or changed is None or changed <= where.index_modified_to,
        )
    )


def _held(people: People, place: tuple[int, int], scene: Scene) -> Matches:
    """All that can be found in a scene."""
    seen = (other for other in people.existing() if place in people.person_places(other))
    persons = (ScenePerson(person_id=other.person_id, name=other.name) for other in seen)
    return Matches(
        keywords=scene.keywords, persons=(*scene.persons, *persons), dialogues=scene.scripts, texts=scene.texts
    )


def _text_score(held: Matches, text: str) -> float:
    texts = [_words(item) for item in (*held.keywords, *held.persons, *held.dialogues, *held.texts)]
    words = text.casefold().split()
    return 100 * sum(any(word in it for it in texts) for word in words) / max(1, len(words))


def _meets(held: Matches, query: Wanted) -> bool:
    seen = {person.person_id for person in held.persons}
    said = [_words(line) for line in held.dialogues]
    persons, dialogues = query.person_query, query.dialog_query
    return _fits(persons, lambda person: person in seen) and _fits(
        dialogues, lambda text: any(text.casefold() in line for line in said)
    )


def _fits(conditions: Conditions[T], is_there: Callable[[T], bool]) -> bool:
    return (
        all(map(is_there, conditions.must))
        and (not conditions.any or any(map(is_there, conditions.any)))
        and not any(map(is_there, conditions.none))
    )


def _answering(held: Matches, query: Wanted) -> Matches:
    """What of a scene has a word of the text, or meets a condition."""
    words = (query.text_query or "").casefold().split()
    lines = [text.casefold() for text in (*query.dialog_query.must, *query.dialog_query.any)]
    persons = {*query.person_query.must, *query.person_query.any}

    def has(item: Found, parts: list[str]) -> bool:
        return any(part in _words(item) for part in parts)

    return Matches(
        keywords=tuple(keyword for keyword in held.keywords if has(keyword, words)),
        persons=tuple(person for person in held.persons if has(person, words) or person.person_id in persons),
        dialogues=tuple(line for line in held.dialogues if has(line, words + lines)),
        texts=tuple(text for text in held.texts if has(text, words)),
    )


def _words(item: Found) -> str:
    match item:
        case Keyword():
            words = item.keyword
        case ScenePerson():
            words = item.name or ""
        case Script() | ScreenText():
            words = item.text
    return words.casefold()
