"""Sign-in to the console at the OpenID provider: from the button to the session."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import structlog

from scenedex.audit.records import AuditEntry
from scenedex.audit.service import record
from scenedex.auth.openid.accounts import keep_account, remove_groups
from scenedex.auth.openid.pending import PENDING_SECONDS, Pending
from scenedex.auth.openid.refusals import RefusalReason, SignInRefused
from scenedex.auth.replays import is_first_use
from scenedex.auth.sessions import create_session
from scenedex.console.pages import CONSOLE
from scenedex.console.service import SESSION_CREATED

if TYPE_CHECKING:
    from scenedex.auth.openid.pending import PendingCookies
    from scenedex.auth.openid.provider import OpenIdProvider
    from scenedex.auth.openid.provider_answer import ProviderAnswer, ProviderUser
    from scenedex.auth.openid.rights import GroupRights
    from scenedex.auth.rates import Rate, RateLimiter
    from scenedex.auth.sessions import NewSession
    from scenedex.db.database import Database
    from scenedex.settings import Settings

CALLBACK: Final = "/console/oidc/callback"
_MAX_TARGET_LENGTH: Final = 1000
# Printable ASCII without a backslash, which browsers read as a slash.
_TARGET: Final = re.compile(r"[!-\[\]-~]*", re.ASCII)

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.sign_in")


@dataclass(frozen=True, slots=True)
class Client:
    """Browser that signs in, for session and audit log."""

    user_agent: str | None
    source_address: str | None
    trace_id: str | None


@dataclass(frozen=True, slots=True)
class ProviderSignIn:
    """Sign-in at the provider of the settings.

    Attributes:
        life: life of a session.
        rate: maximum number of sign-ins of one address.
    """

    database: Database
    provider: OpenIdProvider
    rights: GroupRights
    cookies: PendingCookies
    limiter: RateLimiter
    rate: Rate
    life: timedelta

    async def begin(self, target: str) -> tuple[str, Pending]:
        """Begin a sign-in. Return the address at which the user signs in, and what the browser keeps.

        Args:
            target: place in the console to return to. Any other place is replaced by the first page.

        Raises:
            SignInRefused: the provider does not answer.
        """
        pending = Pending.begun(place_of(target))
        return await self.provider.address(pending), pending

    async def complete(
        self, cookie: str, state: str, answer: ProviderAnswer, client: Client
    ) -> tuple[NewSession, Pending]:
        """Open a session for the user whom the provider has signed in.

        Args:
            cookie: cookie of the sign-in that the browser sends.
            state: state in the provider's answer.
            answer: further parameters of the answer.
            client: browser that signs in.

        Raises:
            SignInRefused: the sign-in is not this browser's, or used, or the user may not sign in.
        """
        if client.source_address and self.limiter.take(self.rate, client.source_address) is not None:
            raise SignInRefused(
                RefusalReason.TOO_MANY, f"{client.source_address} has signed in too often within a minute"
            )
        pending = self.cookies.open(cookie)
        if pending is None or not hmac.compare_digest(pending.state.encode(), state.encode(errors="surrogatepass")):
            raise SignInRefused(RefusalReason.EXPIRED, "The browser has no sign-in with this state that is in force")
        async with self.database.transaction() as tx:
            digest = hashlib.sha256(b"sign-in " + pending.state.encode()).digest()
            # Twice its life, since the clocks of the machines differ.
            expires_time = datetime.now(UTC) + timedelta(seconds=2 * PENDING_SECONDS)
            if not await is_first_use(tx, digest, expires_time):
                raise SignInRefused(RefusalReason.EXPIRED, "The state has been used before")
        user = await self.provider.user(pending, answer)
        return await self._session_of(user, client), pending

    async def sign_out_address(self) -> str | None:
        """Return the address at which users also sign out of the provider, or `None` if there is none to be read."""
        try:
            return await self.provider.sign_out_address()
        except SignInRefused as refused:
            note_refusal(refused)
            return None

    async def _session_of(self, user: ProviderUser, client: Client) -> NewSession:
        issuer = self.provider.issuer
        groups = self.rights.known(user.groups or ())
        async with self.database.transaction() as tx:
            if not groups:
                await remove_groups(tx, issuer, user.subject)
            else:
                account = await keep_account(tx, issuer, user.subject, user.user_name, groups)
                made = await create_session(tx, account, self.life, client.user_agent)
                entry = AuditEntry(
                    SESSION_CREATED,
                    user.user_name,
                    identity=account.label,
                    resource=CALLBACK,
                    source_address=client.source_address,
                    trace_id=client.trace_id,
                )
                await record(tx, entry, created=made.session.session_id)
                return made
        sent = "no claim with groups" if user.groups is None else f"the groups {sorted(user.groups)[:20]}"
        raise SignInRefused(
            RefusalReason.NO_GROUP,
            f"{user.user_name} ({user.subject}) has no group of oidc.groups. The provider sent {sent}",
        )


def provider_of(settings: Settings) -> OpenIdProvider | None:
    """Return the provider of the settings, or `None` if they name none."""
    if settings.oidc.issuer is None or settings.server.public_url is None:
        return None
    # Token validation and HTTP client are loaded only where they are used.
    from scenedex.auth.openid.provider import OpenIdProvider  # noqa: PLC0415

    address = settings.server.public_url.rstrip("/")
    tolerance = settings.server.clock_tolerance_seconds
    return OpenIdProvider(settings.oidc, f"{address}{CALLBACK}", f"{address}{CONSOLE}/", tolerance)


def place_of(target: str) -> str:
    """Return a place in the console without a slash at its start, or an empty text if it may lead elsewhere."""
    place = target.lstrip("/")
    path = re.split(r"[?#]", place, maxsplit=1)[0]
    is_safe = len(target) <= _MAX_TARGET_LENGTH and _TARGET.fullmatch(place) and ".." not in path.split("/")
    return place if is_safe else ""


def note_refusal(refused: SignInRefused) -> None:
    """Log the reason of a refused sign-in for the operator."""
    _log.warning("sign_in.refused", refusal=refused.refusal.value, reason=refused.detail)
