"""The audit log: each change leaves one event, everything else leaves none, and managers read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from edited_indexes import indexed
from person_samples import given
from scenedex.auth.keys import Role
from signed_calls import result

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Service, Site

    from signed_calls import Api

EVENTS = "/api/v1/audit-events"


def events(site: Site, **query: str) -> list[dict[str, Any]]:
    """Return the events of the workspace, the oldest first."""
    asked = {"pageNum": "1", "workspaceName": site.name, **query}
    answer = site.api("GET", f"{EVENTS}?{'&'.join(f'{name}={quote(value)}' for name, value in asked.items())}")
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]["content"][::-1]


def names(site: Site, **query: str) -> list[str]:
    return [event["event"] for event in events(site, **query)]


def test_says_who_did_what_to_what_and_from_where(site: Site) -> None:
    made = site.api("POST", f"{site.path}/projects", {"name": "news"})

    event = events(site)[-1]
    assert event == {
        "eventId": event["eventId"],
        "eventTime": event["eventTime"],
        "event": "Create Project",
        "userName": "alice",
        "accessKey": site.api.key.access_key,
        "workspaceName": site.name,
        "resource": f"{site.path}/projects",
        "createdId": str(made.json()["result"]["projectId"]),
        "sourceAddress": "127.0.0.1",
        "traceId": made.headers["x-ncp-trace-id"],
    }


def test_a_life_of_an_asset_is_told_in_the_vendors_words(site: Site) -> None:
    item = site.base.imported()
    other = site.project()
    item.request_analysis()
    item.call("POST", "/index/cancel")
    item.call("PATCH", f"?new_project_id={other.project_id}")
    site.api("PATCH", other.path, {"name": "sports"})
    site.api("DELETE", other.path)
    site.api("DELETE", site.path)

    assert names(site) == [
        "Create Workspace",
        "Import Video Asset From Object Storage",
        "Create Project",
        "Analyze Video Asset",
        "Cancel Video Asset",
        "Update Video Asset Project",
        "Update Project Name",
        "Delete Project",
        "Delete Workspace",
    ]


def test_changes_of_persons_are_told_with_what_they_create(site: Site) -> None:
    def call(method: str, path: str, body: object = None) -> Any:
        answer = site.api(method, site.path + path, body)
        assert answer.status_code == 200, answer.text
        return answer.json().get("result")

    jane = call("POST", "/persons", {"name": "Jane", "thumbnails": given(site)})["personId"]
    bob = call("POST", "/persons", {"name": "Bob", "thumbnails": given(site)})["personId"]
    tag = call("POST", "/person-tags", {"name": "anchor"})["id"]
    person = f"/persons/{jane}"
    more = call("POST", f"{person}/person-thumbnail", {"thumbnails": given(site, 2)})["thumbnailList"]
    last, other = more[-1]["id"], more[-2]["id"]
    for method, path, body in (
        ("PATCH", person, {"description": "reporter"}),
        ("POST", f"{person}/person-tags", {"tagIds": [tag]}),
        ("DELETE", f"{person}/person-tags", {"tagIds": [tag]}),
        ("POST", f"{person}/person-tags", {"tagIds": [tag]}),
        ("POST", f"{person}/person-tags/remove", {"tagIds": [tag]}),
        ("DELETE", f"/person-tags/{tag}", None),
        ("DELETE", f"{person}/person-thumbnail", {"thumbnailIds": [last]}),
        ("POST", f"{person}/person-thumbnail/remove", {"thumbnailIds": [other]}),
        ("POST", f"{person}/reject", {"personIds": [bob]}),
        ("POST", f"{person}/merge", {"personIds": [bob]}),
        ("POST", f"{person}/split", {"mergedPersonId": bob}),
        ("DELETE", person, None),
        ("DELETE", f"{person}?erase=true", None),
    ):
        call(method, path, body)

    assert [(event["event"], event.get("createdId")) for event in events(site)[1:]] == [
        ("Create Person", str(jane)),
        ("Create Person", str(bob)),
        ("Create Person Tag", str(tag)),
        ("Add Person Thumbnail", None),
        ("Update Person", None),
        ("Add Person Tag", None),
        ("Remove Person Tag", None),
        ("Add Person Tag", None),
        ("Remove Person Tag", None),
        ("Delete Person Tag", None),
        ("Remove Person Thumbnail", None),
        ("Remove Person Thumbnail", None),
        ("Reject Person", None),
        ("Merge Person", None),
        ("Split Person", None),
        ("Delete Person", None),
        ("Delete Person", None),
    ]


def test_changes_of_persons_that_change_nothing_leave_no_event(site: Site) -> None:
    made = result(site.api("POST", f"{site.path}/persons", {"thumbnails": given(site)}))
    person = f"{site.path}/persons/{made['personId']}"
    tag = result(site.api("POST", f"{site.path}/person-tags", {"name": "anchor"}))["id"]
    result(site.api("POST", f"{person}/person-tags", {"tagIds": [tag]}))
    before = names(site)

    result(site.api("PATCH", person, {}))
    result(site.api("POST", f"{person}/person-tags", {"tagIds": [tag]}))
    result(site.api("POST", f"{person}/person-thumbnail/remove", {"thumbnailIds": [999_999_999]}))
    result(site.api("DELETE", f"{person}/person-tags", {"tagIds": [999_999_999]}))

    assert names(site) == before


def test_changes_of_an_index_are_told(site: Site) -> None:
    edited = indexed(site)
    before = len(names(site))

    result(edited.give({"name": "Jane"}))
    result(edited.correct({"text": "Good evening."}))
    result(edited.change("Speaker 1", {"name": "Narrator"}))
    places = [{"assetId": edited.item.asset_id, "sceneId": 2}]
    split = result(site.api("POST", f"{site.path}/persons/{edited.person_id}/split", {"appearances": places}))
    answers = [
        edited.item.call("POST", "/index/cancel"),
        edited.item.call("DELETE", "/index"),
        edited.item.call("DELETE"),
    ]

    assert [answer.status_code for answer in answers] == [200] * 3
    assert [(event["event"], event.get("createdId")) for event in events(site)[before:]] == [
        ("Update Index Person", None),
        ("Update Index Script", None),
        ("Update Index Speaker", None),
        ("Split Person", str(split["splitPersonId"])),
        ("Cancel Video Asset", None),
        ("Delete Index", None),
        ("Delete Video Asset", None),
    ]


def test_older_paths_are_told_alike(site: Site) -> None:
    item = site.base.imported()
    older = item.path.replace("/assets/", "/video-assets/")

    site.api("POST", f"{older}/analyze", {"analysisPersonCount": 0})
    site.api("DELETE", f"{older}/analyze")

    assert names(site)[-2:] == ["Analyze Video Asset", "Cancel Video Asset"]


def test_what_is_refused_leaves_no_event(site: Site) -> None:
    before = names(site)

    refused = [
        site.api("POST", f"{site.path}/projects", {"name": ""}),
        site.api("PATCH", site.base.path, {"name": "renamed"}),
        site.api("DELETE", f"{site.base.path}/assets/999999999"),
        site.api("POST", "/api/v1/workspaces", {"workspaceName": site.name}),
        site.service.api(Role.VIEWER)("DELETE", site.path),
    ]

    assert all(answer.status_code >= 400 for answer in refused)
    assert names(site) == before


def test_what_changes_nothing_leaves_no_event(site: Site) -> None:
    item = site.base.imported()
    before = names(site)

    answers = [
        site.api("GET", site.path),
        site.api("POST", f"{site.path}/persons/search", {"pageNum": 1}),
        site.api("POST", f"{site.base.path}/assets/uploads/presigned-url", {"assetFileName": "a.mp4"}),
        site.api(
            "POST",
            f"{site.path}/assets/search",
            {"query": {"textQuery": "harbour"}, "filter": {"projectIds": [site.base_project]}},
        ),
        item.call("PATCH", f"?new_project_id={site.base_project}"),
    ]

    assert [answer.status_code for answer in answers] == [200] * 5
    assert names(site) == before


def test_an_upload_is_told_once_its_asset_is_there(site: Site) -> None:
    opened = site.api("POST", f"{site.base.path}/assets/uploads/presigned-url", {"assetFileName": "a.mp4"})
    place = opened.json()["result"]
    complete = f"{site.base.path}/assets/uploads/complete"

    site.api("POST", complete, {"assetKey": place["assetFileKey"]})
    assert names(site) == ["Create Workspace"]

    site.service.client.put(place["presignedUploadUrl"], content=b"film")
    for _ in range(2):
        site.api("POST", complete, {"assetKey": place["assetFileKey"]})
    assert names(site) == ["Create Workspace", "Import Video Asset From Upload"]


def test_a_change_whose_event_cannot_be_written_is_not_made(site: Site) -> None:
    condition = f"event <> 'Create Person Tag' OR workspace_name <> '{site.name}'"
    site.service.rows(f"ALTER TABLE audit_events ADD CONSTRAINT full_disk CHECK ({condition})")
    try:
        refused = site.api("POST", f"{site.path}/person-tags", {"name": "anchor"})
    finally:
        site.service.rows("ALTER TABLE audit_events DROP CONSTRAINT full_disk")

    assert refused.status_code == 500
    assert site.api("GET", f"{site.path}/person-tags?pageNum=1").json()["result"]["content"] == []


@pytest.fixture
def busy(site: Site) -> Site:
    """A workspace in which alice and bob made projects, the first of alice a day ago."""
    site.project("a")
    bob = site.service.api(user="bob")
    bob("POST", f"{site.path}/projects", {"name": "b"})
    bob("POST", f"{site.path}/person-tags", {"name": "anchor"})
    site.service.rows(
        "UPDATE audit_events SET event_time = now() - interval '1 day'"
        " WHERE workspace_name = %s AND event = 'Create Project' AND user_name = 'alice'",
        site.name,
    )
    return site


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param({"userName": "bob"}, ["Create Project", "Create Person Tag"], id="user"),
        pytest.param({"event": "Create Project"}, ["Create Project", "Create Project"], id="event"),
        pytest.param({"event": "Create Project", "userName": "bob"}, ["Create Project"], id="both"),
        pytest.param({"to": "2020-01-01T00:00:00"}, [], id="to"),
        pytest.param({"from": "2999-01-01"}, [], id="from"),
        pytest.param({"userName": "nobody"}, [], id="nobody"),
    ],
)
def test_is_read_in_parts(query: dict[str, str], found: list[str], busy: Site) -> None:
    assert names(busy, **query) == found


def test_a_time_includes_its_events_and_ends_before_its_end(busy: Site) -> None:
    oldest = events(busy)[0]["eventTime"]

    assert [event["eventTime"] for event in events(busy, to=oldest)] == []
    assert events(busy, **{"from": oldest})[0]["eventTime"] == oldest


def test_pages_are_a_partition_of_the_log(busy: Site) -> None:
    def page(number: int) -> dict[str, Any]:
        path = f"{EVENTS}?pageNum={number}&pageSize=3&workspaceName={busy.name}"
        return busy.api("GET", path).json()["result"]

    pages = [page(number) for number in (1, 2, 3)]

    ids = [event["eventId"] for one in pages for event in one["content"]]
    assert [len(one["content"]) for one in pages] == [3, 1, 0]
    assert (len(set(ids)), pages[0]["totalCount"], pages[0]["totalPage"]) == (4, 4, 2)
    times = [event["eventTime"] for one in pages for event in one["content"]]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("pageSize=10", "pageNum"),
        ("pageNum=0", "pageNum"),
        ("pageNum=1&pageSize=1001", "pageSize"),
        ("pageNum=1&from=yesterday", "from"),
        ("pageNum=1&to=2025-13-01", "to"),
        ("pageNum=1&userName=%00", "userName"),
    ],
)
def test_a_wrong_question_names_the_field(query: str, field: str, site: Site) -> None:
    answer = site.api("GET", f"{EVENTS}?{query}")

    assert answer.status_code == 400
    assert answer.json()["responseError"]["details"][0]["field"] == field


def test_viewers_do_not_read_it(site: Site) -> None:
    answer = site.service.api(Role.VIEWER)("GET", f"{EVENTS}?pageNum=1")

    assert (answer.status_code, answer.json()["error"]["errorCode"]) == (401, "210")


def test_a_limited_key_reads_of_its_workspaces_alone(
    site: Site, service: Service, new_site: Callable[[Service], Site]
) -> None:
    new_site(service)
    limited: Api = service.api(Role.MANAGER, site.name)

    found = limited("GET", f"{EVENTS}?pageNum=1").json()["result"]["content"]

    assert {event["workspaceName"] for event in found} == {site.name}


@pytest.mark.parametrize("number", [1, 20])
def test_a_page_takes_the_same_statements_however_long_it_is(number: int, site: Site) -> None:
    for one in range(number):
        site.project(f"project {one}")
    site.service.statements.clear()

    events(site)

    assert len(site.service.statements) == 3  # the key, the page and the count


def test_an_event_that_there_is_not_is_refused_with_those_like_it(site: Site) -> None:
    answer = site.api("GET", f"{EVENTS}?event=create%20projects&pageNum=1")

    assert answer.status_code == 400
    [detail] = answer.json()["responseError"]["details"]
    assert detail["field"] == "event"
    assert "Create Project" in detail["reason"]
