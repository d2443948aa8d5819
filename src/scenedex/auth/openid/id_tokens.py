"""Validation of ID tokens. Source: OpenID Connect Core 1.0, section 3.1.3.7."""

from __future__ import annotations

import hmac
import warnings
from typing import TYPE_CHECKING, Any, Final

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError, SecurityWarning
from joserfc.jwk import JWKRegistry, KeySet

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scenedex.auth.openid.claims import Claims

# Signatures by a private key alone. With a symmetric one, whoever knows the public key or the client secret could sign.
ALGORITHMS: Final = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "Ed25519",
    "EdDSA",
)
_KEY_TYPES: Final = ("RSA", "EC", "OKP")
_MAX_SUBJECT_LENGTH: Final = 255


class KeyUnknown(Exception):
    """The token names a key that the provider has not published."""


class IdTokenInvalid(Exception):
    """The ID token does not prove who the user is."""


def signing_keys(keys: Iterable[Mapping[str, Any]]) -> KeySet:
    """Return the keys of a JSON Web Key Set that may sign tokens. Others, and unreadable ones, are left out."""
    found = KeySet([])
    for key in keys:
        if key.get("kty") in _KEY_TYPES and key.get("use", "sig") == "sig":
            try:
                found.keys.append(JWKRegistry.import_key(dict(key)))
            except (JoseError, ValueError, TypeError):
                continue
    return found


def verified_claims(
    token: str, keys: KeySet, *, issuer: str, client_id: str, nonce: str, now: float, tolerance_seconds: float
) -> Claims:
    """Return the claims of an ID token.

    Args:
        token: ID token of the provider.
        keys: keys of the provider.
        issuer: issuer of the provider.
        client_id: id of this server at the provider.
        nonce: value that this server sent with the request.
        now: seconds since the epoch.
        tolerance_seconds: maximum difference of the clocks of both.

    Raises:
        KeyUnknown: the token names a key that is not among `keys`.
        IdTokenInvalid: signature or claims are wrong. The message says which.
    """
    registry = jwt.JWTClaimsRegistry(
        now=int(now),
        leeway=int(tolerance_seconds),
        iss={"essential": True, "value": issuer},
        sub={"essential": True},
        aud={"essential": True, "value": client_id},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True},
    )
    try:
        with warnings.catch_warnings():
            # Providers still sign with EdDSA, which RFC 9864 replaces by Ed25519.
            warnings.simplefilter("ignore", SecurityWarning)
            claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
        registry.validate(claims)
    except InvalidKeyIdError as error:
        raise KeyUnknown from error
    except (JoseError, ValueError, TypeError) as error:
        raise IdTokenInvalid(f"The ID token is not valid: {error}") from error
    _check_beyond_signature(claims, client_id, nonce)
    return claims


def _check_beyond_signature(claims: Claims, client_id: str, nonce: str) -> None:
    if not isinstance(claims["nonce"], str) or not hmac.compare_digest(claims["nonce"].encode(), nonce.encode()):
        raise IdTokenInvalid("The ID token has another nonce than the request")
    party = claims.get("azp")
    is_for_several = not isinstance(claims["aud"], str) and len(claims["aud"]) > 1
    if (party is not None or is_for_several) and party != client_id:
        raise IdTokenInvalid("The ID token was issued to another client (azp)")
    if not claims["sub"] or len(claims["sub"]) > _MAX_SUBJECT_LENGTH or "\x00" in claims["sub"]:
        raise IdTokenInvalid("The ID token has a subject that is empty, or longer than 255 characters")
