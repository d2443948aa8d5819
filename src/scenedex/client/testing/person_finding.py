"""Whom the fake service finds, in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.client.person_answers import NameType, Person, PersonQuery, SimilarPerson, SortColumn, SortType

if TYPE_CHECKING:
    from scenedex.client.testing.people import People, PersonState


def found(people: People, query: PersonQuery) -> list[Person]:
    """Those who fit, oldest first."""

    def fits(person: Person) -> bool:
        return all(
            (
                query.name is None or query.name.lower() in (person.name or "").lower(),
                query.person_ids is None or person.person_id in query.person_ids,
                query.tag_ids is None or any(tag.id in query.tag_ids for tag in person.tags),
                query.name_type is None or (query.name_type is NameType.NAMED) == (person.name is not None),
            )
        )

    return [person for person in map(people.person, people.existing()) if fits(person)]


def in_order(people: People, query: PersonQuery) -> list[Person]:
    """Those who fit, as the query sorts them."""
    is_descending = query.sort_type is not SortType.ASC

    def key(person: Person) -> tuple[bool, str | int]:
        match query.sort_column:
            case SortColumn.NAME:
                # Those without a name are last in both directions.
                return (person.name is None) != is_descending, person.name or ""
            case SortColumn.PERSON_ID | SortColumn.CREATED_AT:
                return False, person.person_id
            case SortColumn.ASSET_COUNT | None:
                return False, person.asset_count or 0

    return sorted(found(people, query), key=key, reverse=is_descending)


def alike(people: People, to: PersonState | None) -> tuple[SimilarPerson, ...]:
    """Those with a score, best first; without the person itself, and without those who were said to be others."""
    scored = [
        SimilarPerson(person_id=other.person_id, name=other.name, score=people.scores[other.person_id])
        for other in people.existing()
        if other.person_id in people.scores
        and other is not to
        and (to is None or frozenset({to.person_id, other.person_id}) not in people.rejected)
    ]
    return tuple(sorted(scored, key=lambda person: -(person.score or 0)))
