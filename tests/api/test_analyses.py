"""Requests of analyses, their states, and how they are cancelled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from analysis_samples import claim_analysis, end, status_of
from person_samples import tag
from scenedex.analysis import queries
from signed_calls import code, fields

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2
    from tests.conftest import Item, Service, Site


def wrong_fields(answer: httpx2.Response) -> set[str]:
    assert code(answer) == (400, "10001"), answer.text
    return {field.split("[")[0] for field in fields(answer)}


@pytest.fixture
def item(site: Site) -> Item:
    return site.base.imported()


def test_answers_with_the_stub_of_the_index(item: Item) -> None:
    stub = item.call("POST", "/index", {"analysisPersonCount": 3}).json()["result"]

    assert stub["status"] == "WAIT_ANALYZE"
    assert stub["createdUserName"] == "alice"
    assert stub["analysisSetting"] == {
        "analysisEngine": "scenedex",
        "sceneRange": "MEDIUM",
        "analysisPersonCount": 3,
        "sourceLanguage": "ENKO",
        "detectAudioEffects": False,
    }


def test_repeats_the_options_in_the_stub(item: Item) -> None:
    first, second = tag(item.folder.site, "Guests"), tag(item.folder.site, "Hosts")
    body = {
        "analysisPersonCount": 10,
        "minSceneDurationSec": 10,
        "maxSceneDurationSec": 600,
        "tagIdList": [first, str(second)],
        "sourceLanguage": "ZH-TW",
        "detectAudioEffects": True,
        "audioTracks": "all",
    }

    setting = item.call("POST", "/index", body).json()["result"]["analysisSetting"]

    assert setting == {**body, "tagIdList": [first, second], "analysisEngine": "scenedex"}


@pytest.mark.parametrize(
    ("options", "wrong"),
    [
        ({"sceneRange": "medium"}, {"sceneRange"}),
        ({"sceneRange": ""}, {"sceneRange"}),
        ({"sceneRange": 1}, {"sceneRange"}),
        ({"minSceneDurationSec": 10}, {"maxSceneDurationSec"}),
        ({"maxSceneDurationSec": 60}, {"minSceneDurationSec"}),
        ({"minSceneDurationSec": 9, "maxSceneDurationSec": 60}, {"minSceneDurationSec"}),
        ({"minSceneDurationSec": 31, "maxSceneDurationSec": 60}, {"minSceneDurationSec"}),
        ({"minSceneDurationSec": 10, "maxSceneDurationSec": 10}, {"maxSceneDurationSec"}),
        ({"minSceneDurationSec": 30, "maxSceneDurationSec": 20}, {"maxSceneDurationSec"}),
        ({"minSceneDurationSec": 10, "maxSceneDurationSec": 601}, {"maxSceneDurationSec"}),
        ({"minSceneDurationSec": 10.5, "maxSceneDurationSec": 60}, {"minSceneDurationSec"}),
        ({"minSceneDurationSec": "10", "maxSceneDurationSec": 60}, {"minSceneDurationSec"}),
        ({"minSceneDurationSec": True, "maxSceneDurationSec": 60}, {"minSceneDurationSec"}),
        ({"sceneRange": "LONG", "minSceneDurationSec": 10, "maxSceneDurationSec": 60}, {"sceneRange"}),
        ({"tagIdList": []}, {"tagIdList"}),
        ({"tagIdList": list(range(31))}, {"tagIdList"}),
        ({"tagIdList": ["a"]}, {"tagIdList"}),
        ({"tagIdList": [1.5]}, {"tagIdList"}),
        ({"tagIdList": [-1]}, {"tagIdList"}),
        ({"tagIdList": [None]}, {"tagIdList"}),
        ({"tagIdList": 1}, {"tagIdList"}),
        ({"tagIdList": [10**30]}, {"tagIdList"}),
        ({"sourceLanguage": "en"}, {"sourceLanguage"}),
        ({"sourceLanguage": "FR"}, {"sourceLanguage"}),
        ({"detectAudioEffects": "true"}, {"detectAudioEffects"}),
        ({"detectAudioEffects": 1}, {"detectAudioEffects"}),
        ({"audioTracks": "both"}, {"audioTracks"}),
        ({"audioTracks": 1}, {"audioTracks"}),
        ({"audioTracks": []}, {"audioTracks"}),
        ({"audioTracks": [0]}, {"audioTracks"}),
        ({"audioTracks": [1, 1]}, {"audioTracks"}),
        ({"audioTracks": ["1"]}, {"audioTracks"}),
        ({"audioTracks": list(range(1, 34))}, {"audioTracks"}),
        ({"analysisPersonCount": 11, "minSceneDurationSec": 9}, None),
    ],
    ids=str,
)
def test_refuses_options_out_of_bounds(options: dict[str, Any], wrong: set[str] | None, item: Item) -> None:
    answer = item.call("POST", "/index", {"analysisPersonCount": 0, **options})

    assert wrong_fields(answer) == (wrong or {"analysisPersonCount", "minSceneDurationSec", "maxSceneDurationSec"})


@pytest.mark.parametrize(
    "options",
    [
        {"sceneRange": None, "minSceneDurationSec": None, "tagIdList": None, "detectAudioEffects": None},
        {"audioTracks": "auto"},
        {"audioTracks": "all"},
        {"audioTracks": None},
        *({"sceneRange": name} for name in ("EXTRA_SHORT", "SHORT", "MEDIUM", "LONG")),
        *({"sourceLanguage": name} for name in ("ENKO", "EN", "KO", "JA", "ZH-CN", "ZH-TW")),
        {"minSceneDurationSec": 30, "maxSceneDurationSec": 31},
    ],
    ids=str,
)
def test_accepts_options_within_bounds(options: dict[str, Any], item: Item) -> None:
    assert item.call("POST", "/index", {"analysisPersonCount": 0, **options}).status_code == 200


def test_takes_up_to_thirty_tags(item: Item) -> None:
    tags = [tag(item.folder.site, f"Tag {number}") for number in range(30)]

    assert item.call("POST", "/index", {"analysisPersonCount": 0, "tagIdList": tags}).status_code == 200


def test_tags_are_those_of_the_workspace(item: Item, new_site: Callable[[Service], Site]) -> None:
    own, foreign = tag(item.folder.site, "Ours"), tag(new_site(item.service), "Theirs")

    answer = item.call("POST", "/index", {"analysisPersonCount": 1, "tagIdList": [own, foreign]})

    assert code(answer) == (404, "40408")
    assert [entry["field"] for entry in answer.json()["responseError"]["details"]] == ["tagIdList"]
    assert item.call("GET", "/index/status").json()["result"]["status"] == "BEFORE_ANALYZE"


def test_needs_a_completed_import(site: Site) -> None:
    answer = site.base.register().call("POST", "/index", {"analysisPersonCount": 0})

    assert code(answer) == (400, "10014")
    assert answer.json()["message"] == "Select the asset you want to analyze."


def test_one_analysis_at_a_time(item: Item) -> None:
    item.request_analysis()

    assert code(item.call("POST", "/index", {"analysisPersonCount": 0})) == (409, "40901")


def test_one_analysis_at_a_time_also_once_it_runs(item: Item) -> None:
    claim_analysis(item.service, item.request_analysis())

    assert code(item.call("POST", "/index", {"analysisPersonCount": 0})) == (409, "40901")


def test_of_ten_requests_at_once_one_succeeds(item: Item) -> None:
    call = ("POST", f"{item.path}/index", {"analysisPersonCount": 0})

    answers = item.folder.site.api.at_once(*[call] * 10)

    assert sorted(map(code, answers)) == [(200, "0"), *[(409, "40901")] * 9]


def test_before_the_first_analysis_there_is_no_status_but_that(item: Item) -> None:
    assert status_of(item) == {
        "status": "BEFORE_ANALYZE",
        "analyzeStatusMessage": "No analysis has been requested",
        "analysisStatusMessage": "No analysis has been requested",
    }


def test_the_status_names_the_stage_and_its_progress(item: Item) -> None:
    claimed = claim_analysis(item.service, item.request_analysis())
    item.service.transact(lambda tx: queries.note_progress(tx, claimed, "shots", 40))

    status = status_of(item)

    assert (status["status"], status["progress"]) == ("ANALYZING", {"stage": "shots", "percent": 40})


def test_progress_never_goes_back(item: Item) -> None:
    claimed = claim_analysis(item.service, item.request_analysis())
    for percent in (40, 30):
        item.service.transact(lambda tx, percent=percent: queries.note_progress(tx, claimed, "shots", percent))

    assert status_of(item)["progress"]["percent"] == 40


@pytest.mark.parametrize("status", ["ANALYZE_COMPLETED", "ANALYZE_FAIL"])
def test_the_status_of_an_analysis_that_is_over_has_no_progress(status: str, item: Item) -> None:
    end(item.service, claim_analysis(item.service, item.request_analysis()), status, "The file broke off.")

    found = status_of(item)

    assert (found["status"], found["analysisStatusMessage"]) == (status, "The file broke off.")
    assert "progress" not in found


def test_another_analysis_may_follow_one_that_is_over(item: Item) -> None:
    first = item.request_analysis()
    end(item.service, claim_analysis(item.service, first), "ANALYZE_FAIL")

    assert item.request_analysis() != first


@pytest.mark.parametrize("is_running", [False, True], ids=["waiting", "running"])
def test_an_analysis_that_waits_or_runs_may_be_cancelled(is_running: bool, item: Item) -> None:
    index_id = item.request_analysis()
    if is_running:
        claim_analysis(item.service, index_id)

    cancelled = item.call("POST", "/index/cancel")

    assert cancelled.json() == {"code": "0", "message": "success"}
    assert status_of(item)["status"] == "ANALYZE_CANCEL"


@pytest.mark.parametrize("status", [None, "ANALYZE_COMPLETED", "ANALYZE_FAIL", "ANALYZE_CANCEL"])
def test_nothing_else_may_be_cancelled(status: str | None, item: Item) -> None:
    if status == "ANALYZE_CANCEL":
        item.request_analysis()
        item.call("POST", "/index/cancel")
    elif status:
        end(item.service, claim_analysis(item.service, item.request_analysis()), status)

    answer = item.call("POST", "/index/cancel")

    assert code(answer) == (409, "40909")
    assert answer.json()["message"] == "Cannot cancel analysis in the current state"


def test_cancelling_takes_the_job_out_of_the_queue(item: Item) -> None:
    index_id = item.request_analysis()
    job = item.service.rows("SELECT job_id FROM analyses WHERE index_id = %s", index_id)[0][0]

    item.call("POST", "/index/cancel")

    assert item.service.rows("SELECT status::text FROM procrastinate_jobs WHERE id = %s", job) == [("cancelled",)]


def test_of_two_cancels_at_once_one_succeeds(item: Item) -> None:
    item.request_analysis()

    answers = item.folder.site.api.at_once(*[("POST", f"{item.path}/index/cancel", None)] * 2)

    assert sorted(map(code, answers)) == [(200, "0"), (409, "40909")]
