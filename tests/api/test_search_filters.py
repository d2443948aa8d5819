"""Filters of searches, and the pages of their hits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from scenedex.settings import ServerSettings, Settings
from search_samples import Archive, Content
from signed_calls import result

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Item, Service, Serving, Site


@pytest.fixture
def archive(site: Site) -> Archive:
    return Archive(site)


def lines(**texts: list[str]) -> dict[str, Any]:
    return {"dialogQuery": texts}


def every_page(archive: Archive, search_id: str, size: int) -> list[list[tuple[int, int]]]:
    pages: list[list[tuple[int, int]]] = []
    total = archive.get(search_id)["totalCount"]
    for number in range(1, -(-total // size) + 2):
        page = archive.get(search_id, f"?pageNum={number}&pageSize={size}")
        assert (page["totalCount"], page["totalPage"], page["pageNo"], page["pageSize"]) == (
            total,
            -(-total // size),
            number,
            size,
        )
        pages.append([(hit["assetId"], hit["sceneId"]) for hit in page["results"]])
    return pages


class TestFilter:
    @pytest.fixture
    def films(self, archive: Archive) -> dict[str, Item]:
        """Films of two projects, with a ship in each."""
        other = archive.site.project("other")
        return {
            "a": archive.film(Content(said=["ship"]), file_name="a.mp4"),
            "b": archive.film(Content(said=["ship"]), file_name="b.mp4"),
            "c": archive.film(Content(said=["ship"]), file_name="c.mp4", folder=other),
        }

    @pytest.mark.parametrize(
        ("projects", "assets", "found"),
        [
            ("a", "", "ab"),
            ("c", "", "c"),
            ("ac", "", "abc"),
            ("", "a", "a"),
            ("", "ac", "ac"),
            ("a", "ac", "a"),
            ("c", "ab", ""),
        ],
    )
    @pytest.mark.parametrize("text", ["ship", None], ids=["text", "conditions"])
    def test_scenes_are_of_the_projects_and_of_the_assets(
        self, projects: str, assets: str, found: str, text: str | None, films: dict[str, Item], archive: Archive
    ) -> None:
        where = {
            "projectIds": [films[one].folder.project_id for one in projects],
            "assetIds": [films[one].asset_id for one in assets],
        }

        hits = archive.search(text, query=lines(must=["ship"]), filter=where)["results"]

        assert sorted(hit["fileName"].removesuffix(".mp4") for hit in hits) == list(found)

    @pytest.mark.parametrize(
        ("types", "found"),
        [(["IMAGE"], "a"), (["VIDEO"], "b"), (["IMAGE", "VIDEO"], "ab"), ([], "ab"), (None, "ab")],
        ids=repr,
    )
    def test_scenes_are_of_the_types(
        self, types: list[str] | None, found: str, films: dict[str, Item], archive: Archive
    ) -> None:
        archive.service.rows("UPDATE indexes SET type = 'IMAGE' WHERE asset_id = %s", films["a"].asset_id)
        where = {"projectIds": [archive.site.base_project], "assetTypes": types}

        for query in ({"textQuery": "ship"}, lines(must=["ship"])):
            hits = archive.search(query=query, filter=where)["results"]
            assert sorted((hit["fileName"], hit["assetType"]) for hit in hits) == [
                (f"{one}.mp4", "IMAGE" if one == "a" else "VIDEO") for one in found
            ]

    def test_the_earliest_and_the_latest_time_are_included(self, archive: Archive) -> None:
        films = [archive.film(Content(said=["ship"])) for _ in range(3)]
        times = [result(film.call("GET", "/index"))["updatedTime"] for film in films]

        def found(first: int | None, last: int | None) -> list[int]:
            where: dict[str, Any] = {"projectIds": [archive.site.base_project]}
            if first is not None:
                where["indexModifiedFrom"] = times[first]
            if last is not None:
                where["indexModifiedTo"] = times[last]
            return [films.index(film) for film in films if (film.asset_id, 1) in archive.found("ship", filter=where)]

        assert found(1, None) == [1, 2]
        assert found(None, 1) == [0, 1]
        assert found(1, 1) == [1]
        assert found(0, 2) == [0, 1, 2]

    def test_all_of_time_is_a_filter(self, archive: Archive) -> None:
        film = archive.film(Content(said=["ship"]))
        ever = {"indexModifiedFrom": "0001-01-01", "indexModifiedTo": "9999-12-31T23:59:59.999999"}

        assert archive.found("ship", filter={"assetIds": [film.asset_id], **ever}) == [(film.asset_id, 1)]

    def test_an_edit_moves_the_time_of_an_index(self, archive: Archive) -> None:
        edited, left = archive.film(Content(said=["ship", "ahoy"])), archive.film(Content(said=["ship"]))
        last = result(left.call("GET", "/index"))["updatedTime"]
        since = {"projectIds": [archive.site.base_project], "indexModifiedFrom": last}
        until = {"projectIds": [archive.site.base_project], "indexModifiedTo": last}
        assert archive.found("ship", filter=since) == [(left.asset_id, 1)]

        assert edited.call("PATCH", "/index/scripts/2", {"text": "hello"}).status_code == 200

        # Editing an index does not change its time of creation.
        assert archive.found("ship", filter=since) == [(left.asset_id, 1), (edited.asset_id, 1)]
        assert archive.found("ship", filter=until) == [(left.asset_id, 1)]

    def test_times_are_of_the_configured_zone(self, serving: Serving, new_site: Callable[[Service], Site]) -> None:
        with serving(Settings(server=ServerSettings(time_zone="Asia/Seoul"))) as service:
            archive = Archive(new_site(service))
            film = archive.film(Content(said=["ship"]))
            service.rows("UPDATE indexes SET updated_time = '2025-04-23T00:00:00Z'")
            found = {
                time: archive.found("ship", filter={"assetIds": [film.asset_id], "indexModifiedFrom": time})
                for time in ("2025-04-23T09:00:00", "2025-04-23T09:00:00.000001", "2025-04-23T00:00:00Z", "2025-04-23")
            }

        assert [time for time, hits in found.items() if hits] == [
            "2025-04-23T09:00:00",
            "2025-04-23T00:00:00Z",
            "2025-04-23",
        ]

    def test_another_workspace_is_never_searched(
        self, archive: Archive, service: Service, new_site: Callable[[Service], Site]
    ) -> None:
        other = Archive(new_site(service))
        archive.film(Content(said=["ship"]))
        other.film(Content(said=["ship"]), Content(said=["ship ship"]))

        assert len(archive.found("ship")) == 1
        assert len(archive.found(query=lines(must=["ship"]))) == 1
        assert len(archive.found(query=lines(**{"not": ["zebra"]}))) == 1


class TestPaging:
    @pytest.mark.parametrize("text", ["ship", None], ids=["text", "conditions"])
    def test_pages_are_a_partition_of_the_hits(self, text: str | None, archive: Archive) -> None:
        for words in ("ship", "a ship", "ship ship ship"):
            archive.film(*(Content(said=[words]),) * 9)
        search_id = archive.requested(text, query=lines(must=["ship"]))
        archive.run(search_id)

        *pages, past = every_page(archive, search_id, 10)

        assert [len(page) for page in pages] == [10, 10, 7]
        assert past == []
        [[*everything], _] = every_page(archive, search_id, 100)
        assert [hit for page in pages for hit in page] == everything
        assert len(set(everything)) == 27

    def test_pages_do_not_change_while_the_archive_does(self, archive: Archive) -> None:
        films = [archive.film(*(Content(said=["ship"]),) * 3) for _ in range(3)]
        search_id = archive.requested("ship")
        archive.run(search_id)
        first = archive.get(search_id, "?pageSize=3")

        archive.film(Content(said=["ship"]))
        assert films[1].call("DELETE", "/index").status_code == 200

        assert first["totalCount"] == 9
        assert [page for page in every_page(archive, search_id, 3) if page] == [
            [(film.asset_id, number) for number in (1, 2, 3)] for film in (films[2], films[0])
        ]

    def test_a_page_has_fifty_hits_by_default(self, archive: Archive) -> None:
        archive.film(*(Content(said=["ship"]),) * 60)
        search_id = archive.requested("ship")
        archive.run(search_id)

        found = archive.get(search_id)
        assert (len(found["results"]), found["totalPage"], found["pageSize"]) == (50, 2, 50)
