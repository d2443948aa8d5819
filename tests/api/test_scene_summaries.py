"""Scene summaries on the wire: requests, states, results, refusals, and the lock on edits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args

import pytest

from edited_indexes import code, fields, indexed, publish_again, put, rename
from index_samples import SCRIPT
from scenedex.auth.keys import Role
from scenedex.engines.summaries import Basis, SummaryLocale
from scenedex.index.records import AnalysisSetting, LocaleName, SummaryBasis
from summary_samples import OWN_IDS, request, requested, run, status, summaries, summarised, texts

if TYPE_CHECKING:
    from tests.conftest import Item, Site

    from scenedex.index.records import NewIndex


def with_index(site: Site, *, scenes: int = 3, **changes: Any) -> Item:
    item = site.base.imported()
    item.request_analysis()
    site.service.rows("UPDATE analyses SET status = 'ANALYZE_COMPLETED' WHERE asset_id = %s", item.asset_id)
    [(index_id,)] = site.service.rows("SELECT index_id FROM analyses WHERE asset_id = %s", item.asset_id)
    put(item, replace(item.made_index(index_id, scenes=scenes), **changes))
    return item


def spoken(index: NewIndex, *languages: str) -> NewIndex:
    lines = tuple(
        replace(SCRIPT, script_id=number, language=language, text=f"line {number}")
        for number, language in enumerate(languages, 1)
    )
    first, *others = index.scenes
    return replace(index, scenes=(replace(first, scripts=lines), *others))


def test_locales_and_bases_are_those_of_the_engines() -> None:
    assert get_args(LocaleName) == get_args(SummaryLocale)
    assert get_args(SummaryBasis) == get_args(Basis)


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


def test_a_request_needs_no_body(site: Site) -> None:
    assert site.api("POST", f"{with_index(site).path}/scene-summary").status_code == 200


@pytest.mark.parametrize(
    ("language", "lines", "locale"),
    [
        ("EN", (), "en-US"),
        ("KO", ("en",), "ko-KR"),
        ("JA", (), "ja-JP"),
        ("ZH-CN", (), "zh-CN"),
        ("ZH-TW", (), "zh-TW"),
        ("ENKO", ("ko", "en", "ko"), "ko-KR"),
        ("ENKO", ("ko", "en", "en"), "en-US"),
        ("ENKO", (), "en-US"),
        (None, ("ko",), "ko-KR"),
    ],
)
def test_the_locale_is_that_of_the_asset(site: Site, language: str | None, lines: tuple[str, ...], locale: str) -> None:
    item = site.base.imported()
    setting = AnalysisSetting(analysis_person_count=0, source_language=language)
    put(item, spoken(replace(item.made_index(OWN_IDS + item.asset_id), setting=setting), *lines))

    assert request(item, {}).json()["result"]["locale"] == locale


@pytest.mark.parametrize("locale", ["ko-KR", "en-US", "ja-JP", "zh-CN", "zh-TW"])
def test_a_locale_can_be_chosen(site: Site, locale: str) -> None:
    item = with_index(site, scenes=1)

    summarised(item, {"locale": locale})

    assert texts(item) == {1: f"This is scene 1 in {locale}."}


@pytest.mark.parametrize("locale", ["fr-FR", "en", "EN-us", "", 7])
def test_other_locales_are_refused(site: Site, locale: object) -> None:
    answer = request(with_index(site), {"locale": locale})

    assert code(answer) == (400, "10001")
    assert fields(answer) == ["locale"]


def test_a_partial_run_replaces_only_its_scenes(site: Site) -> None:
    item = with_index(site)
    summarised(item, {"locale": "ja-JP"})
    put_line(item, 2, "Good morning.")

    asked = request(item, {"sceneIds": [3, 2, 2]}).json()["result"]
    assert (asked["sceneIds"], asked["locale"]) == ([2, 3], "ja-JP")
    run(item, asked["sceneSummaryId"])

    assert texts(item) == {
        1: "This is scene 1 in ja-JP.",
        2: "This is scene 2 in ja-JP.Good morning.",
        3: "This is scene 3 in ja-JP.",
    }
    assert summaries(item)["sceneSummaryInfo"]["analyzedSceneIds"] == [2, 3]
    assert status(item)["sceneIds"] == [2, 3]
    summarised(item)
    assert summaries(item)["sceneSummaryInfo"]["analyzedSceneIds"] is None


def put_line(item: Item, scene_id: int, text: str) -> None:
    item.service.rows(
        "INSERT INTO scripts (index_id, scene_id, script_id, speaker, text, language, confidence, start_ms, end_ms)"
        " SELECT index_id, %s, 1, 'Speaker 1', %s, 'en', 1, 1000, 1500 FROM indexes WHERE asset_id = %s",
        scene_id,
        text,
        item.asset_id,
    )


@pytest.mark.parametrize("ended", [None, "failed", "canceled"])
def test_scenes_cannot_be_chosen_before_a_full_run_has_completed(site: Site, ended: str | None) -> None:
    item = with_index(site)
    if ended is not None:
        requested(item)
        item.call("POST", "/scene-summary/cancel")
    if ended == "failed":
        site.service.rows("UPDATE summary_runs SET status = 'SUMMARIZE_FAIL'")

    assert code(request(item, {"sceneIds": [1]})) == (409, "40921")


def test_a_partial_run_has_no_locale_of_its_own(site: Site) -> None:
    item = with_index(site)
    summarised(item)

    answer = request(item, {"sceneIds": [1], "locale": "en-US"})

    assert code(answer) == (400, "10001")
    assert fields(answer) == ["locale"]


def test_unknown_scenes_are_named(site: Site) -> None:
    item = with_index(site)
    summarised(item)

    answer = request(item, {"sceneIds": [1, 9, 0, -4]})

    assert code(answer) == (400, "10001")
    [problem] = answer.json()["responseError"]["details"]
    assert problem == {"field": "sceneIds", "reason": "the index has no scene -4, 0, 9. It has the scenes 1 to 3"}


@pytest.mark.parametrize(
    ("body", "field"),
    [({"sceneIds": []}, "sceneIds"), ({"sceneIds": ["1"]}, "sceneIds[0]"), ({"sceneIds": 1}, "sceneIds"), ([], "body")],
)
def test_malformed_requests_are_refused(site: Site, body: object, field: str) -> None:
    item = with_index(site)
    summarised(item)

    answer = request(item, body)

    assert code(answer) == (400, "10001")
    assert fields(answer) == [field]


def test_a_picture_has_one_scene(site: Site) -> None:
    item = with_index(site, scenes=1, type="IMAGE")

    summarised(item)

    assert list(texts(item)) == [1]


def test_a_request_needs_an_index(site: Site) -> None:
    item = site.base.imported()

    assert code(request(item, {})) == (409, "40908")
    assert status(item)["status"] == "BEFORE_SUMMARIZE"
    assert code(item.call("GET", "/scene-summary")) == (404, "40420")


def test_one_run_at_a_time(site: Site) -> None:
    item = with_index(site)
    requested(item)

    assert code(request(item, {})) == (409, "40920")
    assert code(item.call("GET", "/scene-summary")) == (404, "40420")


def test_no_summary_is_requested_while_an_analysis_runs(site: Site) -> None:
    item = with_index(site)
    item.request_analysis()

    assert code(request(item, {})) == (409, "40906")


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


def test_viewers_only_read(site: Site) -> None:
    item = with_index(site)
    summarised(item)
    viewer = site.service.api(Role.VIEWER)

    assert viewer("GET", f"{item.path}/scene-summary").status_code == 200
    assert viewer("GET", f"{item.path}/scene-summary/status").status_code == 200
    for below in ("/scene-summary", "/scene-summary/cancel"):
        refused = viewer("POST", item.path + below, {})
        assert (refused.status_code, refused.json()["error"]["errorCode"]) == (401, "210")


def test_unknown_assets_are_not_found(site: Site) -> None:
    for method, below in (("POST", ""), ("GET", ""), ("GET", "/status"), ("POST", "/cancel")):
        answer = site.api(
            method, f"{site.base.path}/assets/999999/scene-summary{below}", {} if method == "POST" else None
        )
        assert code(answer) == (404, "40403")


def test_requests_and_their_ends_are_audited(site: Site) -> None:
    item = with_index(site)
    summary_id = summarised(item)
    requested(item)
    item.call("POST", "/scene-summary/cancel")

    events = site.service.rows(
        "SELECT event, created_id FROM audit_events WHERE resource LIKE %s AND event LIKE %s ORDER BY event_id",
        f"{item.path}%",
        "%Scene Summary%",
    )
    assert events[0] == ("Request Scene Summary", str(summary_id))
    assert [event for event, _ in events[1:]] == [
        "Handle Scene Summary Success",
        "Request Scene Summary",
        "Cancel Scene Summary",
    ]


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
