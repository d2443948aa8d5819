"""Sending of webhooks by this worker, made from settings."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING

from scenedex.webhooks.addresses import AddressPolicy, Resolver
from scenedex.webhooks.calls import ReceiverCalls
from scenedex.webhooks.dispatch import Dispatcher, DispatchOptions
from scenedex.webhooks.retries import RetryPlan

if TYPE_CHECKING:
    from scenedex.wiring import Platform


async def send_webhooks(platform: Platform) -> None:
    """Send due deliveries until cancelled."""
    settings = platform.settings.webhooks
    resolver = Resolver()
    calls = ReceiverCalls(
        AddressPolicy.of(settings),
        resolver,
        seconds=settings.call_seconds,
        per_endpoint=settings.endpoint_concurrency,
        ca_file=settings.ca_file,
    )
    options = DispatchOptions(
        concurrency=settings.concurrency,
        per_endpoint=settings.endpoint_concurrency,
        call_seconds=settings.call_seconds,
        disable_after=timedelta(hours=settings.disable_hours),
        plan=RetryPlan(settings.pauses, random.random),
    )
    dispatcher = Dispatcher(
        platform.database,
        platform.box,
        calls,
        server=platform.settings.server,
        options=options,
        metrics=platform.metrics,
    )
    try:
        await dispatcher.run()
    finally:
        resolver.close()
