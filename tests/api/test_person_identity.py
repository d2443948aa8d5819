"""Who is who: persons that are merged, split, rejected and erased, and what their histories say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from people_samples import Cast, Seen
from scenedex.auth.keys import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2
    from tests.conftest import Service, Site


@pytest.fixture
def cast(site: Site) -> Cast:
    return Cast.of(site)


def code(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def refused(answer: httpx2.Response) -> tuple[int, str, str]:
    """Status, code and the first field that is wrong."""
    body = answer.json()
    return answer.status_code, body["code"], body["responseError"]["details"][0]["field"]


def events(cast: Cast, person_id: int) -> list[tuple[str, int, int | None]]:
    page = cast.done("GET", person_id, "/history?pageNum=1&pageSize=50")
    return [(event["type"], event["personId"], event.get("otherPersonId")) for event in page["content"]]


# Merging


def test_a_merge_says_what_came_along(cast: Cast) -> None:
    _, (anna, bert) = cast.film(Seen(0), Seen(1))
    cast.film(Seen(1), Seen(1, scene_id=2))

    merged = cast.done("POST", anna, "/merge", {"personIds": [bert]})

    assert merged.pop("mergedTime")
    assert merged == {"personId": anna, "transferredAssetCount": 2, "transferredThumbnailCount": 1}


def test_the_representative_keeps_its_name_and_primary_thumbnail_and_has_the_rest_of_all(cast: Cast) -> None:
    _, (anna, bert) = cast.film(Seen(0), Seen(1))
    cast.film(Seen(1), Seen(1, scene_id=2))
    cast.name(anna, "Anna")
    cast.name(bert, "Bert")
    cast.tag(anna, "cast")
    cast.tag(bert, "cast")
    cast.tag(bert, "crew")
    before = cast.shown(anna)
    (bert_primary,) = cast.shown(bert)["thumbnails"]

    cast.done("POST", anna, "/merge", {"personIds": [bert]})

    after = cast.shown(anna)
    assert (after["name"], after["assetCount"], after["sceneCount"]) == ("Anna", 2, 3)
    assert [tag["name"] for tag in after["tags"]] == ["cast", "crew"]
    assert after["thumbnails"] == [*before["thumbnails"], (bert_primary[0], False)]


def test_indexes_show_the_representative(cast: Cast) -> None:
    item, (anna, bert) = cast.film(Seen(0), Seen(1, scene_id=2))
    cast.name(anna, "Anna")

    cast.done("POST", anna, "/merge", {"personIds": [bert]})

    scenes = item.call("GET", "/index").json()["result"]["scenes"]
    assert [[(one["personId"], one["name"]) for one in scene["persons"]] for scene in scenes] == [[(anna, "Anna")]] * 2


def test_a_representative_without_thumbnails_takes_over_the_first_primary_one(cast: Cast) -> None:
    _, (anna, bert, cleo) = cast.film(Seen(0), Seen(1), Seen(2))
    cast.site.service.rows("DELETE FROM person_thumbnails WHERE person_id = %s", anna)
    cast.site.service.rows("UPDATE persons SET primary_thumbnail_id = NULL WHERE person_id = %s", anna)
    (primary,) = cast.shown(cleo)["thumbnails"]

    cast.done("POST", anna, "/merge", {"personIds": [cleo, bert]})

    assert cast.shown(anna)["thumbnails"][0] == (primary[0], True)


def test_a_merged_person_is_not_found_and_the_answer_says_where_it_is(cast: Cast) -> None:
    _, (anna, bert) = cast.film(Seen(0), Seen(1))
    cast.done("POST", anna, "/merge", {"personIds": [bert]})

    answer = cast.call("GET", bert)

    assert code(answer) == (404, "40407")
    assert str(anna) in answer.json()["responseError"]["details"][0]["reason"]


def test_faces_of_a_merged_person_are_the_representatives_in_later_analyses(cast: Cast) -> None:
    _, (anna, bert) = cast.film(Seen(0), Seen(1))
    cast.done("POST", anna, "/merge", {"personIds": [bert]})

    _, found = cast.film(Seen(1), Seen(0))

    assert found == [anna, anna]
    assert cast.shown(anna)["assetCount"] == 2


def test_merges_go_on_through_persons_who_were_representatives(cast: Cast) -> None:
    _, (anna, bert, cleo) = cast.film(Seen(0), Seen(1), Seen(2))
    cast.done("POST", bert, "/merge", {"personIds": [cleo]})

    assert cast.done("POST", anna, "/merge", {"personIds": [bert]})["transferredThumbnailCount"] == 2
    assert [row[2] for row in cast.seen_in(cast.film(Seen(2))[0])] == [anna]


@pytest.mark.parametrize(
    "ids", [[], [1] * 2, list(range(1, 12)), ["1"], None, "1"], ids=["none", "twice", "11", "text", "null", "no list"]
)
def test_a_merge_of_none_too_many_or_the_same_twice_is_refused(ids: object, cast: Cast) -> None:
    _, (anna,) = cast.film(Seen(0))

    answer = cast.call("POST", anna, "/merge", {"personIds": ids})

    assert code(answer) == (400, "10001")
    assert answer.json()["responseError"]["details"][0]["field"].startswith("personIds")


def test_a_person_is_not_merged_with_itself(cast: Cast) -> None:
    _, (anna, bert) = cast.film(Seen(0), Seen(1))

    assert refused(cast.call("POST", anna, "/merge", {"personIds": [bert, anna]})) == (400, "10001", "personIds")


def test_a_refused_merge_changes_nothing(cast: Cast) -> None:
    _, (anna, bert, cleo, dora) = cast.film(Seen(0), Seen(1), Seen(2), Seen(3))
    cast.done("POST", dora, "/merge", {"personIds": [cleo]})
    before = [cast.shown(anna), cast.shown(bert), events(cast, anna)]

    answer = cast.call("POST", anna, "/merge", {"personIds": [bert, cleo]})

    assert refused(answer) == (404, "40407", "personIds[1]")
    assert [cast.shown(anna), cast.shown(bert), events(cast, anna)] == before


@pytest.mark.parametrize("number", [0, -1, 10**12, 2**63, 10**25])
def test_ids_of_nobody_are_not_found(number: int, cast: Cast) -> None:
    _, (anna,) = cast.film(Seen(0))

    assert refused(cast.call("POST", anna, "/merge", {"personIds": [number]})) == (404, "40407", "personIds[0]")
    assert code(cast.call("POST", number, "/merge", {"personIds": [anna]})) == (404, "40407")


def test_a_deleted_person_is_not_merged(cast: Cast) -> None:
    _, (anna, bert) = cast.film(Seen(0), Seen(1))
    cast.done("DELETE", bert)

    assert code(cast.call("POST", anna, "/merge", {"personIds": [bert]})) == (404, "40407")
    assert code(cast.call("POST", bert, "/merge", {"personIds": [anna]})) == (404, "40407")


# Undoing a merge


def test_a_split_restores_both_persons(cast: Cast) -> None:
    item, (anna, bert, _) = cast.film(Seen(0), Seen(1), Seen(1, scene_id=2))
    cast.name(anna, "Anna")
    cast.name(bert, "Bert")
    cast.tag(bert, "crew")
    before = cast.shown(anna), cast.shown(bert), cast.seen_in(item)
    cast.done("POST", anna, "/merge", {"personIds": [bert]})

    split = cast.done("POST", anna, "/split", {"mergedPersonId": bert})

    assert split.pop("splitTime")
    assert split == {"personId": anna, "splitPersonId": bert, "name": "Bert", "movedAppearanceCount": 2}
    assert (cast.shown(anna), cast.shown(bert), cast.seen_in(item)) == before


def test_a_split_takes_what_was_found_meanwhile_along(cast: Cast) -> None:
    _, (anna, bert) = cast.film(Seen(0), Seen(1))
    cast.done("POST", anna, "/merge", {"personIds": [bert]})
    cast.film(Seen(1))

    cast.done("POST", anna, "/split", {"mergedPersonId": bert})

    assert (cast.shown(anna)["assetCount"], cast.shown(bert)["assetCount"]) == (1, 2)


def test_a_person_that_was_merged_at_a_remove_is_split_off_with_its_own(cast: Cast) -> None:
    _, (anna, bert, cleo, dora) = cast.film(Seen(0), Seen(1), Seen(2), Seen(3))
    cast.done("POST", cleo, "/merge", {"personIds": [dora]})
    cast.done("POST", bert, "/merge", {"personIds": [cleo]})
    cast.done("POST", anna, "/merge", {"personIds": [bert]})

    assert cast.done("POST", anna, "/split", {"mergedPersonId": cleo})["movedAppearanceCount"] == 2

    assert [row[2] for row in cast.seen_in(cast.film(Seen(3))[0])] == [cleo]
    assert [row[2] for row in cast.seen_in(cast.film(Seen(1))[0])] == [anna]
    cast.done("POST", cleo, "/split", {"mergedPersonId": dora})
    cast.done("POST", anna, "/split", {"mergedPersonId": bert})
    assert [len(cast.shown(one)["thumbnails"]) for one in (anna, bert, cleo, dora)] == [1] * 4


def test_a_thumbnail_that_goes_with_its_person_is_no_primary_of_the_other(cast: Cast) -> None:
    _, (anna, bert) = cast.film(Seen(0), Seen(1))
    (own,), (other,) = cast.shown(anna)["thumbnails"], cast.shown(bert)["thumbnails"]
    cast.done("POST", anna, "/merge", {"personIds": [bert]})
    cast.done("PATCH", anna, body={"primaryThumbnailId": other[0]})

    cast.done("POST", anna, "/split", {"mergedPersonId": bert})

    assert cast.shown(anna)["thumbnails"] == [own]
    assert cast.shown(bert)["thumbnails"] == [other]


def test_a_split_is_refused_while_the_name_is_taken(cast: Cast) -> None:
    _, (anna, bert, cleo) = cast.film(Seen(0), Seen(1), Seen(2))
    cast.name(bert, "Bert")
    cast.done("POST", anna, "/merge", {"personIds": [bert]})
    cast.name(cleo, "Bert")

    answer = cast.call("POST", anna, "/split", {"mergedPersonId": bert})

    assert refused(answer) == (409, "40912", "mergedPersonId")
    assert f"person {cleo} " in answer.json()["responseError"]["details"][0]["reason"]
    cast.name(cleo, "Cleo")
    assert cast.done("POST", anna, "/split", {"mergedPersonId": bert})["name"] == "Bert"


def test_who_is_not_merged_into_the_person_is_not_split_off(cast: Cast) -> None:
    _, (anna, bert) = cast.film(Seen(0), Seen(1))

    assert refused(cast.call("POST", anna, "/split", {"mergedPersonId": bert})) == (409, "40913", "mergedPersonId")
    assert refused(cast.call("POST", anna, "/split", {"mergedPersonId": 10**12})) == (404, "40407", "mergedPersonId")
    assert refused(cast.call("POST", anna, "/split", {"mergedPersonId": anna})) == (400, "10001", "mergedPersonId")


# Moving appearances


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


# Rejecting


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


# History


def test_a_history_tells_the_latest_first_and_what_was_done_to_those_merged(cast: Cast) -> None:
    item, (anna, bert) = cast.film(Seen(0), Seen(1))
    cast.name(bert, "Bert")
    cast.done("POST", anna, "/merge", {"personIds": [bert]})

    page = cast.done("GET", anna, "/history?pageNum=1&pageSize=3")

    latest, other_side, named = page["content"]
    assert (page["totalCount"], page["totalPage"], page["pageNo"], page["pageSize"]) == (5, 2, 1, 3)
    assert latest.pop("createdTime")
    assert latest.pop("eventId") > other_side["eventId"] > named["eventId"]
    assert latest == {
        "type": "MERGED",
        "personId": anna,
        "otherPersonId": bert,
        "name": "Bert",
        "assetCount": 1,
        "thumbnailCount": 1,
        "createdUserName": "alice",
    }
    assert (other_side["type"], other_side["personId"], other_side["otherPersonId"]) == ("MERGED", bert, anna)
    assert (named["type"], named["name"]) == ("NAMED", "Bert")
    rest = cast.done("GET", anna, "/history?pageNum=2&pageSize=3")["content"]
    assert [(event["type"], event["assetId"]) for event in rest] == [("REGISTERED", item.asset_id)] * 2


def test_after_a_split_each_has_its_own_history(cast: Cast) -> None:
    _, (anna, bert) = cast.film(Seen(0), Seen(1))
    cast.done("POST", anna, "/merge", {"personIds": [bert]})
    cast.done("POST", anna, "/split", {"mergedPersonId": bert})

    for person, other in ((anna, bert), (bert, anna)):
        assert events(cast, person) == [
            ("SPLIT", person, other),
            ("MERGED", person, other),
            ("REGISTERED", person, None),
        ]


@pytest.mark.parametrize("query", ["pageSize=0", "pageSize=51", "pageNum=0", "pageNum=x"])
def test_a_malformed_page_of_a_history_is_refused(query: str, cast: Cast) -> None:
    _, (anna,) = cast.film(Seen(0))

    assert code(cast.call("GET", anna, f"/history?{query}")) == (400, "10001")


# Deleting and erasing


def removed(answer: dict[str, Any]) -> dict[str, int]:
    return {one["kind"]: one["count"] for one in answer["removed"]}


def test_deleting_answers_the_person_as_it_was_and_leaves_somebody_without_a_name(cast: Cast) -> None:
    item, (anna,) = cast.film(Seen(0))
    cast.name(anna, "Anna")

    answer = cast.done("DELETE", anna)

    assert (answer["personId"], answer["name"], answer["assetCount"]) == (anna, "Anna", 1)
    assert code(cast.call("GET", anna)) == (404, "40407")
    assert [row[2] for row in cast.seen_in(item)] == [anna]


def test_erasing_leaves_no_trace(cast: Cast) -> None:
    item, (anna, bert, cleo) = cast.film(Seen(0), Seen(1), Seen(2))
    service = cast.site.service
    cast.tag(anna, "cast")
    cast.done("POST", anna, "/merge", {"personIds": [bert]})
    cast.done("POST", cleo, "/reject", {"personIds": [anna]})
    content = f"hash of {item.asset_id}"
    service.rows("UPDATE assets SET content_hash = %s WHERE asset_id = %s", content, item.asset_id)
    for stage in ("faces", "text"):
        service.rows(
            "INSERT INTO stage_outputs (workspace_id, content_hash, address, stage, folder, result, is_transient,"
            " made_for) VALUES (%s, %s, %s, %s, %s, '', false, 1)",
            cast.workspace_id,
            content,
            stage,
            stage,
            f"outputs/{item.asset_id}/{stage}",
        )
    service.rows(
        "INSERT INTO persons_of_speakers SELECT index_id, 'Speaker 1', %s FROM indexes WHERE asset_id = %s",
        bert,
        item.asset_id,
    )
    folders = service.rows("SELECT folder FROM person_thumbnails WHERE person_id IN (%s, %s)", anna, bert)

    answer = cast.done("DELETE", anna, "?erase=true")

    assert answer["personId"] == anna
    assert removed(answer) == {
        "PERSON": 2,
        "APPEARANCE": 2,
        "FACE": 2,
        "THUMBNAIL": 2,
        "TAG": 1,
        "EVENT": 6,
        "REJECTION": 1,
        "SPEAKER": 1,
        "FACE_OUTPUT": 1,
        "UPLOAD": 0,
    }
    assert answer["removed"][0]["ids"] == [anna, bert]
    assert [row[2] for row in cast.seen_in(item)] == [cleo]
    assert events(cast, cleo) == [("REGISTERED", cleo, None)]
    assert service.rows("SELECT stage FROM stage_outputs WHERE content_hash = %s", content) == [("text",)]
    prefixes = {row[0] for row in service.rows("SELECT prefix FROM erasures")}
    assert {f"outputs/{item.asset_id}/faces/", *(f"{folder}/" for (folder,) in folders)} <= prefixes
    assert cast.counts()[0] == cast.counts()[1] == {cleo: (1, 1)}


def test_a_second_erasure_finds_nobody(cast: Cast) -> None:
    _, (anna,) = cast.film(Seen(0))
    cast.done("DELETE", anna, "?erase=true")

    assert code(cast.call("DELETE", anna, "?erase=true")) == (404, "40407")


def test_a_deleted_person_can_still_be_erased(cast: Cast) -> None:
    item, (anna,) = cast.film(Seen(0))
    cast.done("DELETE", anna)

    assert removed(cast.done("DELETE", anna, "?erase=true"))["APPEARANCE"] == 1
    assert cast.seen_in(item) == []


def test_a_merged_person_is_not_erased_alone(cast: Cast) -> None:
    _, (anna, bert) = cast.film(Seen(0), Seen(1))
    cast.done("POST", anna, "/merge", {"personIds": [bert]})

    assert code(cast.call("DELETE", bert, "?erase=true")) == (404, "40407")


def test_erasing_is_asked_for_by_true_or_false(cast: Cast) -> None:
    _, (anna,) = cast.film(Seen(0))

    assert refused(cast.call("DELETE", anna, "?erase=maybe")) == (400, "10001", "erase")
    assert "removed" not in cast.done("DELETE", anna, "?erase=false")


# Who may


CALLS = [
    ("POST", "/merge", {"personIds": [1]}),
    ("POST", "/split", {"mergedPersonId": 1}),
    ("POST", "/reject", {"personIds": [1]}),
    ("DELETE", "", None),
    ("DELETE", "?erase=true", None),
]


@pytest.mark.parametrize(("method", "below", "body"), CALLS)
def test_viewers_change_nothing(method: str, below: str, body: object, cast: Cast) -> None:
    _, (anna,) = cast.film(Seen(0))
    viewer = cast.site.service.api(Role.VIEWER)

    answer = viewer(method, f"{cast.site.path}/persons/{anna}{below}", body)

    assert (answer.status_code, answer.json()["error"]["errorCode"]) == (401, "210")
    assert viewer("GET", f"{cast.site.path}/persons/{anna}/history").status_code == 200


@pytest.mark.parametrize(("method", "below", "body"), [*CALLS, ("GET", "/history", None)])
def test_persons_of_another_workspace_are_not_found(
    method: str, below: str, body: object, cast: Cast, service: Service, new_site: Callable[[Service], Site]
) -> None:
    _, (stranger,) = Cast.of(new_site(service)).film(Seen(0))

    assert code(cast.call(method, stranger, below, body)) == (404, "40407")


def test_persons_and_assets_of_another_workspace_are_not_found_as_others(
    cast: Cast, service: Service, new_site: Callable[[Service], Site]
) -> None:
    item, (anna,) = cast.film(Seen(0))
    foreign, (stranger,) = Cast.of(new_site(service)).film(Seen(0))
    chosen = {"appearances": [{"assetId": item.asset_id}], "personId": stranger}
    elsewhere = {"appearances": [{"assetId": foreign.asset_id}]}

    assert refused(cast.call("POST", anna, "/merge", {"personIds": [stranger]})) == (404, "40407", "personIds[0]")
    assert refused(cast.call("POST", anna, "/reject", {"personIds": [stranger]})) == (404, "40407", "personIds[0]")
    assert refused(cast.call("POST", anna, "/split", {"mergedPersonId": stranger})) == (404, "40407", "mergedPersonId")
    assert refused(cast.call("POST", anna, "/split", chosen)) == (404, "40407", "personId")
    assert refused(cast.call("POST", anna, "/split", elsewhere)) == (400, "10001", "appearances[0]")
