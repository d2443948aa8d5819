"""Deliveries to a real receiver, which accepts, fails, hangs and disappears."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from webhook_receiver import until, webhook_receiver
from webhook_samples import attempts, cancel_analysis, deliveries, made, sending, webhook_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from tests.conftest import Service, Serving, Site

    from webhook_receiver import Receiver


@pytest.fixture(scope="module")
def receiver() -> Generator[Receiver]:
    with webhook_receiver() as started:
        yield started


@pytest.fixture(scope="module")
def service(serving: Serving) -> Generator[Service]:
    with serving(webhook_settings()) as started, sending(started):
        yield started


@pytest.fixture
def site(service: Service, new_site: Callable[[Service], Site]) -> Site:
    return new_site(service)


def ended(site: Site, webhook: dict[str, object], count: int = 1) -> list[dict[str, object]]:
    """Wait until so many deliveries of a webhook have ended, and return them."""
    until(lambda: len([one for one in deliveries(site, webhook) if one["state"] != "WAITING"]) >= count)
    return deliveries(site, webhook)


def state(site: Site, webhook: dict[str, object]) -> dict[str, object]:
    return site.api("GET", f"{site.path}/webhooks/{webhook['webhookId']}").json()["result"]


def test_an_event_has_ids_and_a_link(site: Site, receiver: Receiver) -> None:
    webhook = made(site, receiver.url("ok/ids"), eventTypes=["index.canceled"])
    item = site.base.imported()
    cancel_analysis(item)

    [call] = receiver.wait("ok/ids", 1)
    [delivery] = ended(site, webhook)
    [attempt] = attempts(site, webhook, delivery)

    assert call.event == {
        "type": "index.canceled",
        "timestamp": call.event["timestamp"],
        "data": {
            "workspaceName": site.name,
            "projectId": site.base_project,
            "assetId": item.asset_id,
            "indexId": call.event["data"]["indexId"],
            "userName": "alice",
            "url": f"{site.service.url}/console/w/{site.name}/assets/{item.asset_id}",
        },
    }
    assert delivery["messageId"] == call.headers["webhook-id"]
    assert (delivery["state"], delivery["status"], delivery["attemptCount"]) == ("DELIVERED", 204, 1)
    assert (attempt["status"], attempt["answer"]) == (204, "")
    assert call.began - float(call.headers["webhook-timestamp"]) < 5


def test_a_failure_is_tried_again_under_the_same_id(site: Site, receiver: Receiver) -> None:
    webhook = made(site, receiver.url("failing-2/again"))
    cancel_analysis(site.base.imported())

    calls = receiver.wait("failing-2/again", 3)
    [delivery] = ended(site, webhook)
    tried = attempts(site, webhook, delivery)

    assert len({call.headers["webhook-id"] for call in calls}) == 1
    assert len({call.body for call in calls}) == 1
    assert [(one["attempt"], one["status"], one["answer"]) for one in tried] == [
        (1, 500, "out of order"),
        (2, 500, "out of order"),
        (3, 200, "out of order"),
    ]
    assert "failingSince" not in state(site, webhook)


@pytest.mark.parametrize(
    ("path", "status", "reason"),
    [
        ("redirect", 302, "It answered with a redirect (302), which is not followed."),
        ("status-404", 404, "It answered with the status 404."),
        ("nothing", None, "Its answer is no HTTP, or the connection broke off before it."),
        ("hang", None, "There was no answer within 2 s."),
        ("drip", None, "There was no answer within 2 s."),
    ],
)
def test_other_answers_are_failures(site: Site, receiver: Receiver, path: str, status: int | None, reason: str) -> None:
    webhook = made(site, receiver.url(f"{path}/x"))
    cancel_analysis(site.base.imported())
    until(lambda: any("reason" in one for one in deliveries(site, webhook)))

    [delivery] = deliveries(site, webhook)
    first = attempts(site, webhook, delivery)[0]

    assert (first.get("status"), first["reason"]) == (status, reason)
    assert receiver.received("ok/") == [] or all(call.path != "/ok/" for call in receiver.received("ok"))


@pytest.mark.parametrize("path", ["huge", "dribble"])
def test_a_body_without_an_end_is_cut_off(site: Site, receiver: Receiver, path: str) -> None:
    webhook = made(site, receiver.url(f"{path}/x"))
    cancel_analysis(site.base.imported())

    [delivery] = ended(site, webhook)
    [attempt] = attempts(site, webhook, delivery)

    assert delivery["state"] == "DELIVERED"
    assert 0 < len(attempt["answer"]) <= 4096


def test_a_refused_connection_is_given_up_after_the_last_pause_and_replayed(site: Site, receiver: Receiver) -> None:
    webhook = made(site, "http://127.0.0.1:9/x")
    cancel_analysis(site.base.imported())
    [failed] = ended(site, webhook)
    path = f"{site.path}/webhooks/{webhook['webhookId']}"
    assert (failed["state"], failed["attemptCount"], failed["reason"]) == ("FAILED", 4, "It cannot be connected to.")
    assert "failingSince" in state(site, webhook)

    assert site.api("PATCH", path, {"url": receiver.url("ok/replayed")}).status_code == 200
    answer = site.api("POST", f"{path}/replay", {"state": "FAILED"})

    assert answer.json()["result"] == {"replayedCount": 1}
    [call] = receiver.wait("ok/replayed", 1)
    assert call.headers["webhook-id"] == failed["messageId"]
    until(lambda: deliveries(site, webhook)[0]["state"] == "DELIVERED")
    assert deliveries(site, webhook)[0]["attemptCount"] == 5
    again = site.api("POST", f"{path}/deliveries/{failed['deliveryId']}/replay")
    assert again.json()["result"]["state"] == "WAITING"
    receiver.wait("ok/replayed", 2)


def test_gone_disables_at_once(site: Site, receiver: Receiver) -> None:
    webhook = made(site, receiver.url("status-410/x"))
    item = site.base.imported()
    cancel_analysis(item)
    until(lambda: not state(site, webhook)["enabled"])

    cancel_analysis(item)

    assert state(site, webhook)["disabledReason"] == "It answered that it is gone (410)."
    assert len(receiver.received("status-410/x")) == 1
    events = site.api("GET", f"/api/v1/audit-events?pageNum=1&workspaceName={site.name}").json()["result"]["content"]
    assert "Disable Webhook" in [one["event"] for one in events]
    test = site.api("POST", f"{site.path}/webhooks/{webhook['webhookId']}/test")
    assert (test.status_code, test.json()["code"]) == (409, "40930")


def test_an_enabled_endpoint_gets_what_has_waited(site: Site, receiver: Receiver) -> None:
    webhook = made(site, receiver.url("status-410/y"))
    path = f"{site.path}/webhooks/{webhook['webhookId']}"
    cancel_analysis(site.base.imported())
    until(lambda: not state(site, webhook)["enabled"])

    site.api("PATCH", path, {"enabled": True, "url": receiver.url("ok/enabled")})

    [call] = receiver.wait("ok/enabled", 1)
    assert call.event["type"] == "index.canceled"
    assert state(site, webhook)["enabled"]
    assert "disabledReason" not in state(site, webhook)


def test_events_of_an_asset_arrive_in_order_and_those_of_others_meanwhile(site: Site, receiver: Receiver) -> None:
    made(site, receiver.url("failing-3/order"))
    first, other = site.base.imported("a.mp4"), site.base.imported("b.mp4")
    for _ in range(3):
        cancel_analysis(first)
    cancel_analysis(other)

    calls = receiver.wait("failing-3/order", 7)
    ids = [(call.event["data"]["assetId"], call.event["data"]["indexId"]) for call in calls]
    accepted = [index for asset, index in dict.fromkeys(ids) if asset == first.asset_id]

    assert accepted == sorted(accepted)
    assert {asset for asset, _ in ids} == {first.asset_id, other.asset_id}


def test_calls_of_an_asset_do_not_overlap_and_those_of_others_do(site: Site, receiver: Receiver) -> None:
    items = [site.base.imported(f"{number}.mp4") for number in range(3)]
    made(site, receiver.url("slow-0.3/overlap"))
    for item in items:
        cancel_analysis(item)
        cancel_analysis(item)

    receiver.wait("slow-0.3/overlap", 6)
    until(lambda: all(call.ended for call in receiver.received("slow-0.3/overlap")))
    calls = receiver.received("slow-0.3/overlap")

    for item in items:
        one, two = [call for call in calls if call.event["data"]["assetId"] == item.asset_id]
        assert one.ended is not None
        assert one.ended <= two.began


def test_a_receiver_that_hangs_delays_no_other(site: Site, receiver: Receiver) -> None:
    for number in range(10):
        made(site, receiver.url(f"hang/{number}"))
    made(site, receiver.url("ok/undelayed"))
    began = time.time()
    cancel_analysis(site.base.imported())

    [call] = receiver.wait("ok/undelayed", 1)

    # The calls of the others end after two seconds.
    assert call.began - began < 2


def test_a_receiver_can_ask_for_a_longer_pause(site: Site, receiver: Receiver) -> None:
    webhook = made(site, receiver.url("later-2/x"))
    cancel_analysis(site.base.imported())
    [delivery] = ended(site, webhook)

    first, second = receiver.received("later-2/x")
    assert second.began - first.began >= 2
    assert [one["status"] for one in attempts(site, webhook, delivery)] == [503, 200]


def test_a_test_event_arrives_whatever_is_chosen(site: Site, receiver: Receiver) -> None:
    webhook = made(site, receiver.url("ok/test"), eventTypes=["person.merged"])

    sent = site.api("POST", f"{site.path}/webhooks/{webhook['webhookId']}/test").json()["result"]

    [call] = receiver.wait("ok/test", 1)
    assert call.event["type"] == sent["type"] == "webhook.test"
    assert call.event["data"] == {"workspaceName": site.name, "userName": "alice"}
    assert call.headers["webhook-id"] == sent["messageId"]
