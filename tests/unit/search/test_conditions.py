"""Conditions in SQL: a part for each thing that is asked for, with its parameter."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.index.tokens import PhraseTerm, phrase_of
from scenedex.search.conditions import conditions_of
from scenedex.search.records import Dialogues, Persons, Scope, SearchRequest

MOMENT = datetime(2025, 4, 23, 17, 14, 11, tzinfo=UTC)
IDS = st.lists(st.integers(1, 2**63 - 1), max_size=3, unique=True).map(tuple)
LINES = st.lists(st.sampled_from(["good morning", "港", "이순신 장군", "O'Brien's"]), max_size=3).map(tuple)
PLACES = st.none() | IDS.filter(bool)
TIMES = st.none() | st.just(MOMENT)
REQUESTS = st.builds(
    SearchRequest,
    scope=st.builds(
        Scope,
        project_ids=PLACES,
        asset_ids=PLACES,
        types=st.sampled_from([None, ("IMAGE",), ("IMAGE", "VIDEO")]),
        modified_from=TIMES,
        modified_to=TIMES,
    ),
    persons=st.builds(Persons, must=IDS, any=IDS, none=IDS),
    dialogues=st.builds(Dialogues, must=LINES, any=LINES, none=LINES),
)
PHRASES = st.lists(st.sampled_from(["your country", "港"]).map(phrase_of), max_size=2)


def asked(
    scope: Scope | None = None, *, persons: Persons | None = None, dialogues: Dialogues | None = None
) -> SearchRequest:
    return SearchRequest(
        scope or Scope(project_ids=(5,)), persons=persons or Persons(), dialogues=dialogues or Dialogues()
    )


@pytest.mark.parametrize(
    ("scope", "sql", "params"),
    [
        pytest.param(Scope(project_ids=(5, 6)), " AND a.project_id = ANY(%s)", ([5, 6],), id="projects"),
        pytest.param(Scope(asset_ids=(8,)), " AND a.asset_id = ANY(%s)", ([8],), id="assets"),
        pytest.param(
            Scope(project_ids=(5,), asset_ids=(8,)),
            " AND a.project_id = ANY(%s) AND a.asset_id = ANY(%s)",
            ([5], [8]),
            id="both",
        ),
        pytest.param(
            Scope(asset_ids=(8,), types=("IMAGE",)),
            " AND a.asset_id = ANY(%s) AND i.type = ANY(%s)",
            ([8], ["IMAGE"]),
            id="types",
        ),
        pytest.param(
            Scope(asset_ids=(8,), modified_from=MOMENT, modified_to=MOMENT),
            " AND a.asset_id = ANY(%s) AND i.updated_time >= %s AND i.updated_time <= %s",
            ([8], MOMENT, MOMENT),
            id="times",
        ),
    ],
)
def test_where_to_look_is_a_condition_on_assets_and_indexes(scope: Scope, sql: str, params: tuple[object, ...]) -> None:
    conditions = conditions_of(7, asked(scope))

    assert (conditions.sql, conditions.params, conditions.of_scenes) == (sql, params, False)


def test_persons_are_conditions_whose_number_does_not_grow_with_theirs() -> None:
    conditions = conditions_of(7, asked(persons=Persons(must=(1, 2, 9), any=(3, 4), none=(5, 6))))

    assert conditions.params == ([5], [1], [1, 2, 9], [3, 4], [5, 6])
    assert conditions.sql.count(" AND EXISTS (") == 2
    assert conditions.sql.count(" AND %s::bigint[] <@ ARRAY(") == 1
    assert conditions.sql.count(" AND NOT EXISTS (") == 1
    assert conditions.of_scenes


def test_one_person_who_must_be_seen_is_one_condition() -> None:
    assert conditions_of(7, asked(persons=Persons(must=(1,)))).params == ([5], [1])


def test_each_of_the_lines_that_must_be_said_is_a_condition_of_its_own() -> None:
    lines = Dialogues(must=("Good morning!", "港"), any=("a b", "c"), none=("d", "e"))

    conditions = conditions_of(7, asked(dialogues=lines))

    assert conditions.params == (
        [5],
        "'7:good':B <1> '7:morning':B",
        "'7:港':*B",
        "('7:a':B <1> '7:b':B) | ('7:c':B)",
        "('7:d':B) | ('7:e':B)",
    )
    unsaid = " AND NOT coalesce(s.words @@ %s::tsquery, false)"
    assert conditions.sql.endswith(" AND s.words @@ %s::tsquery" * 3 + unsaid)
    assert conditions.of_scenes


def test_phrases_stand_anywhere_in_a_scene() -> None:
    conditions = conditions_of(7, asked(), [phrase_of("your country")])

    assert conditions.params == ([5], "'7:your' <1> '7:country'")
    assert conditions.of_scenes


@given(REQUESTS, PHRASES)
def test_every_condition_has_one_parameter(request_: SearchRequest, phrases: list[tuple[PhraseTerm, ...]]) -> None:
    conditions = conditions_of(7, request_, phrases)

    assert conditions.sql.count("%s") == len(conditions.params)
    assert conditions.sql.count("%") == conditions.sql.count("%s")


@given(REQUESTS, PHRASES)
def test_scenes_are_looked_at_where_something_is_asked_of_them(
    request_: SearchRequest, phrases: list[tuple[PhraseTerm, ...]]
) -> None:
    conditions = conditions_of(7, request_, phrases)

    assert conditions.of_scenes is (" s." in conditions.sql.replace("(", " "))
