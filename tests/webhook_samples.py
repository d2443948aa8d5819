"""Workspaces with webhooks, and a worker that sends their events."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from scenedex.settings import Settings, WebhookSettings
from scenedex.worker.webhooks import send_webhooks

if TYPE_CHECKING:
    from collections.abc import Generator

    from tests.conftest import Service, Site

RETRIES = "0.2, 0.2, 0.2"


def webhook_settings(**changed: Any) -> Settings:
    """Settings with short pauses, which allow receivers on loopback."""
    options: dict[str, Any] = {"allow_private": True, "retry_seconds": RETRIES, "call_seconds": 2}
    return Settings(webhooks=WebhookSettings(**options | changed))


@contextmanager
def sending(service: Service) -> Generator[None]:
    """Send due deliveries, as a worker does."""
    stopping = asyncio.Event()

    async def send() -> None:
        work = asyncio.create_task(send_webhooks(service.platform))
        await stopping.wait()
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work

    future = service.portal.start_task_soon(send)
    try:
        yield
    finally:
        service.portal.call(stopping.set)
        future.result(timeout=20)


def made(site: Site, url: str, **body: object) -> dict[str, Any]:
    """Create a webhook and return it."""
    answer = site.api("POST", f"{site.path}/webhooks", {"url": url, **body})
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


def deliveries(site: Site, webhook: dict[str, Any], query: str = "") -> list[dict[str, Any]]:
    """Return the deliveries of a webhook, the oldest first."""
    answer = site.api("GET", f"{site.path}/webhooks/{webhook['webhookId']}/deliveries{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]["content"][::-1]


def attempts(site: Site, webhook: dict[str, Any], delivery: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the attempts at a delivery."""
    path = f"{site.path}/webhooks/{webhook['webhookId']}/deliveries/{delivery['deliveryId']}"
    answer = site.api("GET", path)
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]["attempts"]


def cancel_analysis(item: Any) -> None:
    """Request an analysis and cancel it, which has a notice."""
    item.request_analysis()
    assert item.call("POST", "/index/cancel").status_code == 200
