"""What the slice talks about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # msgspec reads the annotations
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

import msgspec

from scenedex.index.confidence import ConfidenceLevel  # as above
from scenedex.index.tokens import PhraseTerm, phrase_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.index.records import IndexedScene

SearchNumber = NewType("SearchNumber", int)


class SearchState(StrEnum):
    """How far a search has come; as it is stored and as the wire shows it."""

    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


class Persons(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who is seen in a scene: all of, at least one of, none of; where a list is empty, it asks nothing."""

    must: tuple[int, ...] = ()
    any: tuple[int, ...] = ()
    none: tuple[int, ...] = ()


class Dialogues(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is said in a scene: all of, at least one of, none of; where a list is empty, it asks nothing."""

    must: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()


class Scope(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where to look; a scene meets all that is given.

    Attributes:
        project_ids: projects of the workspace; None: any.
        asset_ids: assets of the workspace; None: any.
        types: ``IMAGE`` or ``VIDEO``; None: both.
        modified_from: earliest time of the index.
        modified_to: latest time of the index.
    """

    project_ids: tuple[int, ...] | None = None
    asset_ids: tuple[int, ...] | None = None
    types: tuple[str, ...] | None = None
    modified_from: datetime | None = None
    modified_to: datetime | None = None


class SearchRequest(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is looked for: a text, or the picture of a key, or neither where there are conditions."""

    scope: Scope
    level: ConfidenceLevel = ConfidenceLevel.MEDIUM
    text: str | None = None
    picture_key: str | None = None
    persons: Persons = Persons()
    dialogues: Dialogues = Dialogues()

    @property
    def is_scored(self) -> bool:
        """Whether hits can be surer or less sure; conditions alone are met or not."""
        return self.text is not None or self.picture_key is not None


class QueryPhrase(msgspec.Struct, frozen=True, omit_defaults=True):
    """Terms that stand one after another in a text; ``is_said``: in what is said, also across its lines."""

    terms: tuple[PhraseTerm, ...]
    is_said: bool = False

    @classmethod
    def of(cls, text: str, *, is_said: bool) -> QueryPhrase:
        """The phrase that a text is."""
        return cls(phrase_of(text), is_said)


class FoundBy(msgspec.Struct, frozen=True, omit_defaults=True):
    """What of a scene answers a search.

    Attributes:
        terms: of the query, with the misspelt ones as the scenes spell them.
        prefixes: with which words begin that answer.
        persons: who answer by name, by face or because they were asked for.
        phrases: what answers as a whole.
    """

    terms: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    persons: tuple[int, ...] = ()
    phrases: tuple[QueryPhrase, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A scene that was found; the score is 0 to 100, or None where only conditions were given."""

    index_id: int
    scene_id: int
    score: float | None


@dataclass(frozen=True, slots=True)
class SearchOutcome:
    """What a search found, what of the scenes answers it, and what was left out of consideration, for people."""

    hits: Sequence[Hit]
    found_by: FoundBy
    message: str | None = None


class SearchClaim(msgspec.Struct, frozen=True):
    """One try of a search. Its writes count only while no later try has claimed it."""

    number: SearchNumber
    workspace_id: int
    user_name: str
    request: SearchRequest
    attempt: int
    tries: int


@dataclass(frozen=True, slots=True)
class FoundScene:
    """A hit as it is shown.

    Attributes:
        asset_id: the asset, with its project and file as of today.
        project_id: see there.
        file_name: see there.
        type: ``IMAGE`` or ``VIDEO``.
        index_id: of which index the scene is.
        score: 0 to 100, or None.
        scene: the scene; of what was found in it, only what answers the search.
    """

    asset_id: int
    project_id: int
    file_name: str
    type: str
    index_id: int
    score: float | None
    scene: IndexedScene


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A search, and a page of its hits once it has completed.

    Attributes:
        search_id: how clients know it.
        state: how far it has come.
        message: why it failed, or what was left out of consideration.
        total: hits on all pages that are still there.
        hits: those of the page.
    """

    search_id: str
    state: SearchState
    message: str | None
    total: int
    hits: Sequence[FoundScene]
