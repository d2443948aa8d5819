"""Endpoints of a workspace: create, list, read, change, delete, test them, and rotate their secrets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scenedex.audit.service import record
from scenedex.auth.keys import Role
from scenedex.webhooks import queries
from scenedex.webhooks.addresses import OwnAddresses
from scenedex.webhooks.errors import TooManyWebhooks, WebhookDeliveryNotFound, WebhookIsDisabled, WebhookNotFound
from scenedex.webhooks.event_types import TEST_EVENT
from scenedex.webhooks.receivers import checked_url
from scenedex.webhooks.records import DeliveryFilter, SealedSecret
from scenedex.webhooks.signatures import make_secret, public_key_of
from scenedex.wire.errors import GatewayError, GatewayFault
from scenedex.workspaces.service import visible_workspace

if TYPE_CHECKING:
    from scenedex.audit.actor import Actor
    from scenedex.auth.caller import Caller
    from scenedex.auth.secrets import SecretBox
    from scenedex.db.database import Database, Transaction
    from scenedex.settings import ServerSettings
    from scenedex.webhooks.addresses import AddressPolicy, Resolver
    from scenedex.webhooks.records import (
        EndpointChanges,
        EndpointChoice,
        WebhookAttempt,
        WebhookDelivery,
        WebhookEndpoint,
    )
    from scenedex.webhooks.signatures import SignatureScheme
    from scenedex.wire.parsing import PageRequest

_EVERYTHING = DeliveryFilter()


class Webhooks:
    """Endpoints and their deliveries in the database.

    Every method raises `GatewayError` if the caller is no manager, `WorkspaceNotFound` if there is no such workspace
    that the caller may see, and `WebhookNotFound` if it has no such endpoint.

    Args:
        database: the database.
        box: encrypts secrets.
        policy: rule for addresses of receivers.
        resolver: looks up their hosts.
        server: settings of the server, whose own addresses are no receivers.
        max_endpoints: maximum number of endpoints of a workspace.
    """

    def __init__(
        self,
        database: Database,
        box: SecretBox,
        policy: AddressPolicy,
        resolver: Resolver,
        *,
        server: ServerSettings,
        max_endpoints: int,
    ) -> None:
        self._database = database
        self._box = box
        self._policy = policy
        self._resolver = resolver
        self._server = server
        self._max_endpoints = max_endpoints

    async def all(self, caller: Caller, workspace_name: str) -> list[WebhookEndpoint]:
        """Return all endpoints, oldest first."""
        _require_manager(caller)
        async with self._database.transaction() as tx:
            return await queries.all_of(tx, await visible_workspace(tx, caller, workspace_name))

    async def get(self, caller: Caller, workspace_name: str, endpoint_id: int) -> WebhookEndpoint:
        """Return an endpoint."""
        _require_manager(caller)
        async with self._database.transaction() as tx:
            return await _endpoint(tx, caller, workspace_name, endpoint_id)

    async def create(
        self, actor: Actor, workspace_name: str, wanted: EndpointChoice, server_url: str
    ) -> tuple[WebhookEndpoint, str]:
        """Create an endpoint. Return it with its secret.

        ``server_url`` is the address of this server for the caller, for links in events.

        Raises:
            InvalidRequest: webhooks do not reach the URL.
            TooManyWebhooks: the limit is reached.
        """
        _require_manager(actor)
        async with self._database.transaction() as tx:
            await visible_workspace(tx, actor, workspace_name)
        url = await self._checked(wanted.url, server_url)
        secret = wanted.secret or make_secret(wanted.scheme)
        async with self._database.transaction() as tx:
            workspace = await visible_workspace(tx, actor, workspace_name)
            if await queries.lock_number(tx, workspace) >= self._max_endpoints:
                raise TooManyWebhooks
            made = await queries.insert(
                tx,
                workspace,
                url=url,
                description=wanted.description,
                event_types=wanted.event_types,
                secret=self._sealed(secret),
                server_url=server_url,
                user_name=actor.user_name,
            )
            await record(tx, actor.entry, created=made)
            return await _endpoint(tx, actor, workspace_name, made), secret

    async def change(
        self, actor: Actor, workspace_name: str, endpoint_id: int, changes: EndpointChanges, server_url: str
    ) -> WebhookEndpoint:
        """Change an endpoint. One that is enabled again starts without failures, and gets what has waited.

        Raises:
            InvalidRequest: webhooks do not reach the URL.
        """
        _require_manager(actor)
        if changes.url is not None:
            changes = replace(changes, url=await self._checked(changes.url, server_url))
        async with self._database.transaction() as tx:
            await _lock(tx, actor, workspace_name, endpoint_id)
            await queries.change(tx, endpoint_id, changes, actor.user_name)
            await record(tx, actor.entry)
            return await _endpoint(tx, actor, workspace_name, endpoint_id)

    async def delete(self, actor: Actor, workspace_name: str, endpoint_id: int) -> None:
        """Delete an endpoint with its delivery log. What waits is not sent."""
        _require_manager(actor)
        async with self._database.transaction() as tx:
            if not await queries.delete(tx, await visible_workspace(tx, actor, workspace_name), endpoint_id):
                raise WebhookNotFound
            await record(tx, actor.entry)

    async def rotate(
        self,
        actor: Actor,
        workspace_name: str,
        endpoint_id: int,
        *,
        scheme: SignatureScheme,
        secret: str | None,
        overlap_seconds: float,
    ) -> tuple[WebhookEndpoint, str]:
        """Replace the secret of an endpoint. Return the endpoint with its new secret.

        Both secrets sign until the overlap is over. An earlier one that still signs ends at once.
        """
        _require_manager(actor)
        made = secret or make_secret(scheme)
        async with self._database.transaction() as tx:
            await _lock(tx, actor, workspace_name, endpoint_id)
            await queries.rotate(tx, endpoint_id, self._sealed(made), overlap_seconds, actor.user_name)
            await record(tx, actor.entry)
            return await _endpoint(tx, actor, workspace_name, endpoint_id), made

    async def test(self, actor: Actor, workspace_name: str, endpoint_id: int) -> WebhookDelivery:
        """Send a test event to an endpoint, whatever types it has chosen.

        Raises:
            WebhookIsDisabled: nothing is sent to it.
        """
        _require_manager(actor)
        async with self._database.transaction() as tx:
            await _require_enabled(tx, actor, workspace_name, endpoint_id)
            made = await queries.add_test(tx, endpoint_id, TEST_EVENT.name, actor.user_name)
            await record(tx, actor.entry, created=made)
            return await _delivery(tx, endpoint_id, made)

    async def deliveries(
        self, caller: Caller, workspace_name: str, endpoint_id: int, wanted: DeliveryFilter, page: PageRequest
    ) -> tuple[list[WebhookDelivery], int]:
        """Return a page of matching deliveries, the latest first, and their total."""
        _require_manager(caller)
        async with self._database.snapshot() as tx:
            await _endpoint(tx, caller, workspace_name, endpoint_id)
            return (
                await queries.page(tx, endpoint_id, wanted, page.offset, page.size),
                await queries.count(tx, endpoint_id, wanted),
            )

    async def delivery(
        self, caller: Caller, workspace_name: str, endpoint_id: int, delivery_id: int
    ) -> tuple[WebhookDelivery, list[WebhookAttempt]]:
        """Return a delivery with all of its attempts.

        Raises:
            WebhookDeliveryNotFound: there is none of this id.
        """
        _require_manager(caller)
        async with self._database.snapshot() as tx:
            await _endpoint(tx, caller, workspace_name, endpoint_id)
            return await _delivery(tx, endpoint_id, delivery_id), await queries.attempts(tx, delivery_id)

    async def replay(self, actor: Actor, workspace_name: str, endpoint_id: int, wanted: DeliveryFilter) -> int:
        """Send matching deliveries again under their ids, at once. Return how many.

        Raises:
            WebhookIsDisabled: nothing is sent to it.
        """
        _require_manager(actor)
        async with self._database.transaction() as tx:
            await _require_enabled(tx, actor, workspace_name, endpoint_id)
            found = await queries.replay(tx, endpoint_id, wanted)
            await record(tx, actor.entry)
            return found

    async def replay_one(
        self, actor: Actor, workspace_name: str, endpoint_id: int, delivery_id: int
    ) -> WebhookDelivery:
        """Send a delivery again under its id, at once.

        Raises:
            WebhookIsDisabled: nothing is sent to it.
            WebhookDeliveryNotFound: there is none of this id.
        """
        _require_manager(actor)
        async with self._database.transaction() as tx:
            await _require_enabled(tx, actor, workspace_name, endpoint_id)
            if not await queries.replay(tx, endpoint_id, _EVERYTHING, delivery_id):
                raise WebhookDeliveryNotFound
            await record(tx, actor.entry)
            return await _delivery(tx, endpoint_id, delivery_id)

    async def _checked(self, url: str, server_url: str) -> str:
        return await checked_url(url, self._policy, OwnAddresses.of(self._server, server_url), self._resolver)

    def _sealed(self, secret: str) -> SealedSecret:
        return SealedSecret(self._box.seal(secret), public_key_of(secret))


def _require_manager(caller: Caller) -> None:
    if caller.role is not Role.MANAGER:
        raise GatewayError(GatewayFault.PERMISSION_DENIED, "Webhooks are for managers only.")


async def _endpoint(tx: Transaction, caller: Caller, workspace_name: str, endpoint_id: int) -> WebhookEndpoint:
    found = await queries.all_of(tx, await visible_workspace(tx, caller, workspace_name), endpoint_id)
    if not found:
        raise WebhookNotFound
    return found[0]


async def _delivery(tx: Transaction, endpoint_id: int, delivery_id: int) -> WebhookDelivery:
    found = await queries.page(tx, endpoint_id, _EVERYTHING, 0, 1, delivery_id)
    if not found:
        raise WebhookDeliveryNotFound
    return found[0]


async def _lock(tx: Transaction, caller: Caller, workspace_name: str, endpoint_id: int) -> bool:
    is_enabled = await queries.lock(tx, await visible_workspace(tx, caller, workspace_name), endpoint_id)
    if is_enabled is None:
        raise WebhookNotFound
    return is_enabled


async def _require_enabled(tx: Transaction, caller: Caller, workspace_name: str, endpoint_id: int) -> None:
    if not await _lock(tx, caller, workspace_name, endpoint_id):
        raise WebhookIsDisabled
