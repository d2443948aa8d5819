"""Bounds of the outbox and the delivery log, kept by the sweep of the workers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from scenedex.webhooks import outbox_queries

if TYPE_CHECKING:
    from scenedex.db.database import Transaction
    from scenedex.settings import WebhookSettings

_AT_ONCE: Final = 10_000


async def keep_bounds(tx: Transaction, settings: WebhookSettings) -> None:
    """Delete old deliveries and secrets, and give up those that wait too long or are too many."""
    age = timedelta(days=settings.log_days)
    await outbox_queries.forget_former_secrets(tx)
    await outbox_queries.delete_ended(tx, age, _AT_ONCE)
    surplus = f"More than {settings.waiting_of_endpoint} deliveries waited (webhooks.waiting_of_endpoint)."
    await outbox_queries.give_up_surplus(tx, settings.waiting_of_endpoint, surplus, _AT_ONCE)
    late = f"The webhook was disabled for {settings.log_days} days."
    await outbox_queries.give_up_disabled(tx, age, late, _AT_ONCE)
