"""Calls generated from the OpenAPI document, valid and invalid: each answer is one that the document describes."""

# The checks leave a type argument of their case open.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from requests.auth import AuthBase
from schemathesis import checks
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks as openapi_checks

from bulk_imports import bucket_folder
from person_samples import met, tag
from question_samples import Desk
from search_samples import Archive
from summary_samples import summarised

if TYPE_CHECKING:
    from requests import PreparedRequest
    from tests.conftest import Service, Site

    from signed_calls import Key

OPERATIONS = [
    "listWorkspaces",
    "createWorkspace",
    "getWorkspace",
    "deleteWorkspace",
    "listProjects",
    "createProject",
    "getProject",
    "renameProject",
    "deleteProject",
    "listAssets",
    "listAssetStates",
    "listBucketObjects",
    "registerAsset",
    "getAsset",
    "moveAsset",
    "deleteAsset",
    "getImportStatus",
    "openUpload",
    "completeUpload",
    "requestAnalysis",
    "getAnalysisStatus",
    "cancelAnalysis",
    "getIndex",
    "deleteIndex",
    "exportIndex",
    "analyzeAsset",
    "cancelAssetAnalysis",
    "getAnalyzeStatus",
    "listIndexes",
    "getIndexById",
    "deleteIndexById",
    "listVideoAssets",
    "registerVideoAsset",
    "getVideoAsset",
    "moveVideoAsset",
    "deleteVideoAsset",
    "getVideoImportStatus",
    "openVideoUpload",
    "completeVideoUpload",
    "analyzeVideoAsset",
    "cancelVideoAnalyze",
    "getVideoAnalyzeStatus",
    "listVideoIndexes",
    "getVideoIndexById",
    "deleteVideoIndexById",
    "requestVideoAnalysis",
    "getVideoIndex",
    "getVideoAnalysisStatus",
    "cancelVideoAnalysis",
    "deleteVideoIndex",
    "requestSceneSummary",
    "getSceneSummary",
    "getSceneSummaryStatus",
    "cancelSceneSummary",
    "estimateSceneSummary",
    "requestSceneSummaryOfIndex",
    "getSceneSummaryOfIndex",
    "getSceneSummaryStatusById",
    "cancelSceneSummaryById",
    "openThumbnailUpload",
    "completeThumbnailUpload",
    "giveScenePerson",
    "correctScript",
    "changeSpeaker",
    "listSimilarPersons",
    "listPersonSuggestions",
    "acceptPersonSuggestion",
    "rejectPersonSuggestion",
    "recommendPersonsByThumbnail",
    "mergePersons",
    "splitPerson",
    "rejectForPerson",
    "getPersonHistory",
    "getPerson",
    "deletePerson",
    "changePerson",
    "listPersons",
    "createPerson",
    "searchPersons",
    "listPersonTags",
    "createPersonTag",
    "deletePersonTag",
    "addTagsToPerson",
    "deleteTagsOfPerson",
    "removeTagsFromPerson",
    "addThumbnailsToPerson",
    "deleteThumbnailsOfPerson",
    "removeThumbnailsFromPerson",
    "presignThumbnail",
    "completeThumbnail",
    "openQueryAssetUpload",
    "completeQueryAssetUpload",
    "requestAnswer",
    "getAnswer",
    "requestSearch",
    "getSearch",
    "exportSearch",
    "requestSceneSearch",
    "getSceneSearch",
    "getStatistics",
    "listAuditEvents",
    "listJobs",
    "cancelJob",
    "retryJob",
    "countAssetStates",
    "getAssetState",
    "getPlayback",
    "requestProxy",
    "deleteProxy",
    "getMedia",
    "requestBulkImport",
    "listBulkImports",
    "getBulkImport",
    "pauseBulkImport",
    "resumeBulkImport",
    "cancelBulkImport",
    "listSkippedObjects",
    "createWatch",
    "listWatches",
    "getWatch",
    "pauseWatch",
    "resumeWatch",
    "renewWatchToken",
    "deleteWatch",
    "listWebhookEventTypes",
    "listWebhooks",
    "createWebhook",
    "getWebhook",
    "changeWebhook",
    "deleteWebhook",
    "rotateWebhookSecret",
    "testWebhook",
    "listWebhookDeliveries",
    "getWebhookDelivery",
    "replayWebhookDelivery",
    "replayWebhookDeliveries",
]
REMOVING = re.compile("accept|delete|remove|merge|split|reject|move|cancel")
# Methods that are not documented are left out: the vendor's gateway answers those with 404, not 405.
CHECKS: Any = [
    checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_schema_conformance,
]


