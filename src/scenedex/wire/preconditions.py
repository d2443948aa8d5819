"""Conditional requests that a route can answer before it reads what it would show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from scenedex import __version__
from scenedex.wire.validators import is_known, tag_digest

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from litestar import Request

TAG = "entity_tag"
URL_PERIOD = "url_period"


class NotModified(Exception):
    """The client has what the route would show."""

    def __init__(self, tag: str) -> None:
        super().__init__(tag)
        self.tag = tag


class Preconditions:
    """The conditions of a request, and the entity tag of its answer.

    Args:
        scope: state of the request. `URL_PERIOD` has the number of the period in which presigned URLs stay valid.
        if_none_match: header of the request.
    """

    def __init__(self, scope: MutableMapping[str, Any], if_none_match: str) -> None:
        self._scope = scope
        self._if_none_match = if_none_match

    def check(self, *revision: object) -> None:
        """Tag the answer with all that it depends on.

        Raises:
            NotModified: the client has an answer of this revision, whose presigned URLs are valid.
        """
        text = repr((__version__, self._scope.get(URL_PERIOD), *revision))
        tag = f'W/"{tag_digest(text.encode())}"'
        self._scope[TAG] = tag
        if self._if_none_match and is_known(tag, self._if_none_match):
            raise NotModified(tag)


def preconditions_of(request: Request[Any, Any, Any]) -> Preconditions:
    """Return the conditions of a request."""
    return Preconditions(
        cast("MutableMapping[str, Any]", request.scope), ", ".join(request.headers.getall("if-none-match", []))
    )
