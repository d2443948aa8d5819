"""Bodies of events."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from scenedex.webhooks.event_types import EVENT_TYPES
from scenedex.webhooks.payloads import body_of
from scenedex.webhooks.records import DueDelivery, EndpointId

TIME = datetime(2026, 12, 1, 3, 4, 5, 678900, tzinfo=UTC)


def delivery(name: str, **subject: object) -> DueDelivery:
    return DueDelivery(EndpointId(1), 2, "msg_1", name, subject, "kim", "lane", TIME, 0)


def test_a_body_has_ids_and_the_page_of_the_asset() -> None:
    body = body_of(delivery("index.completed", projectId=3, assetId=4, indexId=5), "news", "https://mi.example/x")

    assert json.loads(body) == {
        "type": "index.completed",
        "timestamp": "2026-12-01T03:04:05.678900Z",
        "data": {
            "workspaceName": "news",
            "projectId": 3,
            "assetId": 4,
            "indexId": 5,
            "userName": "kim",
            "url": "https://mi.example/x/console/w/news/assets/4",
        },
    }


@pytest.mark.parametrize("name", ["asset.deleted", "person.deleted", "person.erased", "project.deleted"])
def test_what_is_deleted_has_no_page(name: str) -> None:
    body = body_of(delivery(name, projectId=3, assetId=4, personId=7), "news", "https://mi.example")

    assert "url" not in json.loads(body)["data"] or name == "project.deleted"


def test_a_merge_of_a_thousand_persons_is_less_than_twenty_kilobytes() -> None:
    merged = list(range(10**9, 10**9 + 1000))
    body = body_of(delivery("person.merged", personId=1, mergedPersonIds=merged), "w" * 63, "https://mi.example")

    assert len(body) < 20_000
    assert json.loads(body)["data"]["url"] == f"https://mi.example/console/w/{'w' * 63}/persons/1"


def test_each_type_has_a_name_of_its_own_and_a_sentence() -> None:
    names = [one.name for one in EVENT_TYPES]

    assert len(set(names)) == len(names)
    assert all(one.description.endswith(".") for one in EVENT_TYPES)
