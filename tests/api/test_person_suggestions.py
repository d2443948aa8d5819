"""Suggestions that two persons are one: when they are made, listed, accepted, rejected and removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from people_samples import Cast, Seen
from scenedex.calibration import DEFAULT_FACES
from scenedex.persons.identification import identify
from scenedex.persons.records import IdentificationScope, PersonCandidate
from signed_calls import code

if TYPE_CHECKING:
    from tests.conftest import Item, Site

BOUNDS = DEFAULT_FACES.bounds


@pytest.fixture
def cast(site: Site) -> Cast:
    return Cast.of(site)


def face(likeness: float, axis: int) -> np.ndarray:
    """Return a face that is like face 0 to this degree, and like no other one."""
    vector = np.zeros(16, np.float32)
    vector[0], vector[axis] = likeness, np.sqrt(1 - likeness**2)
    return vector


def see(cast: Cast, item: Item, *faces: np.ndarray, is_presentable: bool = True) -> list[int | None]:
    """Identify faces, each of a person of its own, and return the ids of their persons."""
    scope = IdentificationScope(cast.workspace_id, "engine weights", DEFAULT_FACES, 10, None, item.asset_id, "alice")
    candidates = [PersonCandidate(one[np.newaxis], 0.8, is_presentable) for one in faces]
    found = cast.site.service.transact(lambda tx: identify(tx, scope, candidates))
    return [None if one is None else one.person_id for one in found]


def suggestions(cast: Cast, query: str = "") -> list[dict[str, Any]]:
    answer = cast.site.api("GET", f"{cast.site.path}/persons/suggestions{query}")
    assert answer.status_code == 200, answer.text
    page = answer.json()["result"]
    assert page["totalCount"] == len(page["content"])
    return page["content"]


def pairs(cast: Cast, query: str = "") -> list[tuple[int, int]]:
    return [(one["person"]["personId"], one["similarPerson"]["personId"]) for one in suggestions(cast, query)]


def decide(cast: Cast, suggestion_id: int, verdict: str) -> Any:
    return cast.site.api("POST", f"{cast.site.path}/persons/suggestions/{suggestion_id}/{verdict}")


def test_a_face_that_may_be_a_known_persons_is_a_person_of_its_own_and_a_suggestion(cast: Cast) -> None:
    _, (anna,) = cast.film(Seen(0))
    cast.name(anna, "Anna")
    item = cast.site.base.register()

    (stranger, unlike) = see(cast, item, face(0.55, 1), face(BOUNDS.possible - 0.01, 2))

    (suggestion,) = suggestions(cast)
    assert suggestion["person"] == {"personId": stranger, "name": None}
    assert suggestion["similarPerson"]["name"] == "Anna"
    assert "/face.jpg" in suggestion["similarPerson"]["thumbnailUrl"]
    assert suggestion["score"] == pytest.approx(DEFAULT_FACES.curve.score(0.55), abs=0.1)
    assert suggestion["assetId"] == item.asset_id
    assert unlike not in {anna, stranger}
    assert pairs(cast, f"?personId={anna}") == [(stranger, anna)]
    assert pairs(cast, f"?personId={unlike}") == []


def test_a_face_between_two_persons_is_suggested_to_be_either_most_similar_first(cast: Cast) -> None:
    _, (anna, bert) = cast.film(Seen(0), Seen(1))
    vector = face(0.7, 1)

    (stranger,) = see(cast, cast.site.base.register(), vector)

    assert pairs(cast) == [(stranger, bert), (stranger, anna)]


def test_persons_of_one_asset_and_faces_that_define_nobody_are_not_suggested(cast: Cast) -> None:
    item = cast.site.base.register()
    anna, other = see(cast, item, face(1, 1), face(0.55, 1))

    assert anna != other
    assert see(cast, cast.site.base.register(), face(0.5, 2), is_presentable=False) == [None]
    assert pairs(cast) == []


def test_an_accepted_suggestion_merges_into_the_person_with_a_name(cast: Cast) -> None:
    _, (anna,) = cast.film(Seen(0))
    (stranger,) = see(cast, cast.site.base.register(), face(0.55, 1))
    assert stranger is not None
    cast.name(stranger, "Anna")
    (suggestion,) = suggestions(cast)

    answer = decide(cast, suggestion["suggestionId"], "accept")

    assert answer.json()["result"]["personId"] == stranger
    assert code(cast.call("GET", anna)) == (404, "40407")
    assert suggestions(cast) == []
    assert code(decide(cast, suggestion["suggestionId"], "accept")) == (404, "40415")
    cast.done("POST", stranger, "/split", {"mergedPersonId": anna})


def test_a_rejected_pair_never_comes_again_whatever_it_is_merged_into(cast: Cast) -> None:
    _, (anna, bert) = cast.film(Seen(0), Seen(5))
    (stranger,) = see(cast, cast.site.base.register(), face(0.55, 1))
    (suggestion,) = suggestions(cast)

    answer = decide(cast, suggestion["suggestionId"], "reject")

    assert answer.json()["result"] | {"rejectedTime": ""} == {
        "personId": stranger,
        "rejectedPersonIds": [anna],
        "movedAppearanceCount": 0,
        "rejectedTime": "",
    }
    cast.rows(
        "INSERT INTO person_suggestions (workspace_id, person_id, other_id, score, asset_id)"
        " SELECT %s, %s, %s, 60, asset_id FROM person_faces WHERE person_id = %s RETURNING 1",
        cast.workspace_id,
        bert,
        stranger,
        bert,
    )
    assert pairs(cast) == [(bert, stranger)]
    cast.done("POST", bert, "/merge", {"personIds": [anna]})
    assert pairs(cast) == []


def test_pairs_of_one_identity_are_listed_once_and_go_with_asset_and_person(cast: Cast) -> None:
    _, (anna,) = cast.film(Seen(0))
    items = [cast.site.base.register() for _ in range(3)]
    first, second, third = (see(cast, item, face(0.55, n + 1))[0] for n, item in enumerate(items))
    assert first is not None
    assert third is not None
    cast.done("POST", first, "/merge", {"personIds": [second]})
    assert sorted(pairs(cast)) == [(first, anna), (third, anna)]

    cast.done("DELETE", third, "?erase=true")
    assert pairs(cast) == [(first, anna)]
    for item in items[:2]:
        cast.site.service.rows("DELETE FROM assets WHERE asset_id = %s", item.asset_id)
    assert pairs(cast) == []


def test_pages_and_accounts(cast: Cast) -> None:
    cast.film(Seen(0))
    for n in range(1, 4):
        see(cast, cast.site.base.register(), face(0.5 + n / 100, n))
    path = f"{cast.site.path}/persons/suggestions"

    page = cast.site.api("GET", f"{path}?pageNum=2&pageSize=2").json()["result"]

    assert (page["totalCount"], page["totalPage"], len(page["content"])) == (3, 2, 1)
    assert code(cast.site.api("POST", f"{path}/1234567/accept")) == (404, "40415")
    assert code(cast.site.api("GET", f"{path}?personId=x"))[0] == 400
