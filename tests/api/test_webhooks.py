"""Webhooks of a workspace: who may have them, what they may reach, and what is recorded for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from scenedex.auth.keys import Role
from scenedex.settings import LimitSettings, RateSettings, Settings, WebhookSettings
from webhook_samples import cancel_analysis, deliveries, made

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from tests.conftest import Api, Service, Serving, Site

# Addresses, so that nothing is looked up.
URL = "https://93.184.215.14/hooks"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture(scope="module")
def open_service(serving: Serving) -> Generator[Service]:
    """Service that allows private receivers, and few webhooks."""
    with serving(
        Settings(
            webhooks=WebhookSettings(allow_private=True, endpoints_of_workspace=3),
            limits=LimitSettings(max_workspaces=1_000_000),
            rates=RateSettings(webhook_per_minute=1000),
        )
    ) as started:
        yield started


@pytest.fixture
def open_site(open_service: Service, new_site: Callable[[Service], Site]) -> Site:
    return new_site(open_service)


def problem(site: Site, url: str, **body: object) -> dict[str, str]:
    answer = site.api("POST", f"{site.path}/webhooks", {"url": url, **body})
    assert (answer.status_code, answer.json()["code"]) == (400, "10001"), answer.text
    return answer.json()["responseError"]["details"][0]


def result(api: Api, method: str, path: str, body: object = None) -> Any:
    answer = api(method, path, body)
    assert answer.status_code == 200, answer.text
    return answer.json().get("result")


def types_of(site: Site, webhook: dict[str, Any]) -> list[str]:
    return [one["type"] for one in deliveries(site, webhook)]


def test_a_webhook_is_created_read_changed_and_deleted(site: Site) -> None:
    answer = site.api(
        "POST", f"{site.path}/webhooks", {"url": URL, "eventTypes": ["index.completed"], "description": "desk"}
    )
    webhook = answer.json()["result"]
    path = f"{site.path}/webhooks/{webhook['webhookId']}"

    assert answer.headers["cache-control"] == "no-store"
    assert webhook.pop("secret").startswith("whsec_")
    assert result(site.api, "GET", path) == webhook
    assert result(site.api, "GET", f"{site.path}/webhooks") == {"webhooks": [webhook]}
    assert (webhook["eventTypes"], webhook["signatureScheme"], webhook["enabled"]) == (["index.completed"], "v1", True)

    changed = result(site.api, "PATCH", path, {"eventTypes": ["*"], "description": "", "enabled": False})
    assert changed["eventTypes"] == ["*"]
    assert "description" not in changed
    assert (changed["enabled"], changed["disabledReason"]) == (False, "Disabled by alice.")
    assert "disabledReason" not in result(site.api, "PATCH", path, {"enabled": True})
    assert site.api("DELETE", path).json() == {"code": "0", "message": "success"}
    assert site.api("GET", path).json()["code"] == "40430"


def test_an_ed25519_webhook_shows_its_public_key_alone(site: Site) -> None:
    webhook = made(site, URL, signatureScheme="v1a")

    assert webhook["publicKey"].startswith("whpk_")
    assert "secret" not in webhook
    again = result(site.api, "GET", f"{site.path}/webhooks/{webhook['webhookId']}")
    assert again["publicKey"] == webhook["publicKey"]


def test_a_secret_is_stored_encrypted_and_shown_once(site: Site) -> None:
    webhook = made(site, URL, secret=SECRET)
    path = f"{site.path}/webhooks/{webhook['webhookId']}"
    [(stored,)] = site.service.rows("SELECT secret FROM webhook_endpoints WHERE endpoint_id = %s", webhook["webhookId"])

    assert webhook["secret"] == SECRET
    assert SECRET.encode() not in bytes(stored)
    assert site.service.platform.box.open(bytes(stored)) == SECRET
    rotated = result(site.api, "POST", f"{path}/rotate-secret", {"overlapHours": 1})
    assert rotated["secret"] not in {SECRET, None}
    assert rotated["formerSecretUntil"] > webhook["createdTime"]
    ended = result(site.api, "POST", f"{path}/rotate-secret", {"overlapHours": 0, "signatureScheme": "v1a"})
    assert "formerSecretUntil" not in ended
    assert ended["signatureScheme"] == "v1a"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://93.184.215.14/", "must begin with https://. An operator can allow HTTP: see webhooks.allow_private"),
        ("https://alice:secret@93.184.215.14/", "must have no user and password"),
        ("https://93.184.215.14/#x", "must have no part after #"),
        ("ftp://93.184.215.14/", "must be a URL that begins with https:// and names a host"),
        ("no url", "must be a URL that begins with https:// and names a host"),
        ("https://", "must be a URL that begins with https:// and names a host"),
        ("https://93.184.215.14:99999/", "has a port that is not between 1 and 65535"),
        ("https://10.0.0.1/", "10.0.0.1 is no public address"),
        ("https://127.0.0.1/", "127.0.0.1 is no public address"),
        ("https://[::1]/", "::1 is no public address"),
        ("https://[::ffff:10.0.0.1]/", "10.0.0.1 is no public address"),
        ("https://169.254.169.254/latest", "169.254.169.254 is no public address"),
        ("https://224.0.0.1/", "224.0.0.1 is no address of one machine"),
        ("https://0x7f.1/", "127.0.0.1 is no public address"),
        ("https://2130706433/", "127.0.0.1 is no public address"),
        ("https://localhost/", "is no public address"),
        ("https://93.184.215.14/" + "x" * 2000, "must be at most 2000 characters long"),
    ],
)
def test_urls_that_webhooks_do_not_reach_are_refused(site: Site, url: str, reason: str) -> None:
    found = problem(site, url)

    assert found["field"] == "url"
    assert reason in found["reason"]


def test_the_server_is_no_receiver(open_site: Site) -> None:
    for url in (f"{open_site.service.url}/hooks", open_site.service.url.replace("127.0.0.1", "127.0.0.2")):
        assert "this server itself" in problem(open_site, url)["reason"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"eventTypes": []}, "eventTypes"),
        ({"eventTypes": ["index.done"]}, "eventTypes"),
        ({"secret": "whsec_c2hvcnQ="}, "secret"),
        ({"secret": SECRET, "signatureScheme": "v1a"}, "secret"),
        ({"signatureScheme": "v2"}, "signatureScheme"),
        ({"description": "x" * 201}, "description"),
    ],
)
def test_other_fields_are_checked(site: Site, body: dict[str, Any], field: str) -> None:
    assert problem(site, URL, **body)["field"] == field


def test_webhooks_are_for_managers_of_the_workspace(site: Site) -> None:
    webhook = made(site, URL)
    path = f"{site.path}/webhooks/{webhook['webhookId']}"
    viewer, stranger = site.service.api(Role.VIEWER), site.service.api(Role.MANAGER, "elsewhere")

    for method, below in (
        ("GET", ""),
        ("GET", "/deliveries"),
        ("PATCH", ""),
        ("DELETE", ""),
        ("POST", "/test"),
        ("POST", "/replay"),
        ("POST", "/rotate-secret"),
    ):
        body = {"state": "FAILED"} if below == "/replay" else {}
        assert viewer(method, path + below, body).status_code == 401
        assert stranger(method, path + below, body).json()["code"] == "40401"
    assert viewer("GET", f"{site.path}/webhooks").status_code == 401


def test_a_webhook_of_another_workspace_is_not_there(site: Site, service: Service, new_site: Any) -> None:
    webhook = made(new_site(service), URL)

    assert site.api("GET", f"{site.path}/webhooks/{webhook['webhookId']}").json()["code"] == "40430"
    assert site.api("DELETE", f"{site.path}/webhooks/{webhook['webhookId']}").json()["code"] == "40430"
    assert site.api("POST", f"{site.path}/webhooks/{webhook['webhookId']}/test").json()["code"] == "40430"


def test_there_is_a_maximum_number(open_site: Site) -> None:
    for number in range(3):
        made(open_site, f"http://10.0.0.{number}/")

    answer = open_site.api("POST", f"{open_site.path}/webhooks", {"url": "http://10.0.0.9/"})

    assert (answer.status_code, answer.json()["code"]) == (400, "40010")


def test_calls_are_limited_in_their_rate(serving: Serving, new_site: Callable[[Service], Site]) -> None:
    with serving(Settings(rates=RateSettings(webhook_per_minute=2))) as service:
        site = new_site(service)
        webhook = made(site, URL)
        path = f"{site.path}/webhooks/{webhook['webhookId']}/test"

        assert [site.api("POST", path).status_code for _ in range(2)] == [200, 429]


def test_changes_are_recorded_for_those_who_chose_them(site: Site) -> None:
    everything, chosen = made(site, URL), made(site, URL, eventTypes=["asset.deleted", "index.deleted"])
    item, other = site.base.imported("a.mp4"), site.project()
    cancel_analysis(item)
    item.publish(item.request_analysis())
    site.service.rows("UPDATE analyses SET status = 'ANALYZE_COMPLETED'")
    assert item.call("DELETE", "/index").status_code == 200
    assert item.call("PATCH", f"?new_project_id={other.project_id}").status_code == 200
    assert site.api("DELETE", f"{other.path}/assets/{item.asset_id}").status_code == 200
    site.api("DELETE", other.path)

    assert types_of(site, everything) == [
        "index.canceled",
        "index.deleted",
        "asset.moved",
        "asset.deleted",
        "project.deleted",
    ]
    assert types_of(site, chosen) == ["index.deleted", "asset.deleted"]
    ids = {one["type"]: one["messageId"] for one in deliveries(site, everything)}
    assert [one["messageId"] for one in deliveries(site, chosen)] == [ids["index.deleted"], ids["asset.deleted"]]
    assert all("." not in one for one in ids.values())


def test_a_job_that_is_cancelled_has_the_same_event(site: Site) -> None:
    webhook = made(site, URL)
    index_id = site.base.imported().request_analysis()
    asset = site.base.register("b.mp4")
    for name in (f"analysis:{index_id}", f"import:{asset.asset_id}"):
        assert site.api("POST", f"{site.path}/jobs/{name}/cancel").status_code == 200

    assert types_of(site, webhook) == ["index.canceled", "asset.import_failed"]


def test_nothing_is_recorded_for_a_change_that_is_rolled_back(site: Site) -> None:
    webhook = made(site, URL)
    item = site.base.imported()

    assert item.call("POST", "/index/cancel").status_code == 409
    assert item.call("DELETE", "/index").status_code == 404

    assert types_of(site, webhook) == []


def test_nothing_is_recorded_for_a_disabled_webhook(site: Site) -> None:
    webhook = made(site, URL)
    path = f"{site.path}/webhooks/{webhook['webhookId']}"
    result(site.api, "PATCH", path, {"enabled": False})

    cancel_analysis(site.base.imported())

    assert types_of(site, webhook) == []
    for below, body in (("/test", None), ("/replay", {"state": "FAILED"})):
        assert site.api("POST", path + below, body).json()["code"] == "40930"


def test_deliveries_are_filtered_and_replayed(site: Site) -> None:
    webhook = made(site, URL)
    path = f"{site.path}/webhooks/{webhook['webhookId']}"
    first, second = site.base.imported("a.mp4"), site.base.imported("b.mp4")
    cancel_analysis(first)
    second.call("DELETE")
    [one, two] = deliveries(site, webhook)
    site.service.rows(
        "UPDATE webhook_deliveries SET state = 'FAILED', ended_time = now(), tries = 10 WHERE delivery_id = %s",
        one["deliveryId"],
    )

    assert [d["type"] for d in deliveries(site, webhook, "?state=FAILED")] == ["index.canceled"]
    assert [d["type"] for d in deliveries(site, webhook, "?type=asset.deleted")] == ["asset.deleted"]
    assert deliveries(site, webhook, "?from=2999-01-01T00:00:00") == []
    assert result(site.api, "GET", f"{path}/deliveries?pageSize=1&pageNum=2")["totalCount"] == 2
    assert result(site.api, "POST", f"{path}/replay", {"state": "FAILED", "to": "2999-01-01T00:00:00"}) == {
        "replayedCount": 1
    }
    [(tries, state)] = site.service.rows(
        "SELECT tries, state FROM webhook_deliveries WHERE delivery_id = %s", one["deliveryId"]
    )
    assert (tries, state) == (0, "WAITING")
    details = result(site.api, "GET", f"{path}/deliveries/{two['deliveryId']}")
    assert details == {"delivery": two, "attempts": []}
    for method, below, body, code in (
        ("POST", "/replay", {}, "10001"),
        ("POST", "/replay", {"type": "x"}, "10001"),
        ("GET", "/deliveries?state=LOST", None, "10001"),
        ("GET", "/deliveries/999999", None, "40431"),
        ("POST", "/deliveries/999999/replay", None, "40431"),
        ("GET", "/deliveries/x", None, "10001"),
    ):
        assert site.api(method, path + below, body).json()["code"] == code


def test_a_deleted_workspace_leaves_no_webhooks(site: Site) -> None:
    webhook = made(site, URL)
    cancel_analysis(site.base.imported())
    site.api("DELETE", site.path)

    for table in ("webhook_endpoints", "webhook_deliveries"):
        rows = site.service.rows(f"SELECT 1 FROM {table} WHERE endpoint_id = %s", webhook["webhookId"])
        assert rows == []


def test_the_types_of_events_are_listed(site: Site) -> None:
    found = result(site.api, "GET", "/api/v1/webhook-event-types")["eventTypes"]

    assert {"asset.imported", "index.completed", "summary.completed", "person.merged"} <= {o["type"] for o in found}


def test_calls_are_audited(site: Site) -> None:
    webhook = made(site, URL)
    path = f"{site.path}/webhooks/{webhook['webhookId']}"
    site.api("PATCH", path, {"description": "x"})
    site.api("POST", f"{path}/rotate-secret")
    site.api("POST", f"{path}/test")
    site.api("POST", f"{path}/replay", {"state": "FAILED"})
    site.api("DELETE", path)

    listed = result(site.api, "GET", f"/api/v1/audit-events?pageNum=1&workspaceName={site.name}")["content"]

    assert [one["event"] for one in listed[::-1]][1:] == [
        "Create Webhook",
        "Update Webhook",
        "Rotate Webhook Secret",
        "Test Webhook",
        "Replay Webhook",
        "Delete Webhook",
    ]
    assert not any("whsec_" in str(one) for one in listed)
