"""Parsing of search requests from the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scenedex.index.confidence import ConfidenceLevel
from scenedex.index.tokens import phrase_of
from scenedex.search.records import DialogueConditions, PersonConditions, Scope, SearchRequest
from scenedex.wire.errors import FieldProblem, InvalidRequest
from scenedex.wire.parsing import check_name, parse_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.search.schemas import DialogQueryObject, FilterObject, PersonQueryObject, RequestSearch
    from scenedex.wire.parsing import WireTime

MAX_TEXT_LENGTH: Final = 1000
MAX_DIALOGUE_LENGTH: Final = 200
MAX_DIALOGUES: Final = 20
MAX_PERSONS: Final = 100
MAX_SCOPE_IDS: Final = 1000


def parse_request(data: RequestSearch, times: WireTime) -> SearchRequest:
    """Parse a request.

    Raises:
        InvalidRequest: a field, which the error names, is missing, too long or in conflict with another.
    """
    query = data.query
    if query.text_query is not None and query.image_query is not None:
        reason = "must not be given together with query.textQuery"
        raise InvalidRequest(FieldProblem("query.imageQuery", reason))
    option = data.query_option
    persons, dialogues = _persons(query.person_query), _dialogues(query.dialog_query)
    request = SearchRequest(
        scope=parse_scope(data.filter, times),
        level=ConfidenceLevel.MEDIUM if option is None else ConfidenceLevel(option.confidence_level),
        text=None if query.text_query is None else _text(query.text_query),
        picture_key=query.image_query,
        persons=persons,
        dialogues=dialogues,
    )
    is_conditioned = any((persons.must, persons.any, dialogues.must, dialogues.any, persons.none, dialogues.none))
    if not (request.is_scored or is_conditioned):
        raise InvalidRequest(FieldProblem("query", "must have a textQuery, an imageQuery or a condition"))
    return request


def _text(text: str) -> str:
    return check_name("query.textQuery", text, max_length=MAX_TEXT_LENGTH)


def _persons(data: PersonQueryObject | None) -> PersonConditions:
    if data is None:
        return PersonConditions()

    def ids(kind: str, given: Sequence[int] | None) -> tuple[int, ...]:
        field = f"query.personQuery.{kind}"
        if given is not None and len(given) > MAX_PERSONS:
            raise InvalidRequest(FieldProblem(field, f"must be at most {MAX_PERSONS} ids"))
        return _ids(field, given or ())

    return PersonConditions(ids("must", data.must), ids("any", data.any), ids("not", data.not_))


def _dialogues(data: DialogQueryObject | None) -> DialogueConditions:
    if data is None:
        return DialogueConditions()

    def lines(kind: str, given: Sequence[str] | None) -> tuple[str, ...]:
        field = f"query.dialogQuery.{kind}"
        if given is not None and len(given) > MAX_DIALOGUES:
            raise InvalidRequest(FieldProblem(field, f"must be at most {MAX_DIALOGUES} texts"))
        checked = [check_name(field, text, max_length=MAX_DIALOGUE_LENGTH) for text in given or ()]
        if not all(phrase_of(text) for text in checked):
            raise InvalidRequest(FieldProblem(field, "must have a letter or digit in each text"))
        return tuple(dict.fromkeys(checked))

    return DialogueConditions(lines("must", data.must), lines("any", data.any), lines("not", data.not_))


def parse_scope(data: FilterObject, times: WireTime) -> Scope:
    """Parse a filter.

    Raises:
        InvalidRequest: a field, which the error names, is missing, too long or in conflict with another.
    """
    if not data.project_ids and not data.asset_ids:
        raise InvalidRequest(FieldProblem("filter", "must have projectIds or assetIds"))
    start = (
        None if data.index_modified_from is None else times.parse("filter.indexModifiedFrom", data.index_modified_from)
    )
    end = None if data.index_modified_to is None else times.parse("filter.indexModifiedTo", data.index_modified_to)
    if start is not None and end is not None and end < start:
        raise InvalidRequest(FieldProblem("filter.indexModifiedTo", "must not be before filter.indexModifiedFrom"))
    return Scope(
        project_ids=_scope_ids("filter.projectIds", data.project_ids),
        asset_ids=_scope_ids("filter.assetIds", data.asset_ids),
        types=tuple(dict.fromkeys(data.asset_types)) if data.asset_types else None,
        modified_from=start,
        modified_to=end,
    )


def _scope_ids(field: str, given: Sequence[int] | None) -> tuple[int, ...] | None:
    if not given:
        return None
    if len(given) > MAX_SCOPE_IDS:
        raise InvalidRequest(FieldProblem(field, f"must be at most {MAX_SCOPE_IDS} ids"))
    return _ids(field, given)


def _ids(field: str, given: Sequence[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(parse_id(field, str(one)) for one in given))
