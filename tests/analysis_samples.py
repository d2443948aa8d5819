"""Analyses that no worker runs: tests claim and end them as a worker does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scenedex.analysis import queries

if TYPE_CHECKING:
    from tests.conftest import Item, Service

    from scenedex.analysis.records import AnalysisClaim


def claim_analysis(service: Service, index_id: int) -> AnalysisClaim:
    """Claim an analysis as a worker does at its start."""
    found = service.transact(lambda tx: queries.claim(tx, index_id))
    assert found is not None
    return found


def claimed(item: Item, content: str = "c0ffee") -> AnalysisClaim:
    """Request and claim an analysis of an asset with that content."""
    index_id = item.request_analysis()
    item.service.transact(lambda tx: queries.set_content_hash(tx, item.asset_id, content))
    return claim_analysis(item.service, index_id)


def end(service: Service, claimed: AnalysisClaim, status: str, message: str | None = None) -> None:
    """End an analysis with that status."""
    assert service.transact(lambda tx: queries.end(tx, claimed, status, message))


def status_of(item: Item) -> dict[str, Any]:
    """Return the status of the analysis of an asset."""
    return item.call("GET", "/index/status").json()["result"]
