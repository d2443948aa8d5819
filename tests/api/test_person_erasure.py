"""Histories of persons, remains of deleted and erased persons, and permissions for both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from people_samples import Cast, Seen, events, refused
from scenedex.auth.keys import Role
from signed_calls import code

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Service, Site


@pytest.fixture
def cast(site: Site) -> Cast:
    return Cast.of(site)


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
        "SUGGESTION": 0,
        "SPEAKER": 1,
        "FACE_OUTPUT": 1,
        "UPLOAD": 0,
        "SUMMARY": 0,
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
