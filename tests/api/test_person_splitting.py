"""Splitting of a person: appearances that are moved or rejected, and persons who are different people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from people_samples import Cast, Seen, events, refused
from signed_calls import code

if TYPE_CHECKING:
    from tests.conftest import Site


@pytest.fixture
def cast(site: Site) -> Cast:
    return Cast.of(site)


def test_appearances_become_those_of_a_person_that_is_created(cast: Cast) -> None:
    item, (anna, _) = cast.film(Seen(0), Seen(0, scene_id=2))

    split = cast.done("POST", anna, "/split", {"appearances": [{"assetId": item.asset_id, "sceneId": 2}], "name": "B"})

    created = split["splitPersonId"]
    assert (split["personId"], split["name"], split["movedAppearanceCount"]) == (anna, "B", 1)
    assert cast.seen_in(item) == [(1, 0, anna), (2, 1000, created)]
    assert (cast.shown(created)["name"], cast.shown(created)["sceneCount"]) == ("B", 1)
    assert cast.shown(anna)["sceneCount"] == 1


def test_a_person_that_is_created_without_a_name_is_anonymous(cast: Cast) -> None:
    item, (anna,) = cast.film(Seen(0))

    split = cast.done("POST", anna, "/split", {"appearances": [{"assetId": item.asset_id}]})

    assert split["name"] is None
    assert cast.shown(split["splitPersonId"])["name"] is None


def test_appearances_become_those_of_another_person(cast: Cast) -> None:
    item, (anna, _, bert) = cast.film(Seen(0), Seen(0, offset_ms=500), Seen(1))
    place = {"assetId": item.asset_id, "startTimeMs": 500}

    split = cast.done("POST", anna, "/split", {"appearances": [place], "personId": bert})

    assert (split["splitPersonId"], split["movedAppearanceCount"]) == (bert, 1)
    assert cast.seen_in(item) == [(1, 0, anna), (1, 0, bert), (1, 500, bert)]


def test_appearances_of_a_merged_person_are_moved_as_those_of_the_representative(cast: Cast) -> None:
    item, (anna, bert, cleo) = cast.film(Seen(0), Seen(1, scene_id=2), Seen(2, scene_id=3))
    cast.done("POST", anna, "/merge", {"personIds": [bert]})

    cast.done("POST", anna, "/split", {"appearances": [{"assetId": item.asset_id, "sceneId": 2}], "personId": cleo})

    assert [row[2] for row in cast.seen_in(item)] == [anna, cleo, cleo]
    assert cast.done("POST", anna, "/split", {"mergedPersonId": bert})["movedAppearanceCount"] == 0


def test_faces_go_along_and_the_source_is_not_taken_for_them_again(cast: Cast) -> None:
    item, (anna,) = cast.film(Seen(0))
    created = cast.done("POST", anna, "/split", {"appearances": [{"assetId": item.asset_id}]})["splitPersonId"]

    assert cast.analyse(item, Seen(0)) == [created]
    assert cast.film(Seen(0))[1] == [created]


def test_what_has_been_moved_may_be_moved_back(cast: Cast) -> None:
    item, (anna,) = cast.film(Seen(0))
    body = {"appearances": [{"assetId": item.asset_id}]}
    created = cast.done("POST", anna, "/split", body)["splitPersonId"]

    cast.done("POST", created, "/split", {**body, "personId": anna})

    assert cast.analyse(item, Seen(0)) == [anna]
    assert cast.shown(created)["assetCount"] == 0


def test_two_faces_at_one_time_in_a_scene_do_not_become_one_person(cast: Cast) -> None:
    item, (anna, bert) = cast.film(Seen(0), Seen(1, offset_ms=100))
    before = cast.seen_in(item)

    answer = cast.call("POST", anna, "/split", {"appearances": [{"assetId": item.asset_id}], "personId": bert})

    assert code(answer) == (409, "40914")
    assert cast.seen_in(item) == before
    assert cast.analyse(item, Seen(0), Seen(1, offset_ms=100)) == [anna, bert]


def test_the_picture_goes_with_the_face_that_it_shows(cast: Cast) -> None:
    item, (anna,) = cast.film(Seen(0))
    [thumbnail] = cast.shown(anna)["thumbnails"]

    created = cast.done("POST", anna, "/split", {"appearances": [{"assetId": item.asset_id}]})["splitPersonId"]

    assert cast.shown(anna)["thumbnails"] == []
    assert cast.shown(created)["thumbnails"] == [thumbnail]


def test_a_place_that_is_chosen_twice_is_moved_once(cast: Cast) -> None:
    item, (anna,) = cast.film(Seen(0))
    places = [{"assetId": item.asset_id}, {"assetId": item.asset_id, "sceneId": 1}]

    assert cast.done("POST", anna, "/split", {"appearances": places})["movedAppearanceCount"] == 1


@pytest.mark.parametrize("place", [{"sceneId": 3}, {"sceneId": 1, "startTimeMs": 7}, {"startTimeMs": 2**63 - 1}])
def test_places_at_which_the_person_is_not_seen_are_refused(place: dict[str, int], cast: Cast) -> None:
    item, (anna, _) = cast.film(Seen(0), Seen(1, scene_id=3))
    places = [{"assetId": item.asset_id}, {"assetId": item.asset_id, **place}]

    for path in ("/split", "/reject"):
        assert refused(cast.call("POST", anna, path, {"appearances": places})) == (400, "10001", "appearances[1]")


MALFORMED_SPLITS: list[tuple[dict[str, Any], str]] = [
    ({}, "mergedPersonId"),
    ({"mergedPersonId": 1, "appearances": [{"assetId": 1}]}, "mergedPersonId"),
    ({"appearances": []}, "appearances"),
    ({"appearances": [{"assetId": 1}] * 1001}, "appearances"),
    ({"appearances": [{"assetId": 1, "sceneId": 2**31}]}, "appearances[0].sceneId"),
    ({"appearances": [{"assetId": 1, "sceneId": 0}]}, "appearances[0].sceneId"),
    ({"appearances": [{"assetId": 1, "startTimeMs": -1}]}, "appearances[0].startTimeMs"),
    ({"appearances": [{"assetId": 1, "startTimeMs": 2**63}]}, "appearances[0].startTimeMs"),
    ({"appearances": [{"assetId": 10**20}]}, "appearances[0]"),
    ({"appearances": [{}]}, "appearances[0].assetId"),
    ({"appearances": [{"assetId": 1}], "personId": 1, "name": "x"}, "name"),
    ({"appearances": [{"assetId": 1}], "name": " "}, "name"),
    ({"appearances": [{"assetId": 1}], "name": "x" * 51}, "name"),
    ({"appearances": [{"assetId": 1}], "name": "a|b"}, "name"),
    ({"mergedPersonId": 1, "personId": 2}, "personId"),
    ({"mergedPersonId": 1, "name": "x"}, "name"),
]


@pytest.mark.parametrize(("body", "field"), MALFORMED_SPLITS)
def test_a_malformed_split_is_refused(body: dict[str, Any], field: str, cast: Cast) -> None:
    _, (anna,) = cast.film(Seen(0))

    assert refused(cast.call("POST", anna, "/split", body)) == (400, "10001", field)


def test_a_split_to_itself_to_nobody_or_to_a_taken_name_is_refused(cast: Cast) -> None:
    item, (anna, bert) = cast.film(Seen(0), Seen(1))
    cast.name(bert, "Bert")
    chosen = {"appearances": [{"assetId": item.asset_id}]}

    assert refused(cast.call("POST", anna, "/split", {**chosen, "personId": anna})) == (400, "10001", "personId")
    assert refused(cast.call("POST", anna, "/split", {**chosen, "personId": 10**12})) == (404, "40407", "personId")
    assert refused(cast.call("POST", anna, "/split", {**chosen, "name": "Bert"})) == (409, "40910", "name")
    assert {row[2] for row in cast.seen_in(item)} == {anna, bert}


def test_a_rejected_pair_is_remembered_once_and_noted_with_both(cast: Cast) -> None:
    _, (anna, bert) = cast.film(Seen(0), Seen(1))

    for person, other in ((anna, bert), (bert, anna)):
        answer = cast.done("POST", person, "/reject", {"personIds": [other]})
        assert answer.pop("rejectedTime")
        assert answer == {"personId": person, "rejectedPersonIds": [other], "movedAppearanceCount": 0}

    assert cast.site.service.rows("SELECT * FROM person_rejections WHERE person_id = %s", anna) == [(anna, bert)]
    assert events(cast, anna)[:2] == [("REJECTED", anna, bert)] * 2


def test_rejected_appearances_become_strangers_one_in_each_asset(cast: Cast) -> None:
    first, (anna, _) = cast.film(Seen(0), Seen(0, scene_id=2))
    second, _ = cast.film(Seen(0))
    places = [{"assetId": first.asset_id}, {"assetId": second.asset_id}]

    answer = cast.done("POST", anna, "/reject", {"appearances": places})

    strangers = answer["rejectedPersonIds"]
    assert (len(set(strangers)), answer["movedAppearanceCount"]) == (2, 3)
    assert [row[2] for row in cast.seen_in(first)] == [strangers[0]] * 2
    assert [row[2] for row in cast.seen_in(second)] == [strangers[1]]
    assert cast.shown(anna)["assetCount"] == 0
    assert [cast.shown(one)["sceneCount"] for one in strangers] == [2, 1]
    assert sorted(cast.site.service.rows("SELECT * FROM person_rejections WHERE person_id = %s", anna)) == [
        (anna, stranger) for stranger in strangers
    ]


def test_a_rejected_face_is_not_taken_for_the_person_again(cast: Cast) -> None:
    item, (anna,) = cast.film(Seen(0))
    cast.film(Seen(0))  # the face is known from elsewhere too
    (stranger,) = cast.done("POST", anna, "/reject", {"appearances": [{"assetId": item.asset_id}]})["rejectedPersonIds"]

    assert cast.analyse(item, Seen(0)) == [stranger]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "personIds"),
        ({"personIds": [1], "appearances": [{"assetId": 1}]}, "personIds"),
        ({"personIds": []}, "personIds"),
        ({"personIds": list(range(1, 12))}, "personIds"),
        ({"appearances": []}, "appearances"),
    ],
)
def test_a_malformed_rejection_is_refused(body: dict[str, Any], field: str, cast: Cast) -> None:
    _, (anna,) = cast.film(Seen(0))

    assert refused(cast.call("POST", anna, "/reject", body)) == (400, "10001", field)


def test_nobody_is_rejected_for_itself_or_with_persons_there_are_not(cast: Cast) -> None:
    _, (anna, bert, cleo) = cast.film(Seen(0), Seen(1), Seen(2))
    cast.done("POST", bert, "/merge", {"personIds": [cleo]})

    assert refused(cast.call("POST", anna, "/reject", {"personIds": [anna]})) == (400, "10001", "personIds")
    assert refused(cast.call("POST", anna, "/reject", {"personIds": [cleo]})) == (404, "40407", "personIds[0]")