GIVEN = ["content-type"]
LENIENT = [
    HealthCheck.too_slow,
    HealthCheck.filter_too_much,
    HealthCheck.data_too_large,
    HealthCheck.large_base_example,
]


class Signed(AuthBase):
    """Authentication that signs requests as they are sent."""

    def __init__(self, key: Key) -> None:
        self._key = key

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        signed = self._key.headers(str(request.method), request.path_url.encode())
        request.headers.update({**signed, **{name: request.headers[name] for name in GIVEN if name in request.headers}})
        return request


@pytest.fixture(scope="module")
def operations(service: Service) -> dict[str, Any]:
    document: Any = schemathesis.openapi.from_dict(service.client.get("/schema").json())
    found = [result.ok() for result in document.get_all_operations()]
    return {operation.definition.raw["operationId"]: operation for operation in found}


def test_no_operation_is_forgotten(operations: dict[str, Any]) -> None:
    assert sorted(OPERATIONS) == sorted(operations)


def made(site: Site, path: str, body: object = None) -> dict[str, Any]:
    """Return what a call has made."""
    answer = site.api("POST", path, body)
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


def known_in(site: Site) -> dict[str, str]:
    """Return path parameters of existing objects of a workspace."""
    item = site.base.imported()
    item.publish(index_id := item.request_analysis())
    site.service.rows("UPDATE analyses SET status = 'ANALYZE_COMPLETED' WHERE asset_id = %s", item.asset_id)
    summary_id = summarised(item)
    archive = Archive(site)
    archive.run(search_id := archive.requested("harbour"))
    person_id = met(site)
    project = f"{site.path}/projects/{site.base_project}"
    bucket_folder(site.service, "films")
    folder = {"bucketName": "films", "prefix": f"{site.name}/"}
    bulk_import, watch = made(site, f"{project}/imports", folder), made(site, f"{project}/watches", folder)
    # An address, so that nothing is looked up.
    webhook = made(site, f"{site.path}/webhooks", {"url": "https://93.184.215.14/hooks"})
    delivery = made(site, f"{site.path}/webhooks/{webhook['webhookId']}/test")
    ((suggestion_id,),) = site.service.rows(
        "INSERT INTO person_suggestions (workspace_id, person_id, other_id, score, asset_id)"
        " SELECT workspace_id, person_id, %s, 72, %s FROM persons WHERE person_id = %s RETURNING suggestion_id",
        met(site),
        item.asset_id,
        person_id,
    )
    return {
        "workspace_name": site.name,
        "project_id": str(site.base_project),
        "asset_id": str(item.asset_id),
        "video_asset_id": str(item.asset_id),
        "index_id": str(index_id),
        "scene_summary_id": str(summary_id),
        "person_id": str(person_id),
        "suggestion_id": str(suggestion_id),
        "tag_id": str(tag(site, "Guests")),
        "scene_id": "1",
        "script_id": "1",
        "speaker": "Speaker 1",
        "search_id": search_id,
        "ask_id": Desk(archive).requested("When does the ferry leave?"),
        "import_id": bulk_import["importId"],
        "watch_id": watch["watchId"],
        "webhook_id": webhook["webhookId"],
        "delivery_id": delivery["deliveryId"],
        "bucket_name": "films",
        "job_name": f"analysis:{index_id}",
    }


@pytest.fixture(scope="module")
def lasting(module_site: Site) -> dict[str, str]:
    """Path parameters of objects that no call removes, shared by the calls."""
    return known_in(module_site)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("name", OPERATIONS)
def test_every_answer_is_documented(
    name: str, mode: GenerationMode, operations: dict[str, Any], site: Site, lasting: dict[str, str]
) -> None:
    known = known_in(site) if REMOVING.match(name) else lasting
    names = [parameter.name for parameter in operations[name].path_parameters]

    @settings(max_examples=6, deadline=None, suppress_health_check=LENIENT, database=None)
    @given(case=operations[name].as_strategy(generation_mode=mode), is_known=st.sampled_from([True, True, False]))
    def check(case: Any, is_known: bool) -> None:
        # Names of things that exist, so that more than the refusal of an unknown workspace is seen.
        if is_known:
            case.path_parameters = {part: known[part] for part in names}
        case.call_and_validate(base_url=site.service.url, auth=Signed(site.api.key), checks=CHECKS, timeout=30)

    check()
