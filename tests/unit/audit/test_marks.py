"""Audit marks: each route that may change something carries the mark of its event, or of none."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from cryptography.fernet import Fernet

from scenedex.app import create_app
from scenedex.audit import events
from scenedex.audit.events import COMMAND_EVENTS, WORKER_EVENTS
from scenedex.audit.marks import EVENT, events_of
from scenedex.auth.middleware import ANY_ROLE, PUBLIC, READS_ONLY
from scenedex.auth.secrets import SecretBox
from scenedex.db.database import Database
from scenedex.jobs.queue import JobQueue
from scenedex.metrics import Metrics
from scenedex.settings import Settings
from scenedex.storage.memory import MemoryBuckets, MemoryStore
from scenedex.wiring import Platform

if TYPE_CHECKING:
    from litestar import Litestar
    from litestar.handlers import HTTPRouteHandler

    from scenedex.app.representations import Representations
    from scenedex.app.tracing import Tracing

OPERATE = Path(__file__).parents[3] / "docs" / "how-to" / "operate.md"
READING = {"GET", "HEAD", "OPTIONS"}
EVENTS = {
    "createWorkspace": "Create Workspace",
    "deleteWorkspace": "Delete Workspace",
    "createProject": "Create Project",
    "renameProject": "Update Project Name",
    "deleteProject": "Delete Project",
    "registerAsset": "Import Video Asset From Object Storage",
    "registerVideoAsset": "Import Video Asset From Object Storage",
    "completeUpload": "Import Video Asset From Upload",
    "completeVideoUpload": "Import Video Asset From Upload",
    "moveAsset": "Update Video Asset Project",
    "moveVideoAsset": "Update Video Asset Project",
    "deleteAsset": "Delete Video Asset",
    "deleteVideoAsset": "Delete Video Asset",
    "requestAnalysis": "Analyze Video Asset",
    "requestVideoAnalysis": "Analyze Video Asset",
    "analyzeAsset": "Analyze Video Asset",
    "analyzeVideoAsset": "Analyze Video Asset",
    "cancelAnalysis": "Cancel Video Asset",
    "cancelVideoAnalysis": "Cancel Video Asset",
    "cancelAssetAnalysis": "Cancel Video Asset",
    "cancelVideoAnalyze": "Cancel Video Asset",
    "deleteIndex": "Delete Index",
    "deleteVideoIndex": "Delete Index",
    "deleteIndexById": "Delete Index",
    "deleteVideoIndexById": "Delete Index",
    "giveScenePerson": "Update Index Person",
    "correctScript": "Update Index Script",
    "changeSpeaker": "Update Index Speaker",
    "createPerson": "Create Person",
    "changePerson": "Update Person",
    "deletePerson": "Delete Person",
    "mergePersons": "Merge Person",
    "splitPerson": "Split Person",
    "rejectForPerson": "Reject Person",
    "acceptPersonSuggestion": "Accept Person Suggestion",
    "rejectPersonSuggestion": "Reject Person Suggestion",
    "createPersonTag": "Create Person Tag",
    "deletePersonTag": "Delete Person Tag",
    "addTagsToPerson": "Add Person Tag",
    "deleteTagsOfPerson": "Remove Person Tag",
    "removeTagsFromPerson": "Remove Person Tag",
    "addThumbnailsToPerson": "Add Person Thumbnail",
    "deleteThumbnailsOfPerson": "Remove Person Thumbnail",
    "removeThumbnailsFromPerson": "Remove Person Thumbnail",
    "openConsoleSession": "Create Console Session",
    "endConsoleSession": "Delete Console Session",
    "endConsoleSessionById": "Delete Console Session",
    "endUserSession": "Delete Console Session",
    "createAccessKey": "Create Access Key",
    "revokeAccessKey": "Revoke Access Key",
    "cancelJob": "Cancel Job",
    "retryJob": "Retry Job",
    "requestSceneSummary": "Request Scene Summary",
    "requestBulkImport": "Request Bulk Import",
    "pauseBulkImport": "Pause Bulk Import",
    "resumeBulkImport": "Resume Bulk Import",
    "cancelBulkImport": "Cancel Bulk Import",
    "createWatch": "Create Watch",
    "pauseWatch": "Pause Watch",
    "resumeWatch": "Resume Watch",
    "renewWatchToken": "Renew Watch Token",
    "deleteWatch": "Delete Watch",
    "createWebhook": "Create Webhook",
    "changeWebhook": "Update Webhook",
    "deleteWebhook": "Delete Webhook",
    "rotateWebhookSecret": "Rotate Webhook Secret",
    "testWebhook": "Test Webhook",
    "replayWebhookDelivery": "Replay Webhook",
    "replayWebhookDeliveries": "Replay Webhook",
    "cancelSceneSummary": "Cancel Scene Summary",
    "requestSceneSummaryOfIndex": "Request Scene Summary",
    "cancelSceneSummaryById": "Cancel Scene Summary",
    "requestProxy": "Request Playback Proxy",
    "deleteProxy": "Delete Playback Proxy",
}
# What an operator does by a command and a manager by a call.
SHARED = {"Create Access Key", "Revoke Access Key", "Cancel Job", "Retry Job"}
NO_EVENT = {
    "completeQueryAssetUpload",
    "completeThumbnail",
    "completeThumbnailUpload",
    "openQueryAssetUpload",
    "openThumbnailUpload",
    "openUpload",
    "openVideoUpload",
    "presignThumbnail",
    "recommendPersonsByThumbnail",
    "requestSceneSearch",
    "requestSearch",
    "requestAnswer",
    "searchPersons",
}


@pytest.fixture(scope="module")
def handlers() -> list[HTTPRouteHandler]:
    """Return every route of the application."""
    platform = Platform(
        Settings.model_construct(),
        Database(""),
        JobQueue(),
        MemoryBuckets(),
        MemoryStore(),
        SecretBox(Fernet.generate_key()),
        Metrics("api"),
    )
    application = cast(
        "Litestar", cast("Representations", cast("Tracing", create_app(platform)).application).application
    )
    found: dict[int, Any] = {}
    for route in application.routes:
        for handler in getattr(route, "route_handlers", ()):
            found[id(handler)] = handler
    return list(found.values())


def is_signed_change(handler: HTTPRouteHandler) -> bool:
    return not set(handler.http_methods) <= READING and not handler.opt.get(PUBLIC)


def test_every_signed_call_that_is_no_get_has_its_event(handlers: list[HTTPRouteHandler]) -> None:
    marks = {
        str(one.operation_id): one.opt.get(EVENT) for one in handlers if is_signed_change(one) and EVENT in one.opt
    }

    assert marks == {**EVENTS, **dict.fromkeys(NO_EVENT)}


def test_no_signed_call_that_is_no_get_lacks_a_mark(handlers: list[HTTPRouteHandler]) -> None:
    unmarked = [one.operation_id for one in handlers if is_signed_change(one) and EVENT not in one.opt]

    assert unmarked == []


def test_no_other_call_has_a_mark(handlers: list[HTTPRouteHandler]) -> None:
    assert [one.operation_id for one in handlers if EVENT in one.opt and not is_signed_change(one)] == []


def test_a_call_with_an_event_knows_its_actor_and_others_do_not(handlers: list[HTTPRouteHandler]) -> None:
    wrong = [
        one.operation_id
        for one in handlers
        if ("actor" in one.parsed_fn_signature.parameters) != (one.opt.get(EVENT) is not None)
    ]

    assert wrong == []


def test_what_a_viewer_may_do_has_no_event(handlers: list[HTTPRouteHandler]) -> None:
    assert [one.operation_id for one in handlers if one.opt.get(READS_ONLY) and one.opt.get(EVENT) is not None] == []


def test_a_viewer_changes_sessions_alone(handlers: list[HTTPRouteHandler]) -> None:
    changing = {one.operation_id for one in handlers if one.opt.get(ANY_ROLE)}

    assert changing == {"openConsoleSession", "endConsoleSession", "endConsoleSessionById"}


def test_an_event_is_recorded_by_calls_or_workers_or_commands(handlers: list[HTTPRouteHandler]) -> None:
    calls = events_of(handlers)

    assert calls & COMMAND_EVENTS == SHARED
    assert not WORKER_EVENTS & (calls | COMMAND_EVENTS)


def test_every_event_without_a_call_has_its_emitter() -> None:
    named = {value for name, value in vars(events).items() if name.isupper() and isinstance(value, str)}

    assert named == WORKER_EVENTS | COMMAND_EVENTS


def test_names_are_written_as_the_vendor_does(handlers: list[HTTPRouteHandler]) -> None:
    names = events_of(handlers) | WORKER_EVENTS | COMMAND_EVENTS

    assert [name for name in names if not re.fullmatch(r"[A-Z][a-z]+( [A-Z][a-z]+)+", name)] == []


def test_the_documentation_names_every_event(handlers: list[HTTPRouteHandler]) -> None:
    text = OPERATE.read_text(encoding="utf-8")

    assert [name for name in events_of(handlers) | WORKER_EVENTS | COMMAND_EVENTS if name not in text] == []
