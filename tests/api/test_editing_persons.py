"""Edits of the person in a scene."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from edited_indexes import ABSENT, Edited, delete, indexed, merge, new_person, rename, undo_merge
from signed_calls import code, fields, result

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Service, Site


@pytest.fixture
def edited(site: Site) -> Edited:
    return indexed(site)


def test_a_person_becomes_another_person_in_that_scene_only(edited: Edited) -> None:
    jane = new_person(edited.site, "Jane")

    answer = result(edited.give({"personId": jane}))

    assert edited.persons(1) == [(jane, "Jane", 2)]
    assert edited.persons(2) == [(edited.person_id, None, 1)]
    assert answer["sceneId"] == 1
    assert answer["persons"] == edited.index()["scenes"][0]["persons"]


def test_a_person_becomes_the_person_of_a_name(edited: Edited) -> None:
    jane = new_person(edited.site, "Jane")

    assert [one["personId"] for one in result(edited.give({"name": "Jane"}))["persons"]] == [jane]


def test_a_person_becomes_a_person_that_is_created_for_a_name_that_nobody_has(edited: Edited) -> None:
    [one] = result(edited.give({"name": "Jane"}))["persons"]

    assert one["personId"] != edited.person_id
    assert edited.persons(1) == [(one["personId"], "Jane", 2)]
    assert edited.item.service.rows(
        "SELECT type, details->>'name' FROM person_events WHERE person_id = %s ORDER BY event_id", one["personId"]
    ) == [("REGISTERED", "Jane"), ("MOVED", None)]


def test_a_person_of_a_name_that_was_merged_away_is_created(edited: Edited) -> None:
    jane, other = new_person(edited.site, "Jane"), new_person(edited.site)
    merge(edited.site, jane, other)

    [one] = result(edited.give({"name": "Jane"}))["persons"]

    assert one["personId"] not in {jane, other}


def test_a_person_is_counted_where_it_is_seen(edited: Edited) -> None:
    jane = new_person(edited.site, "Jane")
    assert edited.counts(edited.person_id) == (1, 2)

    result(edited.give({"personId": jane}))
    assert (edited.counts(edited.person_id), edited.counts(jane)) == ((1, 1), (1, 1))

    result(edited.give({"personId": jane}, scene=2))
    assert (edited.counts(edited.person_id), edited.counts(jane)) == ((0, 0), (1, 2))


def test_a_person_joins_the_appearances_of_one_who_is_seen_there(edited: Edited) -> None:
    jane = new_person(edited.site, "Jane")
    result(edited.give({"personId": jane}))
    [back] = result(edited.give({"personId": edited.person_id}, person_id=jane))["persons"]

    assert [seen["startTimeMs"] for seen in back["appearances"]] == [0, 500]
    assert edited.counts(jane) == (0, 0)


def test_a_person_takes_its_learned_face_along_and_is_not_mistaken_there_again(edited: Edited) -> None:
    jane = new_person(edited.site, "Jane")
    insert = (
        "INSERT INTO person_faces (person_id, workspace_id, asset_id, engine, embedding, quality, start_ms, end_ms)"
        " SELECT person_id, workspace_id, %s, 'toy', '[1]', 1, %s, %s FROM persons WHERE person_id = %s"
    )
    for start, end in ((100, 200), (1200, 1700)):
        edited.item.service.rows(insert, edited.item.asset_id, start, end, edited.person_id)

    result(edited.give({"personId": jane}))

    assert edited.item.service.rows(
        "SELECT person_id, start_ms FROM person_faces WHERE asset_id = %s ORDER BY start_ms", edited.item.asset_id
    ) == [(jane, 100), (edited.person_id, 1200)]
    assert edited.item.service.rows(
        "SELECT start_ms, end_ms FROM rejected_appearances WHERE person_id = %s ORDER BY 1", edited.person_id
    ) == [(0, 300), (500, 1000)]


def test_a_person_that_was_merged_is_moved_with_all_that_was_merged_into_it(edited: Edited) -> None:
    whole, jane = new_person(edited.site, "Whole"), new_person(edited.site, "Jane")
    merge(edited.site, edited.person_id, whole)

    result(edited.give({"personId": jane}, person_id=whole))

    assert edited.persons(1) == [(jane, "Jane", 2)]
    assert edited.persons(2) == [(whole, "Whole", 1)]


def test_a_person_follows_merges_and_their_undoing(edited: Edited) -> None:
    jane, whole = new_person(edited.site, "Jane"), new_person(edited.site, "Whole")
    result(edited.give({"personId": jane}))

    merge(edited.site, jane, whole)
    assert edited.persons(1) == [(whole, "Whole", 2)]
    assert edited.counts(whole) == (1, 1)

    undo_merge(edited.site, jane, whole)
    assert edited.persons(1) == [(jane, "Jane", 2)]
    assert (edited.counts(jane), edited.counts(whole)) == ((1, 1), (0, 0))


def test_a_person_is_called_as_it_is_called_when_the_index_is_read(edited: Edited) -> None:
    [one] = result(edited.give({"name": "Jane"}))["persons"]

    rename(edited.site, one["personId"], "Jane Doe")

    assert edited.persons(1) == [(one["personId"], "Jane Doe", 2)]


def test_who_was_deleted_can_still_be_somebody(edited: Edited) -> None:
    delete(edited.site, edited.person_id)

    assert [one["name"] for one in result(edited.give({"name": "Jane"}))["persons"]] == ["Jane"]


def test_a_person_is_shown_with_a_picture(edited: Edited) -> None:
    jane = new_person(edited.site, "Jane")
    key = f"persons/{jane}/a/face.jpg"
    edited.item.service.rows(
        "WITH given AS (INSERT INTO person_thumbnails (person_id, folder, key) VALUES (%s, %s, %s) RETURNING *)"
        " UPDATE persons p SET primary_thumbnail_id = thumbnail_id FROM given WHERE p.person_id = given.person_id",
        jane,
        key.removesuffix("/face.jpg"),
        key,
    )
    edited.item.put(key, b"face")

    [one] = result(edited.give({"personId": jane}))["persons"]

    assert edited.item.service.client.get(one["thumbnailUrl"]).content == b"face"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body"),
        ({"personId": None, "name": None}, "body"),
        ({"personId": 1, "name": "Jane"}, "body"),
        ({"name": ""}, "name"),
        ({"name": " \t"}, "name"),
        ({"name": "a" * 51}, "name"),
        ({"name": "a|b"}, "name"),
        ({"personId": "1"}, "personId"),
        ({"personId": 1.5}, "personId"),
        (None, "body"),
    ],
)
def test_it_names_what_is_wrong_with_a_request(body: object, field: str, edited: Edited) -> None:
    answer = edited.give(body)

    assert (code(answer), fields(answer)) == ((400, "10001"), [field]), answer.text


@pytest.mark.parametrize("field", ["personId", "name"])
def test_a_person_is_another_person(field: str, edited: Edited) -> None:
    rename(edited.site, edited.person_id, "Jane")

    answer = edited.give({"personId": edited.person_id} if field == "personId" else {"name": "Jane"})

    assert (code(answer), fields(answer)) == ((400, "10001"), [field])
    assert edited.edit_count() == 0


@pytest.mark.parametrize("scene", [3, 0, -1, 2**31, 2**63, 10**29])
def test_it_needs_a_scene(scene: int, edited: Edited) -> None:
    answer = edited.give({"name": "Jane"}, scene=scene)

    assert (code(answer), fields(answer)) == ((404, "40410"), ["scene_id"])


@pytest.mark.parametrize("scene", ["one", "1.0", "%20"])
def test_it_needs_an_integer_for_a_scene(scene: str, edited: Edited) -> None:
    answer = edited.give({"name": "Jane"}, scene=scene)

    assert (code(answer), fields(answer)) == ((400, "10001"), ["scene_id"])


def test_a_person_is_seen_in_the_scene(edited: Edited) -> None:
    absent = new_person(edited.site)

    for whom in (absent, ABSENT, 10**29):
        answer = edited.give({"name": "Jane"}, person_id=whom)
        assert (code(answer), fields(answer)) == ((404, "40407"), ["person_id"])
    assert (
        edited.item.service.rows(
            "SELECT FROM persons JOIN workspaces USING (workspace_id) WHERE workspace_name = %s AND name = 'Jane'",
            edited.site.name,
        )
        == []
    )


def test_a_person_is_none_of_another_workspace(edited: Edited, new_site: Callable[[Service], Site]) -> None:
    stranger = new_person(new_site(edited.item.service), "Stranger")

    to, whom = edited.give({"personId": stranger}), edited.give({"name": "Jane"}, person_id=stranger)

    assert (code(to), fields(to)) == ((404, "40407"), ["personId"])
    assert (code(whom), fields(whom)) == ((404, "40407"), ["person_id"])
    assert result(edited.give({"name": "Stranger"}))["persons"][0]["personId"] != stranger


@pytest.mark.parametrize("person_id", [0, -1, 2**63, 2**64, 10**18])
def test_a_person_of_an_impossible_id_is_not_found(person_id: int, edited: Edited) -> None:
    answer = edited.give({"personId": person_id})

    assert answer.status_code in {400, 404}
    assert fields(answer) == ["personId"]


def test_who_was_merged_away_or_deleted_is_nobody_to_give_to(edited: Edited) -> None:
    merged, gone, whole = (new_person(edited.site) for _ in range(3))
    merge(edited.site, merged, whole)
    delete(edited.site, gone)

    answers = [edited.give({"personId": one}) for one in (merged, gone)]

    assert [code(answer) for answer in answers] == [(404, "40407")] * 2
    assert str(whole) in answers[0].text
