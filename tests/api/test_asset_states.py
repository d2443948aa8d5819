"""Assets with the states of their imports and analyses."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

import pytest

from scenedex.assets import queries
from scenedex.assets.records import ImportStatus
from scenedex.index.previews import IndexPreview
from scenedex.index.service import publish
from summary_samples import requested, run

if TYPE_CHECKING:
    from tests.conftest import Folder, Item, Site

    from scenedex.db.database import Transaction


def states(folder: Folder, query: str = "", page: str = "pageNum=1") -> list[dict[str, Any]]:
    answer = folder.site.api("GET", f"{folder.path}/asset-states?{page}{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]["content"]


def failed(folder: Folder, key: str) -> Item:
    item = folder.register(key)

    async def end(tx: Transaction) -> bool:
        claim = await queries.claim_import(tx, item.asset_id)
        assert claim is not None
        status = ImportStatus.FILE_NOT_EXIST
        return await queries.end_import(tx, claim, status, status.result, 'There is no bucket "films".')

    assert item.service.transact(end)
    return item


def with_content(item: Item, content: str) -> Item:
    item.service.rows("UPDATE assets SET content_hash = %s WHERE asset_id = %s", content, item.asset_id)
    return item


def test_an_asset_has_its_states_and_its_whole_key(site: Site) -> None:
    item = site.base.imported("films/2025/interview.mp4")
    item.publish(item.request_analysis())
    item.service.rows("UPDATE analyses SET status = 'ANALYZE_COMPLETED' WHERE asset_id = %s", item.asset_id)

    [state] = states(site.base)

    assert state["key"] == "films/2025/interview.mp4"
    assert state["bucketName"] == "my-storage-bucket"
    assert (state["importStatus"], state["importPercent"]) == ("COMPLETED", 100)
    assert state["analysisStatus"] == "ANALYZE_COMPLETED"
    assert state["analysedTime"]
    assert state["metaData"]["resolution"] == "1280x720"
    assert state["summaryStatus"] == "BEFORE_SUMMARIZE"


def test_an_asset_has_the_state_of_its_summary(site: Site) -> None:
    item = site.base.imported()
    item.publish(item.request_analysis())
    item.service.rows("UPDATE analyses SET status = 'ANALYZE_COMPLETED' WHERE asset_id = %s", item.asset_id)

    number = requested(item)
    waiting = states(site.base)
    run(item, number)

    assert [state["summaryStatus"] for state in waiting] == ["WAIT_SUMMARIZE"]
    assert [state["summaryStatus"] for state in states(site.base)] == ["SUMMARIZE_COMPLETED"]


def test_a_failed_import_has_its_reason(site: Site) -> None:
    failed(site.base, "lost.mp4")

    [state] = states(site.base)

    assert (state["key"], state["importStatus"], state["importResult"]) == ("lost.mp4", "FILE_NOT_EXIST", "No file")
    assert state["importReason"] == 'There is no bucket "films".'
    assert "metaData" not in state


def test_filters_choose_by_state_and_name(site: Site) -> None:
    lost, new, done, broken = (
        failed(site.base, "lost.mp4"),
        site.base.imported("new Film.mp4"),
        site.base.imported("done.mp4"),
        site.base.imported("broken.mp4"),
    )
    for item in (done, broken):
        item.publish(item.request_analysis())
    broken.service.rows("UPDATE analyses SET status = 'ANALYZE_FAIL' WHERE asset_id = %s", broken.asset_id)
    waiting = site.base.register("waiting.mp4")

    def ids(query: str) -> list[int]:
        return [state["assetId"] for state in states(site.base, query)]

    assert ids("") == [item.asset_id for item in (lost, new, done, broken, waiting)]
    assert ids("&state=FAILED") == [lost.asset_id, broken.asset_id]
    assert ids("&state=NOT_ANALYSED") == [new.asset_id]
    assert ids("&name=FILM") == [new.asset_id]
    assert ids("&state=FAILED&name=lost") == [lost.asset_id]
    assert ids("&name=%25") == []


def test_names_are_found_in_either_normal_form(site: Site) -> None:
    for form in ("NFC", "NFD"):
        site.base.imported(normalize(form, "é 한글.mp4"))

    assert len(states(site.base, "&name=%C3%A9%20%ED%95%9C")) == 2
    assert len(states(site.base, "&name=e%CC%81")) == 2


def test_duplicates_are_those_of_the_workspace(site: Site, new_site: Any) -> None:
    other = new_site(site.service)
    with_content(other.base.imported(), "c0ffee")
    first = with_content(site.project("first").imported(), "c0ffee")
    second = with_content(site.base.imported("copy.mp4"), "c0ffee")
    with_content(site.base.imported("another.mp4"), "beef")
    site.base.imported("unknown.mp4")

    found = {state["key"]: state.get("duplicateOf") for state in states(site.base)}

    assert found == {"copy.mp4": first.asset_id, "another.mp4": None, "unknown.mp4": None}
    assert [state["assetId"] for state in states(site.base, "&state=DUPLICATE")] == [second.asset_id]
    assert states(first.folder, "&state=DUPLICATE") == []


def test_duplicates_are_known_by_the_tags_of_their_copies_until_both_are_hashed(site: Site) -> None:
    def copied(name: str, tag: str, size_bytes: int, content: str | None = None) -> Item:
        item = site.base.imported(name)
        update = "UPDATE assets SET copy_etag = %s, size_bytes = %s, content_hash = %s WHERE asset_id = %s"
        item.service.rows(update, tag, size_bytes, content, item.asset_id)
        return item

    def duplicates() -> dict[str, int]:
        return {state["key"]: state["duplicateOf"] for state in states(site.base, "&state=DUPLICATE")}

    first = copied("first.mp4", "aa", 1000, "c0ffee")
    copied("longer.mp4", "aa", 1001)
    copied("collides.mp4", "aa", 1000, "beef")
    again = copied("again.mp4", "aa", 1000)

    assert duplicates() == {"again.mp4": first.asset_id}
    with_content(again, "f00d")
    assert duplicates() == {}


def test_pages_have_totals_and_a_constant_number_of_statements(site: Site) -> None:
    for number in range(7):
        site.base.imported(f"{number}.mp4")
    site.service.statements.clear()
    answer = site.api("GET", f"{site.base.path}/asset-states?pageNum=2&pageSize=3&name=mp4").json()["result"]
    many = len(site.service.statements)
    site.service.statements.clear()
    states(site.base, page="pageNum=1&pageSize=1")

    assert [one["key"] for one in answer["content"]] == ["3.mp4", "4.mp4", "5.mp4"]
    assert (answer["totalCount"], answer["totalPage"], answer["pageNo"], answer["pageSize"]) == (7, 3, 2, 3)
    assert many == len(site.service.statements)


def test_states_of_work_are_filtered_counted_and_read_by_the_workspace(site: Site) -> None:
    site.base.register("importing.mp4")
    failed(site.base, "lost.mp4")
    waiting, running, done = (site.base.imported(f"{name}.mp4") for name in ("waiting", "running", "done"))
    waiting.request_analysis()
    running.request_analysis()
    running.service.rows("UPDATE analyses SET status = 'ANALYZING' WHERE asset_id = %s", running.asset_id)
    done.publish(done.request_analysis())
    done.service.rows("UPDATE analyses SET status = 'ANALYZE_COMPLETED' WHERE asset_id = %s", done.asset_id)

    counts = site.api("GET", f"{site.base.path}/asset-states/counts").json()["result"]
    one = site.api("GET", f"{site.path}/asset-states/{done.asset_id}").json()["result"]

    assert counts == {
        "total": 5, "importing": 1, "failed": 1, "notAnalysed": 2, "waiting": 1, "analysing": 1, "analysed": 1,
        "duplicate": 0,
    }  # fmt: skip
    keys = {"IMPORTING": "importing", "WAITING": "waiting", "ANALYSING": "running", "ANALYSED": "done"}
    for state, key in keys.items():
        assert [found["key"] for found in states(site.base, f"&state={state}")] == [f"{key}.mp4"]
    assert (one["key"], one["projectId"]) == ("done.mp4", site.base.project_id)
    assert one["keyframeUrl"].startswith("http")
    assert next(found["key"] for found in states(site.base, "&order=NEWEST")) == "done.mp4"


def test_an_asset_is_shown_by_its_poster(site: Site) -> None:
    item = site.base.imported("film.mp4")
    key = f"outputs/1/{'0' * 32}/poster.jpg"
    index = replace(item.made_index(item.request_analysis()), preview=IndexPreview(poster_key=key))
    item.service.transact(lambda tx: publish(tx, index))

    one = site.api("GET", f"{site.path}/asset-states/{item.asset_id}").json()["result"]

    assert "/poster.jpg?" in one["keyframeUrl"]


def test_an_asset_of_another_workspace_is_not_found(site: Site, new_site: Any) -> None:
    other = new_site(site.service).base.imported()

    answer = site.api("GET", f"{site.path}/asset-states/{other.asset_id}")

    assert (answer.status_code, answer.json()["code"]) == (404, "40403")


@pytest.mark.parametrize("query", ["state=BROKEN", "order=ANY", "name=", "name=a%00", f"name={'x' * 256}", "pageNum=0"])
def test_what_no_list_can_have_is_refused(site: Site, query: str) -> None:
    page = "" if "pageNum" in query else "pageNum=1&"
    answer = site.api("GET", f"{site.base.path}/asset-states?{page}{query}")

    assert (answer.status_code, answer.json()["code"]) == (400, "10001")


def test_the_list_of_the_vendor_is_unchanged(site: Site) -> None:
    site.base.imported()

    [asset] = site.api("GET", f"{site.base.path}/assets?pageNum=1").json()["result"]["content"]

    assert set(asset) == {
        "assetId", "fileName", "projectId", "metaData", "key",
        "createUserName", "createdTime", "updateUserName", "updatedTime",
    }  # fmt: skip
