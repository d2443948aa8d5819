"""The OpenID provider: its discovery document, its keys, and the exchange of a code for a user's claims.

Sources: OpenID Connect Core 1.0 and Discovery 1.0, RFC 7636 (PKCE), RFC 9207 (issuer in answers).
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, quote_plus, urlencode, urlsplit, urlunsplit

import msgspec

from scenedex.auth.openid.claims import groups_of, user_name_of
from scenedex.auth.openid.id_tokens import IdTokenInvalid, KeyUnknown, signing_keys, verified_claims
from scenedex.auth.openid.provider_answer import ProviderUser
from scenedex.auth.openid.refusals import RefusalReason, SignInRefused
from scenedex.auth.openid.transport import ProviderFailed, call, require_encrypted

if TYPE_CHECKING:
    from collections.abc import Callable

    from joserfc.jwk import KeySet

    from scenedex.auth.openid.claims import Claims
    from scenedex.auth.openid.pending import Pending
    from scenedex.auth.openid.provider_answer import ProviderAnswer
    from scenedex.settings import OidcSettings

_ENDPOINTS: Final = (
    "authorization_endpoint",
    "token_endpoint",
    "jwks_uri",
    "userinfo_endpoint",
    "end_session_endpoint",
)
_FRESH_SECONDS: Final = 600
# A provider that did not answer is not asked by each of many waiting users.
_SILENT_SECONDS: Final = 5
_SPENT_CODE: Final = "invalid_grant"
_CANCELLED: Final = frozenset({"access_denied", "login_required", "consent_required", "interaction_required"})


class Discovery(msgspec.Struct, frozen=True, kw_only=True):
    """Document with which a provider describes itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    end_session_endpoint: str | None = None
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    code_challenge_methods_supported: tuple[str, ...] | None = None
    scopes_supported: tuple[str, ...] | None = None
    authorization_response_iss_parameter_supported: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """Discovery document and keys of a provider, as of a time of the monotonic clock."""

    discovery: Discovery
    keys: KeySet
    time: float


class _KeyDocument(msgspec.Struct, frozen=True):
    keys: list[dict[str, Any]]


class _Tokens(msgspec.Struct, frozen=True):
    id_token: str
    access_token: str | None = None


