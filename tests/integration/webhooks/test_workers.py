"""Several workers at the same webhooks: none sends what another sends, and a killed one is replaced."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from scenedex.webhooks import outbox_queries
from webhook_receiver import until, webhook_receiver
from webhook_samples import cancel_analysis, deliveries, made, sending, webhook_settings

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
    with serving(webhook_settings()) as started:
        yield started


@pytest.fixture
def site(service: Service, new_site: Callable[[Service], Site]) -> Site:
    return new_site(service)


def test_two_workers_send_each_event_once_and_those_of_an_asset_in_order(site: Site, receiver: Receiver) -> None:
    webhooks = [made(site, receiver.url(f"slow-0.05/two-{number}")) for number in range(4)]
    items = [site.base.imported(f"{number}.mp4") for number in range(3)]
    with sending(site.service), sending(site.service):
        for _ in range(2):
            for item in items:
                cancel_analysis(item)
        until(lambda: all(one["state"] == "DELIVERED" for hook in webhooks for one in deliveries(site, hook)))
        calls = receiver.wait("slow-0.05/two", 24)

    assert set(Counter((call.path, call.headers["webhook-id"]) for call in calls).values()) == {1}
    for number in range(4):
        for item in items:
            of_asset = [
                call
                for call in calls
                if call.path.endswith(f"two-{number}") and call.event["data"]["assetId"] == item.asset_id
            ]
            first, second = of_asset
            assert first.event["data"]["indexId"] < second.event["data"]["indexId"]
            assert first.ended is not None
            assert first.ended <= second.began


def test_what_a_killed_worker_held_is_sent_when_its_lease_has_ended(site: Site, receiver: Receiver) -> None:
    webhook = made(site, receiver.url("ok/killed"))
    cancel_analysis(site.base.imported())
    # A lease that is taken and never given back is what a killed worker leaves behind.
    [leased] = site.service.transact(lambda tx: outbox_queries.lease(tx, 10, 1.0, failing=False))
    assert site.service.transact(lambda tx: outbox_queries.lease(tx, 10, 1.0, failing=False)) == []

    with sending(site.service):
        receiver.wait("ok/killed", 1)
        until(lambda: deliveries(site, webhook)[0]["state"] == "DELIVERED")

    [(lease,)] = site.service.rows("SELECT lease FROM webhook_endpoints WHERE endpoint_id = %s", webhook["webhookId"])
    assert lease > leased.lease


def test_an_endpoint_that_only_fails_is_disabled_after_days(site: Site, receiver: Receiver) -> None:
    webhook = made(site, receiver.url("status-500/days"))
    cancel_analysis(site.base.imported())
    site.service.rows(
        "UPDATE webhook_endpoints SET failing_since = now() - interval '121 hours', failures = 7"
        " WHERE endpoint_id = %s",
        webhook["webhookId"],
    )
    path = f"{site.path}/webhooks/{webhook['webhookId']}"

    with sending(site.service):
        until(lambda: not site.api("GET", path).json()["result"]["enabled"])

    assert site.api("GET", path).json()["result"]["disabledReason"] == "It has failed for 120 hours."
