"""How the fake service answers calls about persons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx2
import msgspec

from scenedex.client.errors import Detail
from scenedex.client.person_answers import (
    Person,
    PersonErasure,
    PersonEvent,
    PersonEventType,
    PersonQuery,
    PersonTag,
    RemovedTrace,
    SimilarToPerson,
    SimilarToPicture,
    TagsOfPerson,
)
from scenedex.client.testing.answering import no_such_route, page, page_of, positive, read, success
from scenedex.client.testing.catalogue import refuse
from scenedex.client.testing.identity import change_identity
from scenedex.client.testing.person_finding import alike, found, in_order
from scenedex.client.testing.picture_routes import NewThumbnail, PictureKey, PictureRoutes

if TYPE_CHECKING:
    from scenedex.client.testing.catalogue import Catalogue
    from scenedex.client.testing.people import People, PersonState


class _NewPerson(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    thumbnails: tuple[NewThumbnail, ...]
    name: str | None = None
    description: str | None = None


class _Changes(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    name: str | msgspec.UnsetType | None = msgspec.UNSET
    description: str | msgspec.UnsetType | None = msgspec.UNSET
    primary_thumbnail_id: int | msgspec.UnsetType = msgspec.UNSET


class _Search(PersonQuery, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    page_num: int
    page_size: int = 10


class _TagIds(msgspec.Struct, frozen=True, rename="camel"):
    tag_ids: tuple[int, ...]


class _TagName(msgspec.Struct, frozen=True):
    name: str


@dataclass(frozen=True, slots=True)
class PersonRoutes:
    """The calls about the persons of one workspace."""

    catalogue: Catalogue
    people: People

    @property
    def pictures(self) -> PictureRoutes:
        """The calls about their pictures."""
        return PictureRoutes(self.catalogue, self.people)

    def answer(self, request: httpx2.Request, segments: list[str], body: bytes) -> httpx2.Response:
        """One answer; ``segments`` are those of the path below the workspace."""
        match segments:
            case ["persons", person, *rest] if person.isdecimal():
                return self._person(request, self.people.state(int(person)), rest, body)
            case ["persons", *rest]:
                return self._persons(request, rest, body)
            case ["person-tags", *rest]:
                return self._tags(request, rest, body)
            case ["person-thumbnail", "uploads", *verb]:
                return self.pictures.upload(request, verb, body)
            case _:
                return no_such_route()

    def _persons(self, request: httpx2.Request, rest: list[str], body: bytes) -> httpx2.Response:
        match request.method, rest:
            case "GET", []:
                name, tags = request.url.params.get("name"), request.url.params.get("tagIdList", "")
                tag_ids = tuple(positive(tag, "tagIdList") for tag in tags.split(",")) if tags else None
                return success(page(request, found(self.people, PersonQuery(name=name, tag_ids=tag_ids)), Person))
            case "POST", []:
                return success(self._create(read(body, _NewPerson)))
            case "POST", ["search"]:
                query = read(body, _Search)
                return success(page_of(in_order(self.people, query), Person, query.page_num, query.page_size))
            case "POST", ["recommend-by-thumbnail"]:
                self.pictures.check(read(body, PictureKey).thumbnail_key)
                return success(SimilarToPicture(persons=alike(self.people, None)))
            case _:
                return no_such_route()

    def _person(self, request: httpx2.Request, state: PersonState, rest: list[str], body: bytes) -> httpx2.Response:
        match request.method, rest:
            case "GET", [*question]:
                return self._ask(request, state, question)
            case "PATCH", []:
                return success(self._change(state, read(body, _Changes)))
            case "DELETE", []:
                return success(self._delete(state, is_erased=request.url.params.get("erase") == "true"))
            case "POST", ["person-thumbnail", *verb]:
                return self.pictures.change(state, verb, body)
            case "POST", ["person-tags", *verb]:
                return success(self._label(state, read(body, _TagIds).tag_ids, is_off=bool(verb)))
            case _:
                return change_identity(self.people, state, "/".join(rest), body)

    def _ask(self, request: httpx2.Request, state: PersonState, question: list[str]) -> httpx2.Response:
        match question:
            case []:
                return success(self.people.person(state))
            case ["similar"]:
                similar = alike(self.people, state)
                return success(SimilarToPerson(person_id=state.person_id, similar_persons=similar))
            case ["history"]:
                return success(page(request, self.people.history(state), PersonEvent))
            case _:
                return no_such_route()

    def _tags(self, request: httpx2.Request, rest: list[str], body: bytes) -> httpx2.Response:
        people = self.people
        match request.method, rest:
            case "GET", []:
                part = request.url.params.get("name", "")
                return success(page(request, [tag for tag in people.tags.values() if part in str(tag.name)], PersonTag))
            case "POST", []:
                return success(people.create_tag(read(body, _TagName).name))
            case "DELETE", [tag]:
                tag_id = people.tag(positive(tag)).id
                for state in people.states.values():
                    state.tags.discard(tag_id)
                return success(people.tags.pop(tag_id))
            case _:
                return no_such_route()

    def _create(self, new: _NewPerson) -> Person:
        self.people.check_name(new.name)
        if [thumbnail.is_primary_thumbnail for thumbnail in new.thumbnails].count(True) != 1:
            refuse(400, "10001", "Invalid Request.", Detail("thumbnails", "must have exactly one primary thumbnail"))
        for thumbnail in new.thumbnails:
            self.pictures.check(thumbnail.thumbnail_key)
        state = self.people.register(new.name, thumbnail_count=0)
        state.description = new.description
        self.pictures.add(state, new.thumbnails)
        return self.people.person(state)

    def _change(self, state: PersonState, changes: _Changes) -> Person:
        people = self.people
        if changes.name is not msgspec.UNSET:
            people.check_name(changes.name, state)
            people.note(state, PersonEventType.NAMED, name=changes.name, former_name=state.name)
            state.name = changes.name
        if changes.description is not msgspec.UNSET:
            state.description = changes.description
        if changes.primary_thumbnail_id is not msgspec.UNSET:
            if changes.primary_thumbnail_id not in {thumbnail.id for thumbnail in people.person(state).thumbnails}:
                refuse(400, "10001", "Invalid Request.", Detail("primaryThumbnailId", "is not one of the person's"))
            state.primary_thumbnail_id = changes.primary_thumbnail_id
        return people.person(state)

    def _delete(self, state: PersonState, *, is_erased: bool) -> Person | PersonErasure:
        person = self.people.person(state)
        gone = tuple(member.person_id for member in self.people.remove(state))
        if not is_erased:
            return person
        removed = (RemovedTrace(kind="PERSON", count=len(gone), ids=gone), RemovedTrace(kind="FACE", count=3))
        return PersonErasure(person_id=state.person_id, removed=removed)

    def _label(self, state: PersonState, tag_ids: tuple[int, ...], *, is_off: bool) -> TagsOfPerson:
        if is_off:
            for member in self.people.family(state):
                member.tags.difference_update(tag_ids)
        else:
            state.tags.update(self.people.tag(tag).id for tag in tag_ids)
        return TagsOfPerson(person_id=state.person_id, tag_list=self.people.person(state).tags)
