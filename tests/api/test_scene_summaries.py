"""Scene summaries on the wire: states, results, the lock on edits, and what ends with an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from edited_indexes import indexed, publish_again, rename
from signed_calls import code
from summary_samples import request, requested, run, status, summaries, summarised, texts, with_index

if TYPE_CHECKING:
    from tests.conftest import Site


def test_a_summary_is_requested_made_and_read(site: Site) -> None:
    item = with_index(site)
    assert status(item) == {"status": "BEFORE_SUMMARIZE", "statusMessage": "No scene summary has been requested"}

    asked = request(item, {}).json()["result"]

    assert asked.keys() == {
        "sceneSummaryId", "indexId", "status", "locale", "sceneIds",
        "createdTime", "createdUserName", "updatedTime", "updatedUserName",
    }  # fmt: skip
    assert (asked["status"], asked["locale"], asked["sceneIds"]) == ("WAIT_SUMMARIZE", "en-US", None)
    waiting = status(item)
    assert (waiting["status"], waiting["statusMessage"]) == ("WAIT_SUMMARIZE", "Waiting for scene summary")
    assert waiting["progress"]["percent"] == 0
    run(item, asked["sceneSummaryId"])
    done = status(item)
    assert (done["status"], done["statusMessage"]) == ("SUMMARIZE_COMPLETED", "Scene summary completed")
    assert done["progress"] == {
        "scenesDone": 3,
        "sceneCount": 3,
        "percent": 100,
        "unsupportedSentences": 3,
        "usage": {"pictures": 0, "inputTokens": 300, "outputTokens": 30},
    }
    assert (done["engine"], done["model"], done["promptVersion"]) == ("scripted 1", "scripted-model", "1")
    found = summaries(item)
    assert found["indexId"] == asked["indexId"]
    assert found["sceneSummaryInfo"].keys() == {"lastAnalyzedAt", "analyzedSceneIds"}
    assert found["sceneSummaryInfo"]["analyzedSceneIds"] is None
    assert found["sceneSummaries"][1] == {
        "sceneId": 2,
        "startTimeMs": 1000,
        "endTimeMs": 2000,
        "summary": "This is scene 2 in en-US.",
        "locale": "en-US",
        "sentences": [{"text": "This is scene 2 in en-US.", "basis": "seen"}],
        "engine": "scripted 1",
        "model": "scripted-model",
        "promptVersion": "1",
    }


def test_a_new_analysis_ends_the_run(site: Site) -> None:
    item = with_index(site)
    requested(item)

    item.request_analysis()

    ended = status(item)
    assert ended["status"] == "SUMMARIZE_CANCELED"
    assert ended["statusMessage"] == "Canceled, since the index of the asset is replaced or deleted."


def test_a_new_index_has_no_summaries(site: Site) -> None:
    edited = indexed(site)
    site.service.rows("UPDATE analyses SET status = 'ANALYZE_COMPLETED' WHERE asset_id = %s", edited.item.asset_id)
    summarised(edited.item)

    publish_again(edited)

    assert status(edited.item)["status"] == "BEFORE_SUMMARIZE"
    assert code(edited.item.call("GET", "/scene-summary")) == (404, "40420")


def test_a_cancelled_run_leaves_former_summaries(site: Site) -> None:
    item = with_index(site)
    summarised(item)
    former = summaries(item)
    summary_id = requested(item, {"locale": "ko-KR"})
    assert summaries(item) == former

    assert item.call("POST", "/scene-summary/cancel").json() == {"code": "0", "message": "success"}

    run(item, summary_id)
    ended = status(item)
    assert (ended["status"], ended["statusMessage"]) == ("SUMMARIZE_CANCELED", "Scene summary canceled")
    assert summaries(item) == former
    refused = item.call("POST", "/scene-summary/cancel")
    assert code(refused) == (409, "40922")
    assert refused.json()["message"] == "Cannot cancel scene summary in the current state."


def test_only_what_waits_or_runs_is_cancelled(site: Site) -> None:
    item = with_index(site)

    assert code(item.call("POST", "/scene-summary/cancel")) == (409, "40922")
    summarised(item)
    assert code(item.call("POST", "/scene-summary/cancel")) == (409, "40922")


def test_an_index_is_not_edited_while_a_summary_waits_or_runs(site: Site) -> None:
    edited = indexed(site)
    site.service.rows("UPDATE analyses SET status = 'ANALYZE_COMPLETED' WHERE asset_id = %s", edited.item.asset_id)
    edits = (
        lambda: edited.give({"name": "Ann"}),
        lambda: edited.correct({"text": "Hello."}),
        lambda: edited.change("Speaker 2", {"name": "Bob"}),
    )
    summary_id = requested(edited.item)
    before = edited.edit_count()

    for state in ("WAIT_SUMMARIZE", "SUMMARIZING"):
        site.service.rows("UPDATE summary_runs SET status = %s WHERE summary_id = %s", state, summary_id)
        assert [code(edit()) for edit in edits] == [(409, "40919")] * 3
    rename(site, edited.person_id, "Carla")

    assert edited.edit_count() == before
    run(edited.item, summary_id)
    assert [edit().status_code for edit in edits] == [200] * 3


@pytest.mark.parametrize("end", ["cancel", "fail"])
def test_an_index_is_edited_again_once_the_run_has_ended(site: Site, end: str) -> None:
    edited = indexed(site)
    site.service.rows("UPDATE analyses SET status = 'ANALYZE_COMPLETED' WHERE asset_id = %s", edited.item.asset_id)
    requested(edited.item)
    if end == "cancel":
        edited.item.call("POST", "/scene-summary/cancel")
    else:
        site.service.rows("UPDATE summary_runs SET status = 'SUMMARIZE_FAIL'")

    assert edited.correct({"text": "Hello."}).status_code == 200


def test_summaries_move_with_the_asset(site: Site) -> None:
    item = with_index(site)
    summarised(item)
    former, target = summaries(item), site.project("elsewhere")

    item.call("PATCH", f"?new_project_id={target.project_id}")

    assert summaries(type(item)(target, item.asset_id)) == former


@pytest.mark.parametrize("below", ["/index", ""])
def test_summaries_are_removed_with_index_or_asset(site: Site, below: str) -> None:
    item = with_index(site)
    summarised(item)
    requested(item)

    assert item.call("DELETE", below).status_code == 200

    for table in ("scene_summaries", "index_summaries", "summary_runs", "summary_drafts"):
        statement = f"SELECT count(*) FROM {table} WHERE index_id NOT IN (SELECT index_id FROM indexes)"
        assert site.service.rows(statement) == [(0,)]
    if below:
        assert status(item)["status"] == "BEFORE_SUMMARIZE"


def test_an_index_shows_its_summaries_and_has_another_revision(site: Site) -> None:
    item = with_index(site)
    tag = item.call("GET", "/index").headers["etag"]
    assert "summary" not in item.call("GET", "/index").json()["result"]["scenes"][0]

    summarised(item)

    answer = item.call("GET", "/index")
    assert answer.headers["etag"] != tag
    assert [scene["summary"] for scene in answer.json()["result"]["scenes"]] == list(texts(item).values())
    assert answer.json()["result"]["updatedTime"] == answer.json()["result"]["createdTime"]


def test_summaries_are_read_in_a_constant_number_of_statements(site: Site) -> None:
    small, large = with_index(site, scenes=2), with_index(site, scenes=40)
    counts: list[int] = []
    for item in (small, large):
        summarised(item)
        before = len(site.service.statements)
        summaries(item)
        counts.append(len(site.service.statements) - before)

    assert counts[0] == counts[1]


def test_older_paths_name_the_index_and_the_run(site: Site) -> None:
    item = with_index(site, scenes=1)
    [(index_id,)] = site.service.rows("SELECT index_id FROM indexes WHERE asset_id = %s", item.asset_id)
    older, another = f"/indexes/{index_id}/scene-summaries", f"/indexes/{index_id + 1}/scene-summaries"
    assert code(item.call("POST", another, {})) == (404, "40405")
    assert code(item.call("GET", older)) == (404, "40420")

    asked = item.call("POST", older, {"locale": "zh-TW"}).json()["result"]
    number = asked["sceneSummaryId"]

    assert asked["id"] == number
    assert item.call("GET", f"{older}/{number}/status").json()["result"] == status(item)
    assert code(item.call("GET", f"{older}/{number + 1}/status")) == (404, "40421")
    assert code(item.call("GET", f"{another}/{number}/status")) == (404, "40421")
    assert code(item.call("DELETE", f"{older}/{number + 1}")) == (404, "40421")
    assert code(item.call("DELETE", f"{another}/{number}")) == (404, "40421")
    assert item.call("DELETE", f"{older}/{number}").json() == {"code": "0", "message": "success"}
    assert code(item.call("DELETE", f"{older}/{number}")) == (409, "40922")
    summarised(item)
    assert item.call("GET", older).json()["result"] == summaries(item)
    assert code(item.call("GET", another)) == (404, "40420")
    assert code(item.call("GET", "/indexes/x/scene-summaries")) == (400, "10001")


def test_exports_have_the_summaries(site: Site) -> None:
    item = with_index(site, scenes=2)
    summarised(item)

    chapters = item.call("GET", "/index/export?format=chapters")
    rows = item.call("GET", "/index/export?format=csv").text.splitlines()
    document = item.call("GET", "/index/export?format=json").json()

    assert chapters.headers["content-type"] == "text/vtt; charset=utf-8"
    assert chapters.headers["content-disposition"].startswith('attachment; filename="sample-video.chapters.vtt"')
    assert chapters.text.splitlines()[-3:] == ["2", "00:00:01.000 --> 00:00:02.000", "This is scene 2 in en-US."]
    assert [row for row in rows if row.startswith("summary,2,")] == [
        "summary,2,,1000,2000,This is scene 2 in en-US.,,,en-US,,,,,,"
    ]
    assert [scene["summary"] for scene in document["scenes"]] == list(texts(item).values())
