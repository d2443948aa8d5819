"""Requests of analyses, their states, and the index that is served before, during and after one."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest

from person_samples import tag
from scenedex.analysis import queries
from scenedex.index.service import publish

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2
    from tests.conftest import Item, Service, Site

    from scenedex.analysis.records import AnalysisClaim
    from scenedex.db.database import Transaction


def code(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def fields(answer: httpx2.Response) -> set[str]:
    assert code(answer) == (400, "10001"), answer.text
    return {entry["field"].split("[")[0] for entry in answer.json()["responseError"]["details"]}


def status_of(item: Item) -> dict[str, Any]:
    return item.call("GET", "/index/status").json()["result"]


def claim(service: Service, index_id: int) -> AnalysisClaim:
    """Claim an analysis as a worker does at its start."""
    found = service.transact(lambda tx: queries.claim(tx, index_id))
    assert found is not None
    return found


def end(service: Service, claimed: AnalysisClaim, status: str, message: str | None = None) -> None:
    assert service.transact(lambda tx: queries.end(tx, claimed, status, message))


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

    assert fields(answer) == (wrong or {"analysisPersonCount", "minSceneDurationSec", "maxSceneDurationSec"})


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
    claim(item.service, item.request_analysis())

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
    claimed = claim(item.service, item.request_analysis())
    item.service.transact(lambda tx: queries.note_progress(tx, claimed, "shots", 40))

    status = status_of(item)

    assert (status["status"], status["progress"]) == ("ANALYZING", {"stage": "shots", "percent": 40})


def test_progress_never_goes_back(item: Item) -> None:
    claimed = claim(item.service, item.request_analysis())
    for percent in (40, 30):
        item.service.transact(lambda tx, percent=percent: queries.note_progress(tx, claimed, "shots", percent))

    assert status_of(item)["progress"]["percent"] == 40


@pytest.mark.parametrize("status", ["ANALYZE_COMPLETED", "ANALYZE_FAIL"])
def test_the_status_of_an_analysis_that_is_over_has_no_progress(status: str, item: Item) -> None:
    end(item.service, claim(item.service, item.request_analysis()), status, "The file broke off.")

    found = status_of(item)

    assert (found["status"], found["analysisStatusMessage"]) == (status, "The file broke off.")
    assert "progress" not in found


def test_another_analysis_may_follow_one_that_is_over(item: Item) -> None:
    first = item.request_analysis()
    end(item.service, claim(item.service, first), "ANALYZE_FAIL")

    assert item.request_analysis() != first


@pytest.mark.parametrize("is_running", [False, True], ids=["waiting", "running"])
def test_an_analysis_that_waits_or_runs_may_be_cancelled(is_running: bool, item: Item) -> None:
    index_id = item.request_analysis()
    if is_running:
        claim(item.service, index_id)

    cancelled = item.call("POST", "/index/cancel")

    assert cancelled.json() == {"code": "0", "message": "success"}
    assert status_of(item)["status"] == "ANALYZE_CANCEL"


@pytest.mark.parametrize("status", [None, "ANALYZE_COMPLETED", "ANALYZE_FAIL", "ANALYZE_CANCEL"])
def test_nothing_else_may_be_cancelled(status: str | None, item: Item) -> None:
    if status == "ANALYZE_CANCEL":
        item.request_analysis()
        item.call("POST", "/index/cancel")
    elif status:
        end(item.service, claim(item.service, item.request_analysis()), status)

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


def test_there_is_no_index_before_an_analysis_has_completed(item: Item) -> None:
    item.request_analysis()

    assert code(item.call("GET", "/index")) == (409, "40908")


def test_the_index_has_the_shape_of_the_contract(item: Item) -> None:
    index_id = item.request_analysis()
    item.publish(index_id)

    index = item.call("GET", "/index").json()["result"]

    assert (index["indexId"], index["type"], index["createdUserName"]) == (index_id, "VIDEO", "alice")
    assert index["analysisSetting"]["engines"] == [{"stage": "shots", "name": "scenedex-shots", "version": "1"}]
    scene = index["scenes"][1]
    assert (scene["sceneId"], scene["startTimeMs"], scene["endTimeMs"]) == (2, 1000, 2000)
    assert scene["shots"][0].keys() == {"shotId", "startTimeMs", "endTimeMs", "keyframeUrl"}


def test_scenes_tile_the_asset_and_shots_their_scene(item: Item) -> None:
    item.publish(item.request_analysis(), scenes=5)

    scenes = item.call("GET", "/index").json()["result"]["scenes"]

    assert scenes[0]["startTimeMs"] == 0
    assert all(left["endTimeMs"] == right["startTimeMs"] for left, right in itertools.pairwise(scenes))
    assert [(s["startTimeMs"], s["endTimeMs"]) for s in scenes] == [
        (s["shots"][0]["startTimeMs"], s["shots"][-1]["endTimeMs"]) for s in scenes
    ]


def test_keyframes_are_read_without_a_key(item: Item) -> None:
    item.publish(item.request_analysis())
    scene = item.call("GET", "/index").json()["result"]["scenes"][0]

    picture = item.service.client.get(scene["keyframeUrl"])

    assert (picture.status_code, picture.content, picture.headers["content-type"]) == (200, b"bytes", "image/jpeg")


@pytest.mark.parametrize("level", ["LOW", "MEDIUM", "HIGH"])
def test_the_index_takes_a_confidence_level(level: str, item: Item) -> None:
    item.publish(item.request_analysis())

    assert item.call("GET", f"/index?confidence_level={level}").status_code == 200


@pytest.mark.parametrize("level", ["", "low", "HIGHEST", "1"])
def test_the_index_takes_no_other_confidence_level(level: str, item: Item) -> None:
    item.publish(item.request_analysis())

    assert fields(item.call("GET", f"/index?confidence_level={level}")) == {"confidence_level"}


class TestFormerIndex:
    @pytest.fixture
    def indexed(self, item: Item) -> tuple[Item, int]:
        index_id = item.request_analysis()
        claimed = claim(item.service, index_id)
        item.publish(index_id)
        end(item.service, claimed, "ANALYZE_COMPLETED")
        return item, index_id

    def test_is_served_while_another_analysis_waits(self, indexed: tuple[Item, int]) -> None:
        item, former = indexed
        item.request_analysis()

        assert item.call("GET", "/index").json()["result"]["indexId"] == former

    def test_is_served_while_another_analysis_runs(self, indexed: tuple[Item, int]) -> None:
        item, former = indexed
        claim(item.service, item.request_analysis())

        assert item.call("GET", "/index").json()["result"]["indexId"] == former

    def test_stays_when_another_analysis_fails(self, indexed: tuple[Item, int]) -> None:
        item, former = indexed
        end(item.service, claim(item.service, item.request_analysis()), "ANALYZE_FAIL")

        assert item.call("GET", "/index").json()["result"]["indexId"] == former

    def test_stays_when_another_analysis_is_cancelled(self, indexed: tuple[Item, int]) -> None:
        item, former = indexed
        item.request_analysis()
        item.call("POST", "/index/cancel")

        assert item.call("GET", "/index").json()["result"]["indexId"] == former

    def test_is_replaced_by_the_next_one(self, indexed: tuple[Item, int]) -> None:
        item, _former = indexed
        following = item.request_analysis()
        item.publish(following, scenes=3)

        index = item.call("GET", "/index").json()["result"]

        assert (index["indexId"], len(index["scenes"])) == (following, 3)

    def test_is_served_until_the_next_one_is_complete(self, indexed: tuple[Item, int]) -> None:
        item, former = indexed
        following = item.request_analysis()

        async def publish_and_look(tx: Transaction) -> None:
            await publish(tx, item.made_index(following))
            rows = item.service.rows("SELECT index_id FROM indexes WHERE asset_id = %s", item.asset_id)
            assert rows == [(former,)]

        item.service.transact(publish_and_look)


def test_an_index_is_not_deleted_while_another_is_made(item: Item) -> None:
    item.publish(item.request_analysis())

    assert code(item.call("DELETE", "/index")) == (409, "40906")


def test_a_deleted_index_leaves_the_asset_as_before_its_first_analysis(item: Item) -> None:
    index_id = item.request_analysis()
    claimed = claim(item.service, index_id)
    item.publish(index_id)
    end(item.service, claimed, "ANALYZE_COMPLETED")

    gone = item.call("DELETE", "/index")

    assert gone.json() == {"code": "0", "message": "success"}
    assert status_of(item)["status"] == "BEFORE_ANALYZE"
    assert code(item.call("GET", "/index")) == (409, "40908")


def test_there_is_nothing_to_delete_without_an_index(item: Item) -> None:
    assert code(item.call("DELETE", "/index")) == (404, "40405")
