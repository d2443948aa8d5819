"""Searches: hits page by page, and exports of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

import msgspec
import pytest

from app_transport import NO_FACE
from person_samples import met
from scenedex.client import (
    AssetType,
    Client,
    Conditions,
    ConfidenceLevel,
    Conflict,
    FrameRate,
    InvalidRequest,
    MatchKind,
    NotFound,
    Search,
    SearchExportFormat,
    SearchQuery,
    SearchStatus,
    UploadFailed,
)
from search_samples import Content

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Item, Site

    from app_transport import Worker
    from scenedex.client.searches import WorkspaceSearch
    from scenedex.client.testing import Recorder
    from search_samples import Archive

SHIP = Content(keywords={"ship": 0.9})


@pytest.fixture
def harbour(archive: Archive) -> Item:
    """An asset with three scenes: a ship with words, a ship alone, nothing."""
    first = Content(said=["Good morning."], shown=["Old Harbour"], keywords={"ship": 0.9, "sky": 0.8})
    return archive.film(first, SHIP, Content(), file_name="harbour.mp4")


@pytest.fixture
def ships(site: Site) -> SearchQuery:
    return SearchQuery(text="ship", project_ids=(site.base_project,))


def found(search: WorkspaceSearch, query: SearchQuery) -> list[int]:
    return [hit.scene_id for hit in search.find(query)]


def test_a_text_finds_scenes_the_surest_first_with_what_matches(
    search: WorkspaceSearch, site: Site, harbour: Item
) -> None:
    query = SearchQuery(text="ship harbour", level=ConfidenceLevel.LOW, project_ids=(site.base_project,))

    first, second = search.find(query)

    assert (first.asset_id, first.project_id, first.file_name) == (harbour.asset_id, site.base_project, "harbour.mp4")
    assert (first.asset_type, first.scene_id, first.start_time_ms, first.end_time_ms) == ("VIDEO", 1, 0, 1000)
    assert first.keyframe_url
    assert [(match.kind, match.text) for match in first.matches] == [
        (MatchKind.TEXT, "Old Harbour"),
        (MatchKind.KEYWORD, "ship"),
    ]
    assert second.scene_id == 2
    assert (first.score or 0) > (second.score or 0) > 0


def test_the_level_decides_how_sure_scenes_have_to_be(search: WorkspaceSearch, harbour: Item) -> None:
    query = SearchQuery(text="ship morning harbour", asset_ids=(harbour.asset_id,))

    numbers = [len(found(search, msgspec.structs.replace(query, level=level))) for level in ConfidenceLevel]

    assert numbers[0] == 2
    assert numbers == sorted(numbers, reverse=True)


def test_conditions_alone_find_scenes_without_a_score(search: WorkspaceSearch, archive: Archive) -> None:
    ada, grace = met(archive.site, "Ada"), met(archive.site, "Grace")
    archive.film(Content(said=["Good morning."], persons=[ada]), Content(persons=[ada, grace]), Content())
    projects = (archive.site.base_project,)

    for persons, dialogues, scenes in (
        (Conditions(must=(ada, grace)), None, [2]),
        (Conditions(any=(ada, grace)), None, [1, 2]),
        (Conditions(none=(ada,)), None, [3]),
        (Conditions(must=(ada,), none=(grace,)), Conditions(must=("GOOD",), any=("morning", "evening")), [1]),
        (None, Conditions(none=("good morning",)), [2, 3]),
        (None, Conditions(any=("evening",)), []),
    ):
        hits = list(search.find(SearchQuery(persons=persons, dialogues=dialogues, project_ids=projects)))
        assert sorted(hit.scene_id for hit in hits) == scenes
        assert {hit.score for hit in hits} <= {None}


def test_a_name_of_a_person_is_found_like_a_word(search: WorkspaceSearch, archive: Archive) -> None:
    archive.film(Content(), Content(persons=[met(archive.site, "Ada")]))

    [hit] = search.find(SearchQuery(text="ada", project_ids=(archive.site.base_project,)))

    assert [(match.kind, match.text) for match in hit.matches] == [(MatchKind.PERSON, "Ada")]


@pytest.mark.usefixtures("harbour")
def test_only_the_given_assets_and_times_are_searched(search: WorkspaceSearch, ships: SearchQuery) -> None:
    now, hour = datetime.now(UTC), timedelta(hours=1)

    for where, scenes in (
        (SearchQuery(asset_types=(AssetType.VIDEO,)), [1, 2]),
        (SearchQuery(asset_types=(AssetType.IMAGE,)), []),
        (SearchQuery(modified_from=now - hour, modified_to=now + hour), [1, 2]),
        (SearchQuery(modified_from=now + hour), []),
        (SearchQuery(modified_to=now - hour), []),
    ):
        query = msgspec.structs.replace(where, text=ships.text, project_ids=ships.project_ids)
        assert sorted(found(search, query)) == scenes


def test_a_search_that_cannot_be_answered_is_refused(search: WorkspaceSearch, site: Site) -> None:
    projects = (site.base_project,)

    for query, field in (
        (SearchQuery(project_ids=projects), "query"),
        (SearchQuery(text="ship", image="key", project_ids=projects), "query"),
    ):
        with pytest.raises(InvalidRequest, match=field):
            search.request(query)


@pytest.mark.usefixtures("harbour")
def test_nothing_found_is_an_answer(search: WorkspaceSearch, ships: SearchQuery) -> None:
    first = search.wait(search.request(msgspec.structs.replace(ships, text="zebra")))

    assert (first.status, first.total_count, first.results) == (SearchStatus.COMPLETED, 0, ())


def test_hits_are_fetched_page_by_page_while_they_are_read(
    search: WorkspaceSearch, archive: Archive, ships: SearchQuery, recorder: Recorder
) -> None:
    archive.film(*[SHIP] * 5)

    hits = search.find(ships, page_size=2)

    assert recorder.received == []
    first = [hit.scene_id for hit in islice(hits, 2)]
    assert len(recorder.received) == 2
    assert sorted(first + [hit.scene_id for hit in hits]) == [1, 2, 3, 4, 5]
    assert [it.target.partition("?")[2] for it in recorder.received[1:]] == [
        f"pageNum={number}&pageSize=2" for number in (1, 2, 3)
    ]


@pytest.mark.usefixtures("harbour")
def test_a_single_page_of_hits_is_read(search: WorkspaceSearch, ships: SearchQuery) -> None:
    search_id = search.request(ships)

    second = search.get(search_id, 2, 1)

    assert len(second.results) == 1
    assert (second.total_count, second.total_page, second.page_no, second.page_size) == (2, 2, 2, 1)
    assert search.get(search_id, 3, 1).results == ()
    with pytest.raises(InvalidRequest, match="pageSize"):
        search.get(search_id, 1, 101)


def test_a_running_search_has_no_totals_and_no_export(
    search: WorkspaceSearch, ships: SearchQuery, worker: Worker
) -> None:
    worker.is_idle = True

    search_id = search.request(ships)

    assert search.get(search_id) == Search(search_id=search_id, status=SearchStatus.RUNNING)
    with pytest.raises(Conflict, match="40917"):
        search.export(search_id, SearchExportFormat.EDL)


@pytest.mark.parametrize("search_id", ["Tq3f8ZkLw0aN5xYbR7Vd", "a b ü"])
def test_a_search_that_is_not_there_is_not_found(search: WorkspaceSearch, search_id: str) -> None:
    with pytest.raises(NotFound, match="40413"):
        search.get(search_id)
    with pytest.raises(NotFound, match="40413"):
        search.wait(search_id)
    with pytest.raises(NotFound, match="40413"):
        search.export(search_id, SearchExportFormat.CSV)


def test_a_search_belongs_to_its_workspace(
    client: Client, search: WorkspaceSearch, site: Site, ships: SearchQuery
) -> None:
    client.workspaces.create(f"{site.name}-rushes")
    search_id = search.request(ships)

    with pytest.raises(NotFound, match="40413"):
        client.search(f"{site.name}-rushes").get(search_id)
    with pytest.raises(NotFound, match="40401"):
        client.search("nowhere").request(ships)


def test_hits_are_exported(search: WorkspaceSearch, ships: SearchQuery, harbour: Item) -> None:
    search_id = search.request(ships)

    lines = search.export(search_id, SearchExportFormat.CSV).decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert all(str(harbour.asset_id) in line for line in lines[1:])
    assert search.export(search_id, SearchExportFormat.EDL, frame_rate=FrameRate.FPS_29_97).startswith(b"TITLE")


def test_a_picture_finds_what_looks_like_it(
    search: WorkspaceSearch, archive: Archive, worker: Worker, tmp_path: Path
) -> None:
    picture = tmp_path / "배.jpg"
    picture.write_bytes(b"ship")
    worker.looks = {b"ship": [1.0, 0.0]}
    archive.film(Content(look=[0, 1]), Content(look=[1, 0]))

    key = search.upload_picture(picture)
    hits = list(search.find(SearchQuery(image=key, project_ids=(archive.site.base_project,))))

    assert [hit.scene_id for hit in hits] == [2]


def test_a_picture_that_is_refused_is_named_with_the_reason(search: WorkspaceSearch, tmp_path: Path) -> None:
    picture = tmp_path / "배.jpg"
    picture.write_bytes(NO_FACE)

    with pytest.raises(UploadFailed, match=r"배\.jpg: NO_FACE: no face"):
        search.upload_picture(picture)
