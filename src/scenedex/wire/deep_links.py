"""Links into the console."""

from __future__ import annotations

from urllib.parse import quote


def asset_link(server_url: str, workspace_name: str, asset_id: int, at_ms: int | None = None) -> str:
    """Return the URL of the page of an asset, opened at a time in milliseconds if one is given.

    ``server_url`` is the address of the server for clients, without a slash at its end.
    """
    page = f"{server_url}/console/w/{quote(workspace_name, safe='')}/assets/{asset_id}"
    return page if at_ms is None else f"{page}?t={_seconds(at_ms)}"


def person_link(server_url: str, workspace_name: str, person_id: int) -> str:
    """Return the URL of the page of a person."""
    return f"{server_url}/console/w/{quote(workspace_name, safe='')}/persons/{person_id}"


def _seconds(milliseconds: int) -> str:
    """Return seconds without trailing zeros."""
    seconds, thousandths = divmod(milliseconds, 1000)
    return f"{seconds}.{thousandths:03}".rstrip("0").rstrip(".")
