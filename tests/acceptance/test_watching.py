"""Observation of other processes' work by an operator: metrics of a real worker, and the audit log."""

from __future__ import annotations

import urllib.request
from typing import TYPE_CHECKING

from prometheus_client.parser import text_string_to_metric_families

from processes import until
from scenedex.client import AnalysisOptions, AuditQuery

if TYPE_CHECKING:
    from newsroom import Desk
    from processes import Server


def seconds_of(server: Server, stage: str) -> float:
    """Return the seconds that workers have spent in a stage, as the API process shows them."""
    with urllib.request.urlopen(f"{server.endpoint}/metrics", timeout=60) as answer:
        families = text_string_to_metric_families(answer.read().decode())
        return sum(
            sample.value
            for family in families
            for sample in family.samples
            if sample.name == "scenedex_stage_seconds_sum" and sample.labels["stage"] == stage
        )


def test_what_a_worker_did_is_in_the_metrics_of_the_api_and_in_the_audit_log(server: Server, desk: Desk) -> None:
    before = seconds_of(server, "visual")
    asset_id = desk.imported("film.mp4")
    desk.analysed(asset_id, AnalysisOptions(analysis_person_count=0))

    until(lambda: seconds_of(server, "visual") > before, "the worker has reported")
    done = list(desk.client.audit.list(AuditQuery(workspace_name=desk.workspace)))
    assert [event.event for event in reversed(done)] == [
        "Create Workspace",
        "Import Video Asset From Object Storage",
        "Handle Video Asset Import Success",
        "Analyze Video Asset",
        "Handle Index Analysis Success",
    ]
    assert {event.user_name for event in done} == {"alice"}


def test_a_key_that_is_made_on_the_server_is_told(server: Server, desk: Desk) -> None:
    access_key, _secret = server.key()

    told = {event.created_id: event for event in desk.client.audit.list(AuditQuery(event="Create Access Key"))}
    assert (told[access_key].access_key, told[access_key].workspace_name) == (None, None)
