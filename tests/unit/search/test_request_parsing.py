"""Parsing of search requests: the request, or the invalid field."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.index.confidence import ConfidenceLevel
from scenedex.search.records import DialogueConditions, PersonConditions, Scope, SearchRequest
from scenedex.search.request_parsing import parse_request
from scenedex.search.schemas import REQUEST_SEARCH, RequestSearch
from scenedex.wire.errors import InvalidRequest
from scenedex.wire.parsing import WireTime

if TYPE_CHECKING:
    from collections.abc import Mapping

SHIP = {"textQuery": "ship"}
HERE = {"projectIds": [5]}


def read(query: object = SHIP, filter: object = HERE, times: WireTime | None = None, **body: object) -> SearchRequest:  # noqa: A002  # the wire's name
    asked = msgspec.convert({"query": query, "filter": filter, **body}, RequestSearch)
    return parse_request(asked, times or WireTime())


def refused(query: object = SHIP, filter: object = HERE) -> tuple[str, str]:  # noqa: A002  # as above
    with pytest.raises(InvalidRequest) as refusal:
        read(query, filter)
    [problem] = refusal.value.details
    return problem.field, problem.reason


def persons(**ids: list[int]) -> dict[str, Any]:
    return {"personQuery": ids}


def lines(**texts: list[str]) -> dict[str, Any]:
    return {"dialogQuery": texts}


def test_a_whole_request_is_parsed() -> None:
    request = read(
        {
            "textQuery": "ship",
            "personQuery": {"must": [1], "any": [2, 3], "not": [4]},
            "dialogQuery": {"must": ["good morning"], "any": ["yes"], "not": ["no"]},
        },
        {
            "projectIds": [5, 6],
            "assetIds": [7],
            "assetTypes": ["VIDEO"],
            "indexModifiedFrom": "2025-04-23T17:14:11",
            "indexModifiedTo": "2025-04-23T17:14:11.5",
        },
        queryOption={"confidenceLevel": "HIGH"},
    )

    assert request == SearchRequest(
        Scope(
            project_ids=(5, 6),
            asset_ids=(7,),
            types=("VIDEO",),
            modified_from=datetime(2025, 4, 23, 17, 14, 11, tzinfo=UTC),
            modified_to=datetime(2025, 4, 23, 17, 14, 11, 500_000, tzinfo=UTC),
        ),
        ConfidenceLevel.HIGH,
        text="ship",
        persons=PersonConditions((1,), (2, 3), (4,)),
        dialogues=DialogueConditions(("good morning",), ("yes",), ("no",)),
    )
    assert request.is_scored


def test_the_documented_example_is_a_request() -> None:
    assert parse_request(REQUEST_SEARCH, WireTime()).text == "ship in the harbour"


@pytest.mark.parametrize("option", [{}, {"queryOption": {}}, {"queryOption": None}], ids=repr)
def test_the_level_is_medium_by_default(option: dict[str, Any]) -> None:
    assert read(**option).level is ConfidenceLevel.MEDIUM


def test_a_stored_request_equals_the_parsed_one() -> None:
    request = read({**SHIP, **persons(must=[1]), **lines(must=["yes"])}, {**HERE, "indexModifiedFrom": "2025-04-23"})

    assert msgspec.convert(msgspec.json.decode(msgspec.json.encode(request)), SearchRequest) == request


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(persons(must=[1]), id="person who must be seen"),
        pytest.param(persons(any=[1]), id="one of persons"),
        pytest.param(persons(**{"not": [1]}), id="person who must not be seen"),
        pytest.param(lines(must=["yes"]), id="line that must be said"),
        pytest.param(lines(any=["yes"]), id="one of lines"),
        pytest.param(lines(**{"not": ["yes"]}), id="line that must not be said"),
    ],
)
def test_one_condition_is_enough(query: dict[str, object]) -> None:
    assert not read(query).is_scored


@pytest.mark.parametrize(
    "query",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"textQuery": None, "imageQuery": None}, id="nulls"),
        pytest.param(persons(), id="no persons"),
        pytest.param(persons(must=[], any=[]), id="empty lists of persons"),
        pytest.param({"dialogQuery": {"must": [], "not": []}}, id="empty lists of lines"),
    ],
)
def test_a_request_without_text_picture_and_condition_is_refused(query: dict[str, object]) -> None:
    assert refused(query) == ("query", "must have a textQuery, an imageQuery or a condition")


def test_a_text_with_a_picture_is_refused() -> None:
    assert refused({"textQuery": "", "imageQuery": ""}) == (
        "query.imageQuery",
        "must not be given together with query.textQuery",
    )


@pytest.mark.parametrize(
    "text", ["", " ", "\u3000\t", "\u200b", "a" * 1001, "a;b", "a|b", "a`b", "a\x00", "a\nb", "\x7f"]
)
@pytest.mark.parametrize(
    ("field", "max_length"),
    [("textQuery", 1000), ("dialogQuery.must", 200), ("dialogQuery.any", 200), ("dialogQuery.not", 200)],
)
def test_a_text_out_of_bounds_is_refused(field: str, max_length: int, text: str) -> None:
    outer, _, inner = field.partition(".")

    assert refused({outer: {inner: ["yes", text]} if inner else text})[0] == f"query.{field}"
    assert (
        refused({outer: {inner: ["b" * (max_length + 1)]} if inner else "b" * (max_length + 1)})[0] == f"query.{field}"
    )
    assert read({outer: {inner: ["b" * max_length]} if inner else "b" * max_length})


@pytest.mark.parametrize("text", ["!?", "...", "\U0001f600", "'", "_", "\u064b"])
def test_a_line_without_words_is_refused_and_a_text_is_not(text: str) -> None:
    assert refused(lines(any=["yes", text])) == ("query.dialogQuery.any", "must have a letter or digit in each text")
    assert read({"textQuery": text}).text == text


@pytest.mark.parametrize(
    ("query", "field", "reason"),
    [
        (persons(must=list(range(1, 102))), "query.personQuery.must", "must be at most 100 ids"),
        (persons(any=list(range(1, 102))), "query.personQuery.any", "must be at most 100 ids"),
        (persons(**{"not": [1] * 101}), "query.personQuery.not", "must be at most 100 ids"),
        (lines(must=["a"] * 21), "query.dialogQuery.must", "must be at most 20 texts"),
        (lines(any=["a"] * 21), "query.dialogQuery.any", "must be at most 20 texts"),
        (lines(**{"not": ["a"] * 21}), "query.dialogQuery.not", "must be at most 20 texts"),
        (persons(must=[10**30]), "query.personQuery.must", "must be an integer"),
    ],
)
def test_too_many_and_too_large_conditions_are_refused(query: dict[str, object], field: str, reason: str) -> None:
    assert refused(query) == (field, reason)


def test_the_maximum_numbers_are_accepted() -> None:
    request = read(
        {**persons(must=list(range(1, 101))), **lines(must=[f"line {number}" for number in range(20)])},
        {"projectIds": list(range(1, 1001)), "assetIds": list(range(1, 1001))},
    )

    assert (len(request.persons.must), len(request.dialogues.must)) == (100, 20)


@pytest.mark.parametrize(
    ("where", "field"),
    [
        ({}, "filter"),
        ({"projectIds": None, "assetIds": None}, "filter"),
        ({"projectIds": [], "assetIds": []}, "filter"),
        ({"assetTypes": ["IMAGE"], "indexModifiedFrom": "2025-04-23"}, "filter"),
        ({"projectIds": list(range(1, 1002))}, "filter.projectIds"),
        ({"assetIds": [1] * 1001}, "filter.assetIds"),
        ({"projectIds": [10**30]}, "filter.projectIds"),
        (
            {**HERE, "indexModifiedFrom": "2025-04-24", "indexModifiedTo": "2025-04-23T23:59:59"},
            "filter.indexModifiedTo",
        ),
        ({**HERE, "indexModifiedFrom": "yesterday"}, "filter.indexModifiedFrom"),
        ({**HERE, "indexModifiedTo": ""}, "filter.indexModifiedTo"),
        ({**HERE, "indexModifiedTo": "2025-02-30"}, "filter.indexModifiedTo"),
        ({**HERE, "indexModifiedTo": "1745428451000"}, "filter.indexModifiedTo"),
        ({**HERE, "indexModifiedFrom": "0001-01-01T00:00:00+14:00"}, "filter.indexModifiedFrom"),
        ({**HERE, "indexModifiedTo": "9999-12-31T23:59:59-12:00"}, "filter.indexModifiedTo"),
    ],
)
def test_an_invalid_filter_is_refused(where: Mapping[str, object], field: str) -> None:
    assert refused(filter=where)[0] == field


@pytest.mark.parametrize(
    ("text", "zone", "moment"),
    [
        ("2025-04-23T17:14:11", "UTC", datetime(2025, 4, 23, 17, 14, 11, tzinfo=UTC)),
        ("2025-04-23T17:14:11", "Asia/Seoul", datetime(2025, 4, 23, 8, 14, 11, tzinfo=UTC)),
        ("2025-04-23T17:14:11+09:00", "UTC", datetime(2025, 4, 23, 8, 14, 11, tzinfo=UTC)),
        ("2025-04-23T17:14:11Z", "Asia/Seoul", datetime(2025, 4, 23, 17, 14, 11, tzinfo=UTC)),
        ("2025-04-23", "Asia/Seoul", datetime(2025, 4, 22, 15, tzinfo=UTC)),
    ],
)
def test_a_time_is_of_the_configured_zone_unless_it_names_another(text: str, zone: str, moment: datetime) -> None:
    request = read(filter={**HERE, "indexModifiedFrom": text}, times=WireTime(ZoneInfo(zone)))

    assert request.scope.modified_from == moment


def test_the_earliest_and_the_latest_time_may_be_equal() -> None:
    scope = read(filter={**HERE, "indexModifiedFrom": "2025-04-23", "indexModifiedTo": "2025-04-23"}).scope

    assert scope.modified_from == scope.modified_to is not None


def test_empty_lists_of_a_filter_require_nothing() -> None:
    assert read(filter={"projectIds": [], "assetIds": [5], "assetTypes": []}).scope == Scope(asset_ids=(5,))


def test_duplicates_are_dropped() -> None:
    request = read(
        {**persons(must=[2, 1, 2]), **lines(any=["yes", "no", "yes"])},
        {"projectIds": [5, 5], "assetTypes": ["IMAGE", "IMAGE"]},
    )

    assert request.persons.must == (2, 1)
    assert request.dialogues.any == ("yes", "no")
    assert (request.scope.project_ids, request.scope.types) == ((5,), ("IMAGE",))


@given(st.integers(1 - 10**29, 10**30 - 1))
def test_an_integer_out_of_range_is_no_id(number: int) -> None:
    [read_id] = read(persons(must=[number])).persons.must

    assert read_id == (number if 0 < number < 2**63 else 0)