class OpenIdProvider:
    """The provider of the settings.

    Every method raises `SignInRefused` if the provider does not answer, or not as it should.

    Args:
        settings: settings with an issuer.
        redirect_uri: address to which the provider sends users back after a sign-in.
        home: address to which it sends them back after a sign-out.
        tolerance_seconds: maximum difference of the clocks of both.
        clock: monotonic clock, in seconds.
    """

    def __init__(
        self,
        settings: OidcSettings,
        redirect_uri: str,
        home: str,
        tolerance_seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if settings.issuer is None or settings.client_id is None:
            raise ValueError("the settings have no provider")
        self.issuer: Final = settings.issuer
        self.redirect_uri: Final = redirect_uri
        self._client_id = settings.client_id
        self._settings = settings
        self._home = home
        self._tolerance = tolerance_seconds
        self._clock = clock
        self._lock = asyncio.Lock()
        self._known: Known | None = None
        self._silence: tuple[float, SignInRefused] | None = None

    async def address(self, pending: Pending) -> str:
        """Return the address at which the user signs in."""
        endpoint = (await self.known()).discovery.authorization_endpoint
        return _with_query(
            endpoint,
            response_type="code",
            client_id=self._client_id,
            redirect_uri=self.redirect_uri,
            scope=self._settings.scopes,
            state=pending.state,
            nonce=pending.nonce,
            code_challenge=pending.challenge,
            code_challenge_method="S256",
        )

    async def user(self, pending: Pending, answer: ProviderAnswer) -> ProviderUser:
        """Exchange the code of an answer for the user whom the provider has signed in."""
        known = await self.known()
        self._check_issuer(known.discovery, answer)
        if answer.error is not None:
            refusal = RefusalReason.CANCELLED if answer.error in _CANCELLED else RefusalReason.FAILED
            raise SignInRefused(refusal, f"The provider sent the user back with the error {answer.error[:100]!r}")
        if not answer.code:
            raise SignInRefused(RefusalReason.FAILED, "The provider sent the user back without a code")
        tokens = await self._exchange(known.discovery, answer.code, pending.verifier)
        claims = await self._claims(known, tokens.id_token, pending.nonce)
        names = self._settings.group_claims
        groups = groups_of(claims, names)
        is_complete = groups is not None and self._settings.name_claim in claims
        if not is_complete and tokens.access_token and known.discovery.userinfo_endpoint:
            claims = {
                **await self._user_info(known.discovery.userinfo_endpoint, tokens.access_token, claims["sub"]),
                **claims,
            }
            groups = groups_of(claims, names)
        return ProviderUser(claims["sub"], user_name_of(claims, self._settings.name_claim), groups)

    async def sign_out_address(self) -> str | None:
        """Return the address at which users also sign out of the provider, or `None` if it has none."""
        endpoint = (await self.known()).discovery.end_session_endpoint
        if endpoint is None:
            return None
        return _with_query(endpoint, client_id=self._client_id, post_logout_redirect_uri=self._home)

    async def known(self, *, is_renewed: bool = False) -> Known:
        """Return discovery document and keys, read at most ten minutes ago."""
        async with self._lock:
            moment = self._clock()
            known = self._known
            if known is not None and not is_renewed and moment - known.time < _FRESH_SECONDS:
                return known
            if self._silence is not None and moment - self._silence[0] < _SILENT_SECONDS:
                raise self._silence[1]
            try:
                self._known = await self._read(moment)
            except SignInRefused as error:
                self._silence = (self._clock(), error)
                raise
            self._silence = None
            return self._known

    async def _read(self, moment: float) -> Known:
        discovery = await call("GET", f"{self.issuer.rstrip('/')}/.well-known/openid-configuration", Discovery)
        if discovery.issuer != self.issuer:
            raise SignInRefused(
                RefusalReason.FAILED,
                f"The provider names the issuer {discovery.issuer!r}, oidc.issuer is {self.issuer!r}",
            )
        for name in _ENDPOINTS:
            url: str | None = getattr(discovery, name)
            if url is not None:
                require_encrypted(name, url, self.issuer)
        keys = await call("GET", discovery.jwks_uri, _KeyDocument)
        return Known(discovery, signing_keys(keys.keys), moment)

    def _check_issuer(self, discovery: Discovery, answer: ProviderAnswer) -> None:
        """Check that the answer is of this provider, by RFC 9207."""
        is_missing = answer.issuer is None and discovery.authorization_response_iss_parameter_supported
        if is_missing or answer.issuer not in (None, self.issuer):
            raise SignInRefused(
                RefusalReason.FAILED, f"The answer is of the issuer {answer.issuer!r}, not {self.issuer!r}"
            )

    async def _exchange(self, discovery: Discovery, code: str, verifier: str) -> _Tokens:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": verifier,
        }
        auth: tuple[str, str] | None = None
        secret = self._settings.client_secret
        if secret is None:
            form["client_id"] = self._client_id
        elif "client_secret_basic" in discovery.token_endpoint_auth_methods_supported:
            auth = (quote_plus(self._client_id), quote_plus(secret.get_secret_value()))
        else:
            form |= {"client_id": self._client_id, "client_secret": secret.get_secret_value()}
        try:
            return await call("POST", discovery.token_endpoint, _Tokens, form=form, auth=auth)
        except ProviderFailed as error:
            if error.error == _SPENT_CODE:
                raise SignInRefused(RefusalReason.EXPIRED, error.detail) from error
            raise

    async def _claims(self, known: Known, token: str, nonce: str) -> Claims:
        try:
            try:
                return self._verified(known, token, nonce)
            except KeyUnknown:
                return self._verified(await self.known(is_renewed=True), token, nonce)
        except KeyUnknown as error:
            raise SignInRefused(
                RefusalReason.FAILED, "The provider does not publish the key of the ID token"
            ) from error
        except IdTokenInvalid as error:
            raise SignInRefused(RefusalReason.FAILED, str(error)) from error

    def _verified(self, known: Known, token: str, nonce: str) -> Claims:
        return verified_claims(
            token,
            known.keys,
            issuer=self.issuer,
            client_id=self._client_id,
            nonce=nonce,
            now=time.time(),
            tolerance_seconds=self._tolerance,
        )

    async def _user_info(self, url: str, access_token: str, subject: str) -> Claims:
        claims = await call("GET", url, dict[str, Any], headers={"authorization": f"Bearer {access_token}"})
        if claims.get("sub") != subject:
            raise SignInRefused(
                RefusalReason.FAILED, "The provider's user info is about another user than its ID token"
            )
        return claims


def _with_query(url: str, **values: str) -> str:
    """Return an address with further parameters, percent-encoded."""
    parts = urlsplit(url)
    query = urlencode(values, quote_via=quote)
    return urlunsplit(parts._replace(query=f"{parts.query}&{query}" if parts.query else query))
