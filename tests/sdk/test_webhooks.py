"""Webhooks in the SDK and on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scenedex.client import (
    Conflict,
    DeliveryQuery,
    DeliveryState,
    DeliveryStateFilter,
    InvalidRequest,
    NotFound,
    SignatureScheme,
)
from webhook_samples import cancel_analysis

if TYPE_CHECKING:
    from tests.conftest import Site

    from command_line import CommandLine
    from scenedex.client import Client

# An address, so that nothing is looked up.
URL = "https://93.184.215.14/hooks"


def test_the_sdk_has_webhooks_and_their_deliveries(client: Client, site: Site) -> None:
    webhooks = client.webhooks(site.name)
    made = webhooks.create(URL, event_types=["index.canceled"], description="desk")
    cancel_analysis(site.base.imported())

    assert made.secret is not None
    assert webhooks.get(made.webhook_id).secret is None
    assert [one.webhook_id for one in webhooks.list()] == [made.webhook_id]
    assert "index.completed" in [one.type for one in webhooks.event_types()]
    [delivery] = webhooks.deliveries(made.webhook_id)
    assert (delivery.type, delivery.state) == ("index.canceled", DeliveryState.WAITING)
    assert list(webhooks.deliveries(made.webhook_id, DeliveryQuery(DeliveryStateFilter.FAILED))) == []
    assert webhooks.delivery(made.webhook_id, delivery.delivery_id).attempts == ()
    assert webhooks.replay(made.webhook_id, delivery.delivery_id).message_id == delivery.message_id
    assert webhooks.replay_all(made.webhook_id, DeliveryQuery(DeliveryStateFilter.WAITING)) == 1
    assert webhooks.rotate_secret(made.webhook_id, signature_scheme=SignatureScheme.V1A).public_key is not None
    assert webhooks.test(made.webhook_id).type == "webhook.test"
    assert webhooks.change(made.webhook_id, enabled=False, event_types=["*"]).event_types == ("*",)
    with pytest.raises(Conflict):
        webhooks.test(made.webhook_id)
    webhooks.delete(made.webhook_id)
    with pytest.raises(NotFound):
        webhooks.get(made.webhook_id)
    with pytest.raises(InvalidRequest):
        webhooks.create("https://10.0.0.1/")


def test_commands_create_show_and_replay(scenedex: CommandLine, site: Site) -> None:
    made = scenedex("webhooks", "create", URL, "-e", "index.canceled")
    [listed] = scenedex("webhooks", "list", "--json").lines()
    webhook = str(listed["webhookId"])
    cancel_analysis(site.base.imported())

    assert "whsec_" in made.out
    assert "whsec_" not in scenedex("webhooks", "show", webhook).out
    assert "index.completed" in scenedex("webhooks", "types").out
    [delivery] = scenedex("webhooks", "log", webhook, "--json").lines()
    assert "WAITING" in scenedex("webhooks", "log", webhook).out
    assert delivery["messageId"] in scenedex("webhooks", "log", webhook, str(delivery["deliveryId"])).out
    assert "1 deliveries" in scenedex("webhooks", "replay", webhook, "--state", "WAITING").out
    assert delivery["messageId"] in scenedex("webhooks", "replay", webhook, str(delivery["deliveryId"])).out
    assert scenedex("webhooks", "replay", webhook).status == 2
    assert "webhook.test" in scenedex("webhooks", "test", webhook).out
    assert "whpk_" in scenedex("webhooks", "rotate", webhook, "--signature", "v1a", "--overlap-hours", "1").out
    assert "no" in scenedex("webhooks", "update", webhook, "--disable", "-e", "*").out
    assert "40930" in scenedex("webhooks", "test", webhook).error(5)
    scenedex("webhooks", "delete", webhook, "--yes")
    assert scenedex("webhooks", "list", "--json").lines() == []
