"""An OpenID provider that checks every parameter, and fails in many ways on request."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, OKPKey, RSAKey

if TYPE_CHECKING:
    from collections.abc import Generator

CLIENT_ID = "scenedex:media & more"
CLIENT_SECRET = "se%cret +/=:"
ALGORITHM_KEYS = {"RS256": RSAKey, "PS256": RSAKey, "ES256": ECKey, "EdDSA": OKPKey, "Ed25519": OKPKey}
ANN = {"sub": "u-1", "preferred_username": "ann", "groups": ["editors"]}
_SECONDS_OF_TOKEN = 300


def generated_key(kind: type[RSAKey | ECKey | OKPKey], name: str) -> RSAKey | ECKey | OKPKey:
    """Return a new private key with an id."""
    if kind is RSAKey:
        return RSAKey.generate_key(2048, {"kid": name}, private=True)
    if kind is ECKey:
        return ECKey.generate_key("P-256", {"kid": name}, private=True)
    return OKPKey.generate_key("Ed25519", {"kid": name}, private=True)


@dataclass
class StubProvider:
    """A provider with one client and one user.

    Attributes:
        redirect_uri: the only address to which it sends users back.
        user: claims of the user.
        problems: what was wrong with requests that it refused.
        changed: claims of ID tokens that differ, `None` for those that are left out.
        discovery: members of the discovery document that differ, `None` for those that are left out.
        algorithm: signature of ID tokens. Beside those of private keys, `none`, `HS256 public` and `HS256 secret`.
        token_status: status of the answers with tokens.
        asks: True if the user presses a button before the provider sends them back.
        has_user_info: True if groups and name are in the user info, and not in ID tokens.
        info: claims of the user info that differ.
        stalls: set while the token endpoint does not answer.
    """

    url: str
    redirect_uri: str
    user: dict[str, Any] = field(
        default_factory=lambda: {"sub": "u-1", "preferred_username": "ann", "groups": ["editors"]}
    )
    problems: list[str] = field(default_factory=list)
    changed: dict[str, Any] = field(default_factory=dict)
    discovery: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    token_status: int = 200
    asks: bool = False
    has_user_info: bool = False
    info: dict[str, Any] = field(default_factory=dict)
    authorization_error: str | None = None
    names_issuer: bool = True
    stalls: bool = False
    published: bool = True
    released: Event = field(default_factory=Event)
    requests: list[str] = field(default_factory=list)
    key: RSAKey | ECKey | OKPKey = field(default_factory=lambda: generated_key(RSAKey, "first"))
    _first: RSAKey | ECKey | OKPKey | None = None
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)
    _access_tokens: set[str] = field(default_factory=set)

    def reset(self) -> None:
        """Forget all requests and faults."""
        first = self._first or self.key
        self.__dict__.update(StubProvider(self.url, self.redirect_uri, key=first, _first=first).__dict__)

    def rotate(self, algorithm: str = "RS256", name: str = "second") -> None:
        """Sign with another key, whose predecessor is no longer published."""
        self._first = self._first or self.key
        self.key, self.algorithm = generated_key(ALGORITHM_KEYS[algorithm], name), algorithm

    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize?tenant=1",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "end_session_endpoint": f"{self.url}/logout",
            "code_challenge_methods_supported": ["S256"],
            "scopes_supported": ["openid", "profile", "email"],
            "authorization_response_iss_parameter_supported": True,
            **self.discovery,
        }
        return {name: value for name, value in found.items() if value is not None}

    def key_set(self) -> dict[str, Any]:
        """Keys, among them such as no server may use for signatures."""
        keys = [self.key.as_dict(private=False)] if self.published else []
        foreign = [{"kty": "AKP", "kid": "later"}, {"kty": "oct", "k": "c2VjcmV0", "kid": "first"}, {"kty": "RSA"}]
        return {"keys": [*foreign, *keys]}

    def authorize(self, query: dict[str, list[str]]) -> str | None:
        """Return the address to which the user is sent back, or `None` if the request is refused."""
        given = {name: values[0] for name, values in query.items() if len(values) == 1}
        self._require(
            {
                "tenant": given.get("tenant") == "1",
                "response_type": given.get("response_type") == "code",
                "client_id": given.get("client_id") == CLIENT_ID,
                "redirect_uri": given.get("redirect_uri") == self.redirect_uri,
                "scope": given.get("scope") == "openid profile email",
                "state": len(given.get("state", "")) >= 43,
                "nonce": len(given.get("nonce", "")) >= 43,
                "code_challenge_method": given.get("code_challenge_method") == "S256",
                "code_challenge": len(given.get("code_challenge", "")) == 43,
                "distinct values": len({given.get(one) for one in ("state", "nonce", "code_challenge")}) == 3,
                "no other parameter": len(query) == 9,
            }
        )
        if self.problems:
            return None
        code = secrets.token_urlsafe()
        self._codes[code] = given
        back = {"error": self.authorization_error} if self.authorization_error else {"code": code}
        issuer = {"iss": self.url} if self.names_issuer else {}
        return f"{self.redirect_uri}?{urlencode({**back, **issuer, 'state': given['state']})}"

    def token(self, content_type: str, authorization: str, form: dict[str, list[str]]) -> tuple[int, dict[str, Any]]:
        """Return status and answer for a code."""
        given = {name: values[0] for name, values in form.items() if len(values) == 1}
        asked = self._codes.pop(given.get("code", ""), None)
        if asked is None:
            return 400, {"error": "invalid_grant", "error_description": "the code is unknown or used"}
        challenge = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        self._require(
            {
                "content type": content_type == "application/x-www-form-urlencoded",
                "authorization": _credentials(authorization) == (CLIENT_ID, CLIENT_SECRET),
                "grant_type": given.get("grant_type") == "authorization_code",
                "redirect_uri of token": given.get("redirect_uri") == asked["redirect_uri"],
                "length of code_verifier": 43 <= len(given.get("code_verifier", "")) <= 128,
                "code_verifier": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode() == asked["code_challenge"],
                "no secret in body": set(form) == {"grant_type", "code", "redirect_uri", "code_verifier"},
            }
        )
        if self.problems:
            return 400, {"error": "invalid_grant"}
        access_token = secrets.token_urlsafe()
        self._access_tokens.add(access_token)
        token = self.id_token(asked["nonce"])
        return self.token_status, {"access_token": access_token, "token_type": "Bearer", "id_token": token}

    def id_token(self, nonce: str) -> str:
        now = int(time.time())
        user = {"sub": self.user["sub"]} if self.has_user_info else self.user
        claims: dict[str, Any] = {
            "iss": self.url,
            "aud": CLIENT_ID,
            "exp": now + _SECONDS_OF_TOKEN,
            "iat": now,
            "nonce": nonce,
            **user,
            **self.changed,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.algorithm in ALGORITHM_KEYS:
            header = {"alg": self.algorithm, "kid": self.key.kid}
            with warnings.catch_warnings():
                # Providers still sign with EdDSA, which RFC 9864 replaces by Ed25519.
                warnings.simplefilter("ignore", SecurityWarning)
                return jwt.encode(header, claims, self.key, algorithms=[self.algorithm])
        return self._forged(claims)

    def user_info(self, authorization: str) -> tuple[int, dict[str, Any]]:
        if authorization.removeprefix("Bearer ") not in self._access_tokens:
            self.problems.append("access token")
            return 401, {"error": "invalid_token"}
        return 200, {**self.user, **self.info}

    def _forged(self, claims: dict[str, Any]) -> str:
        """Return a token without a signature, or signed with what an attacker knows as the key of an HMAC."""
        name = self.algorithm.partition(" ")[0]
        signed = ".".join(_encoded(json.dumps(one).encode()) for one in ({"alg": name, "kid": "first"}, claims))
        if name == "none":
            return f"{signed}."
        secret = self.key.as_pem(private=False) if self.algorithm.endswith("public") else CLIENT_SECRET.encode()
        return f"{signed}.{_encoded(hmac.digest(secret, signed.encode(), 'sha256'))}"

    def _require(self, checks: dict[str, bool]) -> None:
        self.problems += [name for name, is_right in checks.items() if not is_right]


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, provider: StubProvider, *arguments: Any) -> None:
        self.provider = provider
        super().__init__(*arguments)

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        self.provider.requests.append(url.path)
        match url.path:
            case "/.well-known/openid-configuration":
                self._json(200, self.provider.document())
            case "/keys":
                self._json(200, self.provider.key_set())
            case "/userinfo":
                self._json(*self.provider.user_info(self.headers.get("authorization", "")))
            case "/authorize":
                self._authorize(url.query)
            case "/logout":
                back = parse_qs(url.query)["post_logout_redirect_uri"][0]
                self._page(f'<a id="back" href="{back}">Signed out. Back</a>')
            case _:
                self._json(404, {})

    def do_POST(self) -> None:
        self.provider.requests.append(self.path)
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        if self.provider.stalls:
            self.provider.released.wait()
        headers = (self.headers.get("content-type", ""), self.headers.get("authorization", ""))
        self._json(*self.provider.token(*headers, parse_qs(body)))

    def _authorize(self, query: str) -> None:
        back = self.provider.authorize(parse_qs(query))
        if back is None:
            self._json(400, {"problems": self.provider.problems})
        elif self.provider.asks:
            self._page(f'<a id="go" href="{back.replace("&", "&amp;")}">Sign in as ann</a>')
        else:
            self.send_response(302)
            self.send_header("location", back)
            self.send_header("content-length", "0")
            self.end_headers()

    def _page(self, body: str) -> None:
        self._answer(200, "text/html; charset=utf-8", f"<!doctype html><title>Provider</title>{body}".encode())

    def _json(self, status: int, content: object) -> None:
        self._answer(status, "application/json", json.dumps(content).encode())

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name
        del format, args


@contextmanager
def stub_provider(redirect_uri: str) -> Generator[StubProvider]:
    """Run a provider on a loopback port."""
    provider = StubProvider("", redirect_uri)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, provider)) as server:
        provider.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield provider
        finally:
            provider.released.set()
            server.shutdown()
            thread.join()


def _credentials(authorization: str) -> tuple[str, ...]:
    kind, _, text = authorization.partition(" ")
    decoded = base64.b64decode(text).decode() if kind == "Basic" else ""
    return tuple(unquote_plus(part) for part in decoded.split(":"))


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
