"""Conditions that every hit of a search meets: place, persons and dialogue. Pure.

In SQL, ``a`` is the asset, ``i`` its index and ``s`` the scene.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, LiteralString, cast

from scenedex.index.tokens import phrase_of
from scenedex.search.word_conditions import SAID_FIELDS, any_of, phrase

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scenedex.index.tokens import PhraseTerm
    from scenedex.search.records import SearchRequest


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition in SQL with named parameters. No two conditions of a search share the name of one.

    Attributes:
        scenes: statement that lists the scenes that meet it, of any workspace, by a database index. It has the same
            parameters. `None` if there is no such index.
    """

    sql: LiteralString
    params: Mapping[str, object]
    scenes: LiteralString | None = None


@dataclass(frozen=True, slots=True)
class Conditions:
    """Conditions that every hit meets.

    Attributes:
        parts: all conditions.
        of_scenes: those about single scenes, and not only about their assets and indexes.
        of_indexes: conditions that the index of every hit meets.
        words: conditions that the words of every hit meet, in the syntax of ``tsquery``.
    """

    parts: tuple[Condition, ...]
    of_scenes: tuple[Condition, ...] = ()
    of_indexes: tuple[Condition, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def has_scene_parts(self) -> bool:
        """True if some conditions are about single scenes."""
        return bool(self.of_scenes)

    @property
    def sql(self) -> LiteralString:
        """All conditions, each after an ``AND``."""
        return _joined(self.parts)

    @property
    def sql_of_indexes(self) -> LiteralString:
        """Conditions on indexes, each after an ``AND``."""
        return _joined(self.of_indexes)

    @property
    def params(self) -> dict[str, object]:
        """Values of all parameters."""
        return {name: value for part in self.parts for name, value in part.params.items()}

    @property
    def params_of_indexes(self) -> dict[str, object]:
        """Values of the parameters of the conditions on indexes."""
        return {name: value for part in self.of_indexes for name, value in part.params.items()}

    def also(self, *parts: Condition, of_indexes: tuple[Condition, ...] = ()) -> Conditions:
        """Return these conditions and others."""
        return replace(self, parts=(*self.parts, *parts), of_indexes=(*self.of_indexes, *of_indexes))

    def without(self, condition: Condition) -> Conditions:
        """Return the other conditions, for scenes that are known to meet this one."""

        def others(parts: tuple[Condition, ...]) -> tuple[Condition, ...]:
            return tuple(part for part in parts if part is not condition)

        return replace(self, parts=others(self.parts), of_scenes=others(self.of_scenes))


def conditions_of(
    workspace_id: int,
    request: SearchRequest,
    phrases: Sequence[tuple[PhraseTerm, ...]] = (),
    named: Mapping[tuple[PhraseTerm, ...], Sequence[int]] | None = None,
) -> Conditions:
    """Return the conditions of a request. A scene contains each phrase, or shows a person ``named`` with it."""
    of_scenes = (
        *_of_persons(request),
        *_of_dialogues(workspace_id, request),
        *(
            _of_phrase(f"phrase_{number}", phrase(workspace_id, terms), (named or {}).get(terms, ()))
            for number, terms in enumerate(phrases)
        ),
    )
    of_places = tuple(_of_places(request))
    shown = request.persons.must[:1] or request.persons.any
    words = (
        *(_said(workspace_id, text) for text in request.dialogues.must),
        *(phrase(workspace_id, terms) for terms in phrases if not (named or {}).get(terms)),
    )
    of_indexes = (*of_places, *([shows("shown_in_index", shown, in_scene=False)] if shown else []))
    return Conditions((*of_places, *of_scenes), of_scenes, of_indexes, words)


def parameter(name: str) -> LiteralString:
    """Return the placeholder of a parameter, whose name is made of constants and numbers."""
    return cast("LiteralString", f"%({name})s")


def shows(name: str, persons: Sequence[int], *, in_scene: bool = True) -> Condition:
    """Require one of these persons in the scene, or in any scene of the index. ``name`` is that of the parameter."""
    in_same_scene: LiteralString = "AND x.scene_id = s.scene_id" if in_scene else ""
    # The persons are looked up first. If they are joined, the database expects few appearances and starts with them.
    of_persons: LiteralString = f"""x.person_id = ANY(
        ARRAY(SELECT o.person_id FROM persons o WHERE o.root_id = ANY({parameter(name)}))
    )"""
    sql: LiteralString = f"""EXISTS (
        SELECT FROM appearances x
        WHERE x.index_id = i.index_id {in_same_scene} AND {of_persons}
    )"""
    scenes: LiteralString = f"SELECT x.index_id, x.scene_id FROM appearances x WHERE {of_persons}"
    return Condition(sql, {name: list(persons)}, scenes if in_scene else None)


def _of_phrase(name: str, words: str, persons: Sequence[int]) -> Condition:
    written: LiteralString = f"s.words @@ {parameter(name)}::tsquery"
    if not persons:
        return Condition(written, {name: words}, f"SELECT s.index_id, s.scene_id FROM scenes s WHERE {written}")
    shown = shows(f"{name}_persons", persons)
    return Condition(f"({written} OR {shown.sql})", {name: words, **shown.params})


def _of_places(request: SearchRequest) -> Iterator[Condition]:
    scope = request.scope
    if scope.project_ids is not None:
        yield Condition("a.project_id = ANY(%(project_ids)s)", {"project_ids": list(scope.project_ids)})
    if scope.asset_ids is not None:
        yield Condition("a.asset_id = ANY(%(asset_ids)s)", {"asset_ids": list(scope.asset_ids)})
    if scope.types is not None:
        yield Condition("i.type = ANY(%(types)s)", {"types": list(scope.types)})
    if scope.modified_from is not None:
        yield Condition("i.updated_time >= %(modified_from)s", {"modified_from": scope.modified_from})
    if scope.modified_to is not None:
        yield Condition("i.updated_time <= %(modified_to)s", {"modified_to": scope.modified_to})


def _of_persons(request: SearchRequest) -> Iterator[Condition]:
    persons = request.persons
    if persons.must:
        yield shows("first_person", persons.must[:1])
    if len(persons.must) > 1:
        # With a condition of its own for each of many persons, the database plans for seconds.
        yield Condition(
            """%(all_persons)s::bigint[] <@ ARRAY(
                SELECT o.root_id
                FROM appearances x
                JOIN persons o USING (person_id)
                WHERE x.index_id = s.index_id AND x.scene_id = s.scene_id
            )""",
            {"all_persons": list(persons.must)},
        )
    if persons.any:
        yield shows("any_persons", persons.any)
    if persons.none:
        shown = shows("no_persons", persons.none)
        yield Condition(f"NOT {shown.sql}", shown.params)


def _said(workspace_id: int, text: str) -> str:
    return phrase(workspace_id, phrase_of(text), fields=SAID_FIELDS)


def _joined(parts: Sequence[Condition]) -> LiteralString:
    return "".join(f" AND {part.sql}" for part in parts)


def _of_dialogues(workspace_id: int, request: SearchRequest) -> Iterator[Condition]:
    def said(text: str) -> str:
        return _said(workspace_id, text)

    for number, text in enumerate(request.dialogues.must):
        yield _of_phrase(f"said_{number}", said(text), ())
    if request.dialogues.any:
        yield _of_phrase("any_said", any_of(map(said, request.dialogues.any)), ())
    if request.dialogues.none:
        # Nothing is known to be said in scenes whose words are not written yet.
        yield Condition(
            "NOT coalesce(s.words @@ %(none_said)s::tsquery, false)",
            {"none_said": any_of(map(said, request.dialogues.none))},
        )
