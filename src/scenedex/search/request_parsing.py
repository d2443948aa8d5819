"""From the wire's shape of a search to what is looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scenedex.index.confidence import ConfidenceLevel
from scenedex.index.tokens import phrase_of
from scenedex.search.records import Dialogues, Persons, Scope, SearchRequest
from scenedex.wire.errors import FieldProblem, InvalidRequest
from scenedex.wire.parsing import check_name, parse_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.search.schemas import (
        DialogQueryObject,
        FilterObject,
        PersonQueryObject,
        QueryOptionObject,
        RequestSearch,
    )
    from scenedex.wire.parsing import WireTime

LONGEST_TEXT: Final = 1000
LONGEST_LINE: Final = 200
MOST_LINES: Final = 20
MOST_PERSONS: Final = 100
MOST_PLACES: Final = 1000


def read_request(asked: RequestSearch, times: WireTime) -> SearchRequest:
    """What is looked for.

    Raises:
        InvalidRequest: something is missing, too much, too long, or contradicts something else; its field is named.
    """
    query = asked.query
    if query.text_query is not None and query.image_query is not None:
        reason = "must not be given together with query.textQuery"
        raise InvalidRequest(FieldProblem("query.imageQuery", reason))
    persons, dialogues = _persons(query.person_query), _dialogues(query.dialog_query)
    request = SearchRequest(
        scope=_scope(asked.filter, times),
        level=_level(asked.query_option),
        text=None if query.text_query is None else _text(query.text_query),
        picture_key=query.image_query,
        persons=persons,
        dialogues=dialogues,
    )
    is_conditioned = any((persons.must, persons.any, dialogues.must, dialogues.any, persons.none, dialogues.none))
    if not (request.is_scored or is_conditioned):
        raise InvalidRequest(FieldProblem("query", "must have a textQuery, an imageQuery or a condition"))
    return request


def _level(asked: QueryOptionObject | None) -> ConfidenceLevel:
    return ConfidenceLevel.MEDIUM if asked is None else ConfidenceLevel(asked.confidence_level)


def _text(text: str) -> str:
    return check_name("query.textQuery", text, max_length=LONGEST_TEXT)


def _persons(asked: PersonQueryObject | None) -> Persons:
    if asked is None:
        return Persons()

    def ids(kind: str, given: Sequence[int] | None) -> tuple[int, ...]:
        field = f"query.personQuery.{kind}"
        if given is not None and len(given) > MOST_PERSONS:
            raise InvalidRequest(FieldProblem(field, f"must be at most {MOST_PERSONS} ids"))
        return _ids(field, given or ())

    return Persons(ids("must", asked.must), ids("any", asked.any), ids("not", asked.not_))


def _dialogues(asked: DialogQueryObject | None) -> Dialogues:
    if asked is None:
        return Dialogues()

    def lines(kind: str, given: Sequence[str] | None) -> tuple[str, ...]:
        field = f"query.dialogQuery.{kind}"
        if given is not None and len(given) > MOST_LINES:
            raise InvalidRequest(FieldProblem(field, f"must be at most {MOST_LINES} texts"))
        checked = [check_name(field, text, max_length=LONGEST_LINE) for text in given or ()]
        if not all(phrase_of(text) for text in checked):
            raise InvalidRequest(FieldProblem(field, "must have a letter or digit in each text"))
        return tuple(dict.fromkeys(checked))

    return Dialogues(lines("must", asked.must), lines("any", asked.any), lines("not", asked.not_))


def _scope(asked: FilterObject, times: WireTime) -> Scope:
    if not asked.project_ids and not asked.asset_ids:
        raise InvalidRequest(FieldProblem("filter", "must have projectIds or assetIds"))
    start = (
        None
        if asked.index_modified_from is None
        else times.parse("filter.indexModifiedFrom", asked.index_modified_from)
    )
    end = None if asked.index_modified_to is None else times.parse("filter.indexModifiedTo", asked.index_modified_to)
    if start is not None and end is not None and end < start:
        raise InvalidRequest(FieldProblem("filter.indexModifiedTo", "must not be before filter.indexModifiedFrom"))
    return Scope(
        project_ids=_places("filter.projectIds", asked.project_ids),
        asset_ids=_places("filter.assetIds", asked.asset_ids),
        types=tuple(dict.fromkeys(asked.asset_types)) if asked.asset_types else None,
        modified_from=start,
        modified_to=end,
    )


def _places(field: str, given: Sequence[int] | None) -> tuple[int, ...] | None:
    if not given:
        return None
    if len(given) > MOST_PLACES:
        raise InvalidRequest(FieldProblem(field, f"must be at most {MOST_PLACES} ids"))
    return _ids(field, given)


def _ids(field: str, given: Sequence[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(parse_id(field, str(one)) for one in given))
