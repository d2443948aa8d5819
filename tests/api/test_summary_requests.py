"""Requests of scene summaries: locales, chosen scenes, refusals, rights and their record."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, get_args

import pytest

from edited_indexes import put
from index_samples import SCRIPT
from scenedex.auth.keys import Role
from scenedex.engines.summaries import Basis, SummaryLocale
from scenedex.index.records import AnalysisSetting, LocaleName, SummaryBasis
from signed_calls import code, fields
from summary_samples import OWN_IDS, request, requested, run, status, summaries, summarised, texts, with_index

if TYPE_CHECKING:
    from tests.conftest import Item, Site

    from scenedex.index.records import NewIndex


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
