"""Conversion of persons to wire shapes, and checks of request bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.persons.directory import GivenThumbnail
from scenedex.persons.schemas import PersonObject, TagOfPersonObject, ThumbnailObject
from scenedex.persons.thumbnails import MAX_THUMBNAILS
from scenedex.wire.errors import FieldProblem, InvalidRequest
from scenedex.wire.parsing import parse_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from scenedex.assets.links import Links
    from scenedex.persons.directory import Person, TagOfPerson, Thumbnail
    from scenedex.persons.schemas import GivenThumbnailObject
    from scenedex.wire.parsing import WireTime


def person_object(person: Person, links: Links, base_url: str, times: WireTime) -> PersonObject:
    """Return the wire shape of a person, with URLs of its thumbnails."""
    return person_objects([person], links, base_url, times)[0]


def person_objects(persons: Sequence[Person], links: Links, base_url: str, times: WireTime) -> list[PersonObject]:
    """Return the wire shapes of persons, with URLs of their thumbnails."""
    urls = links.readable([one.key for person in persons for one in person.thumbnails], base_url)
    return [
        PersonObject(
            person_id=person.person_id,
            id=person.person_id,
            name=person.name,
            description=person.description,
            tags=tag_objects(person.tags),
            thumbnails=thumbnail_objects(person.thumbnails, urls),
            asset_count=person.asset_count,
            scene_count=person.scene_count,
            created_time=times(person.created_time),
            updated_time=times(person.updated_time),
        )
        for person in persons
    ]


def tag_objects(tags: Iterable[TagOfPerson]) -> list[TagOfPersonObject]:
    """Return the wire shapes of the tags of a person."""
    return [TagOfPersonObject(id=tag.tag_id, name=tag.name) for tag in tags]


def thumbnail_objects(thumbnails: Iterable[Thumbnail], urls: Mapping[str, str]) -> list[ThumbnailObject]:
    """Return the wire shapes of thumbnails, with the URLs of their objects."""
    return [
        ThumbnailObject(id=one.thumbnail_id, url=urls[one.key], is_primary_thumbnail=one.is_primary)
        for one in thumbnails
    ]


def given_thumbnails(given: Sequence[GivenThumbnailObject]) -> list[GivenThumbnail]:
    """Check the thumbnails of a request.

    Raises:
        InvalidRequest: their number is not allowed, one is repeated, or several are primary.
    """
    if not 0 < len(given) <= MAX_THUMBNAILS:
        raise InvalidRequest(FieldProblem("thumbnails", f"must be 1 to {MAX_THUMBNAILS} thumbnails"))
    if len({one.thumbnail_key for one in given}) < len(given):
        raise InvalidRequest(FieldProblem("thumbnails", "must not have one thumbnailKey twice"))
    if sum(bool(one.is_primary_thumbnail) for one in given) > 1:
        raise InvalidRequest(FieldProblem("thumbnails", "must not have two primary thumbnails"))
    return [GivenThumbnail(one.thumbnail_key, bool(one.is_primary_thumbnail)) for one in given]


def first_thumbnails(given: Sequence[GivenThumbnailObject]) -> list[GivenThumbnail]:
    """Check the thumbnails of a new person. A single one is the primary unless the request denies it.

    Raises:
        InvalidRequest: see `given_thumbnails`, or none is primary.
    """
    checked = given_thumbnails(given)
    if len(given) == 1 and given[0].is_primary_thumbnail is None:
        return [GivenThumbnail(given[0].thumbnail_key, is_primary=True)]
    if not any(one.is_primary for one in checked):
        raise InvalidRequest(FieldProblem("thumbnails", "must have one primary thumbnail"))
    return checked


def given_ids(field: str, ids: Sequence[int], *, max_count: int) -> list[int]:
    """Check the ids of a request.

    Raises:
        InvalidRequest: their number is not allowed.
    """
    if not 1 <= len(ids) <= max_count:
        raise InvalidRequest(FieldProblem(field, f"must be 1 to {max_count} ids"))
    return [parse_id(field, str(one)) for one in ids]
