"""Conditions in SQL: one for each part of a request, with its parameters."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.index.tokens import PhraseTerm, phrase_of
from scenedex.search.conditions import conditions_of
from scenedex.search.records import DialogueConditions, PersonConditions, Scope, SearchRequest

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
    persons=st.builds(PersonConditions, must=IDS, any=IDS, none=IDS),
    dialogues=st.builds(DialogueConditions, must=LINES, any=LINES, none=LINES),
)
PHRASES = st.lists(st.sampled_from(["your country", "港"]).map(phrase_of), max_size=2)


def request(
    scope: Scope | None = None, *, persons: PersonConditions | None = None, dialogues: DialogueConditions | None = None
) -> SearchRequest:
    return SearchRequest(
        scope or Scope(project_ids=(5,)),
        persons=persons or PersonConditions(),
        dialogues=dialogues or DialogueConditions(),
    )


@pytest.mark.parametrize(
    ("scope", "sql", "params"),
    [
        pytest.param(
            Scope(project_ids=(5, 6)),
            " AND a.project_id = ANY(%(project_ids)s)",
            {"project_ids": [5, 6]},
            id="projects",
        ),
        pytest.param(Scope(asset_ids=(8,)), " AND a.asset_id = ANY(%(asset_ids)s)", {"asset_ids": [8]}, id="assets"),
        pytest.param(
            Scope(project_ids=(5,), asset_ids=(8,)),
            " AND a.project_id = ANY(%(project_ids)s) AND a.asset_id = ANY(%(asset_ids)s)",
            {"project_ids": [5], "asset_ids": [8]},
            id="both",
        ),
        pytest.param(
            Scope(asset_ids=(8,), types=("IMAGE",)),
            " AND a.asset_id = ANY(%(asset_ids)s) AND i.type = ANY(%(types)s)",
            {"asset_ids": [8], "types": ["IMAGE"]},
            id="types",
        ),
        pytest.param(
            Scope(asset_ids=(8,), modified_from=MOMENT, modified_to=MOMENT),
            " AND a.asset_id = ANY(%(asset_ids)s)"
            " AND i.updated_time >= %(modified_from)s AND i.updated_time <= %(modified_to)s",
            {"asset_ids": [8], "modified_from": MOMENT, "modified_to": MOMENT},
            id="times",
        ),
    ],
)
def test_the_scope_is_a_condition_on_assets_and_indexes(scope: Scope, sql: str, params: dict[str, object]) -> None:
    conditions = conditions_of(7, request(scope))

    assert (conditions.sql, conditions.params, conditions.has_scene_parts) == (sql, params, False)


def test_the_number_of_conditions_does_not_grow_with_the_number_of_persons() -> None:
    conditions = conditions_of(7, request(persons=PersonConditions(must=(1, 2, 9), any=(3, 4), none=(5, 6))))

    assert conditions.params == {
        "project_ids": [5],
        "first_person": [1],
        "all_persons": [1, 2, 9],
        "any_persons": [3, 4],
        "no_persons": [5, 6],
    }
    assert conditions.sql.count(" AND EXISTS (") == 2
    assert conditions.sql.count("::bigint[] <@ ARRAY(") == 1
    assert conditions.sql.count(" AND NOT EXISTS (") == 1
    assert conditions.has_scene_parts


def test_one_required_person_is_one_condition() -> None:
    conditions = conditions_of(7, request(persons=PersonConditions(must=(1,))))

    assert conditions.params == {"project_ids": [5], "first_person": [1]}


def test_each_required_line_is_a_condition_of_its_own() -> None:
    lines = DialogueConditions(must=("Good morning!", "港"), any=("a b", "c"), none=("d", "e"))

    conditions = conditions_of(7, request(dialogues=lines))

    assert conditions.params == {
        "project_ids": [5],
        "said_0": "'7:good':B <1> '7:morning':B",
        "said_1": "'7:港':*B",
        "any_said": "('7:a':B <1> '7:b':B) | ('7:c':B)",
        "none_said": "('7:d':B) | ('7:e':B)",
    }
    assert conditions.sql.endswith(" AND NOT coalesce(s.words @@ %(none_said)s::tsquery, false)")
    assert conditions.sql.count("::tsquery") == 4
    assert conditions.has_scene_parts


def test_a_phrase_may_be_anywhere_in_a_scene_or_in_the_name_of_a_person_shown() -> None:
    phrase = phrase_of("your country")

    plain = conditions_of(7, request(), [phrase])
    named = conditions_of(7, request(), [phrase], {phrase: [3]})

    assert plain.params == {"project_ids": [5], "phrase_0": "'7:your' <1> '7:country'"}
    assert named.params == {**plain.params, "phrase_0_persons": [3]}
    assert plain.has_scene_parts


@given(REQUESTS, PHRASES)
def test_every_parameter_has_a_value_and_every_value_a_parameter(
    request_: SearchRequest, phrases: list[tuple[PhraseTerm, ...]]
) -> None:
    conditions = conditions_of(7, request_, phrases)

    names = re.findall(r"%\((\w+)\)s", conditions.sql)
    assert sorted(names) == sorted(conditions.params)
    assert conditions.sql.count("%") == len(names)


@given(REQUESTS, PHRASES)
def test_scenes_are_read_if_a_condition_is_about_them(
    request_: SearchRequest, phrases: list[tuple[PhraseTerm, ...]]
) -> None:
    conditions = conditions_of(7, request_, phrases)

    assert conditions.has_scene_parts is (" s." in conditions.sql.replace("(", " "))
