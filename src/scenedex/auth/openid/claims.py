"""Names and groups of users, out of the claims of a provider."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Claims = dict[str, Any]

_MAX_NAME_LENGTH: Final = 100
# As in names of the API.
_FORBIDDEN: Final = re.compile(r"[;|`\x00-\x1f\x7f]")
_EMAIL: Final = "email"


def groups_of(claims: Mapping[str, Any], names: Sequence[str]) -> frozenset[str] | None:
    """Return the groups in the named claims, or `None` if there is no such claim.

    A claim is a text or a list of texts. A name that begins with a slash is a path through claims.
    """
    found = [_value(claims, name) for name in names]
    if all(one is None for one in found):
        return None
    return frozenset(group for value in found for group in _texts(value))


def user_name_of(claims: Mapping[str, Any], name: str) -> str:
    """Return the name of a user: the named claim, else a verified email address, else the subject."""
    for claim in (name, _EMAIL):
        value = _value(claims, claim)
        if isinstance(value, str) and (text := _FORBIDDEN.sub("", value).strip()[:_MAX_NAME_LENGTH]):
            return text
    return _FORBIDDEN.sub("", str(claims["sub"]))[:_MAX_NAME_LENGTH]


def _value(claims: Mapping[str, Any], name: str) -> object:
    """Return a claim, or `None`. Anyone may enter any address, so that one which is not verified does not count."""
    if name == _EMAIL and claims.get("email_verified") is not True:
        return None
    if not name.startswith("/"):
        return claims.get(name)
    value: object = claims
    for part in name[1:].split("/"):
        if not isinstance(value, dict):
            return None
        value = cast("dict[str, object]", value).get(part)
    return value


def _texts(value: object) -> list[str]:
    values = cast("list[object]", value) if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, str)]
