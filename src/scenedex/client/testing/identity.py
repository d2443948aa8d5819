"""How the fake service merges persons, takes them apart, and keeps apart who was said not to be one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scenedex.client.errors import Detail
from scenedex.client.person_answers import (
    ChosenAppearance,
    PersonEventType,
    PersonMerge,
    PersonRejection,
    PersonSplit,
)
from scenedex.client.testing.answering import no_such_route, read, success
from scenedex.client.testing.catalogue import refuse
from scenedex.client.testing.indexing import TIME

if TYPE_CHECKING:
    import httpx2

    from scenedex.client.testing.people import People, PersonState


class _Others(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    person_ids: tuple[int, ...]


class _Split(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    merged_person_id: int | None = None
    appearances: tuple[ChosenAppearance, ...] = ()
    person_id: int | None = None
    name: str | None = None


class _Rejection(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    person_ids: tuple[int, ...] = ()
    appearances: tuple[ChosenAppearance, ...] = ()


def change_identity(people: People, state: PersonState, verb: str, body: bytes) -> httpx2.Response:
    """The answer to ``merge``, ``split`` or ``reject``."""
    match verb:
        case "merge":
            return success(_merge(people, state, read(body, _Others).person_ids))
        case "split":
            wanted = read(body, _Split)
            if wanted.merged_person_id is not None:
                return success(_undo_merge(people, state, wanted.merged_person_id))
            return success(_split(people, state, wanted))
        case "reject":
            return success(_reject(people, state, read(body, _Rejection)))
        case _:
            return no_such_route()


def _merge(people: People, state: PersonState, others: tuple[int, ...]) -> PersonMerge:
    _check_others(state, others)
    absorbed = [people.state(other) for other in others]
    before = people.person(state)
    for other in absorbed:
        other.merged_into = state.person_id
        people.note(state, PersonEventType.MERGED, other=other.person_id, name=other.name)
    if state.primary_thumbnail_id is None:
        state.primary_thumbnail_id = next((it.primary_thumbnail_id for it in absorbed), None)
    after = people.person(state)
    return PersonMerge(
        person_id=state.person_id,
        transferred_asset_count=(after.asset_count or 0) - (before.asset_count or 0),
        transferred_thumbnail_count=len(after.thumbnails) - len(before.thumbnails),
        merged_time=TIME,
    )


def _undo_merge(people: People, state: PersonState, merged_person_id: int) -> PersonSplit:
    merged = next((it for it in people.family(state)[1:] if it.person_id == merged_person_id), None)
    if merged is None:
        refuse(409, "40913", "That person was not merged into this one.")
    people.check_name(merged.name, merged)
    merged.merged_into = None
    people.note(state, PersonEventType.SPLIT, other=merged_person_id, name=merged.name)
    return _taken_out(state, merged, len(people.person_places(merged)))


def _split(people: People, state: PersonState, wanted: _Split) -> PersonSplit:
    people.check_name(wanted.name)
    if wanted.person_id is None:
        other = people.register(wanted.name, thumbnail_count=0)
    else:
        other = people.state(wanted.person_id)
    moved = people.move(state, other, _places(wanted.appearances))
    people.note(state, PersonEventType.MOVED, other=other.person_id)
    return _taken_out(state, other, moved)


def _reject(people: People, state: PersonState, wanted: _Rejection) -> PersonRejection:
    others, moved = wanted.person_ids, 0
    _check_others(state, others)
    if wanted.appearances:
        by_asset = dict.fromkeys(appearance.asset_id for appearance in wanted.appearances)
        strangers = {asset: people.register(thumbnail_count=0) for asset in by_asset}
        for appearance in wanted.appearances:
            moved += people.move(state, strangers[appearance.asset_id], _places((appearance,)))
        others = tuple(stranger.person_id for stranger in strangers.values())
    for other in others:
        people.rejected.add(frozenset({state.person_id, people.state(other).person_id}))
        people.note(state, PersonEventType.REJECTED, other=other)
    return PersonRejection(
        person_id=state.person_id, rejected_person_ids=others, moved_appearance_count=moved, rejected_time=TIME
    )


def _places(appearances: tuple[ChosenAppearance, ...]) -> list[tuple[int, int | None]]:
    return [(appearance.asset_id, appearance.scene_id) for appearance in appearances]


def _check_others(state: PersonState, others: tuple[int, ...]) -> None:
    if state.person_id in others:
        refuse(400, "10001", "Invalid Request.", Detail("personIds", "must not name the person itself"))


def _taken_out(state: PersonState, other: PersonState, moved: int) -> PersonSplit:
    return PersonSplit(
        person_id=state.person_id,
        split_person_id=other.person_id,
        name=other.name,
        moved_appearance_count=moved,
        split_time=TIME,
    )
