"""Merges of persons, and their undoing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from people_samples import Cast, Seen, events, refused
from signed_calls import code

if TYPE_CHECKING:
    from tests.conftest import Site


@pytest.fixture
def cast(site: Site) -> Cast:
    return Cast.of(site)


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
