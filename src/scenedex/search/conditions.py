"""What every scene that is found must meet: where to look, who is seen, what is said. Pure.

Conditions speak of assets as ``a``, their indexes as ``i`` and scenes as ``s``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, LiteralString

from scenedex.index.tokens import phrase_of
from scenedex.search.tsquery import SAID, either, phrase

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scenedex.index.tokens import PhraseTerm
    from scenedex.search.records import SearchRequest

# Who somebody is today is looked up first: joined, the database expects so few appearances that it begins with them.
_SEEN: LiteralString = (
    "EXISTS (SELECT FROM appearances x WHERE x.index_id = s.index_id AND x.scene_id = s.scene_id"
    " AND x.person_id = ANY(ARRAY(SELECT o.person_id FROM persons o WHERE o.root_id = ANY(%s))))"
)
# For a query of its own for each of many persons the database plans for seconds.
_ALL_SEEN: LiteralString = (
    "%s::bigint[] <@ ARRAY(SELECT o.root_id FROM appearances x JOIN persons o USING (person_id)"
    " WHERE x.index_id = s.index_id AND x.scene_id = s.scene_id)"
)
_SAYS: LiteralString = "s.words @@ %s::tsquery"
# Of scenes whose words are not written yet, nothing is known to be said.
_SAYS_NOT: LiteralString = "NOT coalesce(s.words @@ %s::tsquery, false)"

Part = tuple[LiteralString, tuple[object, ...]]
"""A condition in SQL, with its parameters in order."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """Conditions on scenes.

    Attributes:
        parts: all of them must be met.
        of_scenes: whether any of them speaks of single scenes, and not only of their assets and indexes.
    """

    parts: tuple[Part, ...]
    of_scenes: bool

    @property
    def sql(self) -> LiteralString:
        """All conditions, each after an ``AND``."""
        return "".join(f" AND {sql}" for sql, _ in self.parts)

    @property
    def params(self) -> tuple[object, ...]:
        """Their parameters."""
        return tuple(param for _, params in self.parts for param in params)


def conditions_of(
    workspace_id: int,
    request: SearchRequest,
    phrases: Sequence[tuple[PhraseTerm, ...]] = (),
    named: Mapping[tuple[PhraseTerm, ...], Sequence[int]] | None = None,
) -> Conditions:
    """The conditions of a request.

    Args:
        workspace_id: whose scenes.
        request: what is asked for.
        phrases: what stands in scenes as it is.
        named: persons whose names have a phrase; who shows one of them has it too.
    """
    of_scenes = (
        *_of_persons(request),
        *_of_dialogues(workspace_id, request),
        *(_of_phrase(workspace_id, one, (named or {}).get(one, ())) for one in phrases),
    )
    return Conditions((*_of_places(request), *of_scenes), bool(of_scenes))


def _of_phrase(workspace_id: int, terms: tuple[PhraseTerm, ...], persons: Sequence[int]) -> Part:
    written = phrase(workspace_id, terms)
    return (f"({_SAYS} OR {_SEEN})", (written, list(persons))) if persons else (_SAYS, (written,))


def _of_places(request: SearchRequest) -> Iterator[Part]:
    scope = request.scope
    if scope.project_ids is not None:
        yield "a.project_id = ANY(%s)", (list(scope.project_ids),)
    if scope.asset_ids is not None:
        yield "a.asset_id = ANY(%s)", (list(scope.asset_ids),)
    if scope.types is not None:
        yield "i.type = ANY(%s)", (list(scope.types),)
    if scope.modified_from is not None:
        yield "i.updated_time >= %s", (scope.modified_from,)
    if scope.modified_to is not None:
        yield "i.updated_time <= %s", (scope.modified_to,)


def _of_persons(request: SearchRequest) -> Iterator[Part]:
    if request.persons.must:
        yield _SEEN, (list(request.persons.must[:1]),)
    if len(request.persons.must) > 1:
        yield _ALL_SEEN, (list(request.persons.must),)
    if request.persons.any:
        yield _SEEN, (list(request.persons.any),)
    if request.persons.none:
        yield f"NOT {_SEEN}", (list(request.persons.none),)


def _of_dialogues(workspace_id: int, request: SearchRequest) -> Iterator[Part]:
    def said(text: str) -> str:
        return phrase(workspace_id, phrase_of(text), fields=SAID)

    for text in request.dialogues.must:
        yield _SAYS, (said(text),)
    if request.dialogues.any:
        yield _SAYS, (either(map(said, request.dialogues.any)),)
    if request.dialogues.none:
        yield _SAYS_NOT, (either(map(said, request.dialogues.none)),)
