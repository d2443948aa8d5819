"""Moments of hits, and hits in assets with the same bytes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from person_samples import met
from scenedex.index.records import IndexedScript, IndexedText
from scenedex.index.service import publish
from search_samples import Archive, Content, matched, meaning

if TYPE_CHECKING:
    from tests.conftest import Item, Site


@pytest.fixture
def archive(site: Site) -> Archive:
    return Archive(site)


def said_at(archive: Archive, item: Item, *scene_ends_ms: int) -> None:
    """Publish an index with scenes that end at these times and with a line and a text at the same times."""
    index = item.made_index(item.request_analysis(), scenes=len(scene_ends_ms))
    line = IndexedScript(1, "Speaker 1", "The ship is in the harbour.", "EN", 0.9, 31_040, 34_000)
    text = IndexedText("WEATHER", 0, 0, 1, 0.1, 0.9, 70_000, 72_000)
    start_ms = 0
    scenes = list(index.scenes)
    for place, end_ms in enumerate(scene_ends_ms):
        scenes[place] = replace(
            scenes[place],
            start_ms=start_ms,
            end_ms=end_ms,
            scripts=(line,) if start_ms <= line.start_ms < end_ms else (),
            texts=(text,) if start_ms <= text.start_ms < end_ms else (),
        )
        start_ms = end_ms
    made = replace(index, scenes=tuple(scenes), duration_ms=start_ms)
    archive.service.transact(lambda tx: publish(tx, made))
    archive.service.rows("UPDATE analyses SET status = 'ANALYZE_COMPLETED' WHERE asset_id = %s", item.asset_id)


def with_bytes(archive: Archive, content: str, *items: Item) -> None:
    for item in items:
        archive.service.rows("UPDATE assets SET content_hash = %s WHERE asset_id = %s", content, item.asset_id)


def places(hit: dict[str, Any]) -> list[int]:
    return [place["assetId"] for place in hit["places"]]


class TestMoment:
    def test_a_hit_has_the_time_of_the_line(self, archive: Archive) -> None:
        film = archive.site.base.imported()
        said_at(archive, film, 120_000)

        [hit] = archive.search("harbour ship")["results"]

        assert (hit["startTimeMs"], hit["endTimeMs"]) == (0, 120_000)
        assert (hit["momentStartMs"], hit["momentEndMs"]) == (31_040, 34_000)
        page = f"/console/w/{archive.site.name}/assets/{film.asset_id}?t=31.04"
        assert hit["momentUrl"].startswith("http://")
        assert hit["momentUrl"].endswith(page)
        assert hit["matches"] == [
            {
                "kind": "DIALOGUE",
                "text": "The ship is in the harbour.",
                "startTimeMs": 31_040,
                "endTimeMs": 34_000,
                "confidence": 0.9,
                "scriptId": 1,
                "speaker": "Speaker 1",
            }
        ]

    def test_conditions_alone_have_a_moment(self, archive: Archive) -> None:
        said_at(archive, archive.site.base.imported(), 120_000)

        [hit] = archive.search(query={"dialogQuery": {"must": ["in the harbour"]}})["results"]

        assert (hit["momentStartMs"], hit["momentEndMs"]) == (31_040, 34_000)

    def test_a_name_of_a_file_has_the_moment_of_its_scene(self, archive: Archive) -> None:
        archive.film(Content(), Content(), file_name="regatta.mp4")

        hits = archive.search("regatta")["results"]

        assert [(hit["momentStartMs"], hit["momentEndMs"], hit["matches"]) for hit in hits] == [
            (0, 1000, []),
            (1000, 2000, []),
        ]

    def test_a_person_and_a_line_are_matches_of_one_moment(self, archive: Archive) -> None:
        jane = met(archive.site, "Jane")
        archive.film(Content(said=["ship"], persons=[jane]))

        [hit] = archive.search("ship", query={"personQuery": {"must": [jane]}})["results"]

        assert matched(hit, "DIALOGUE") == ["ship"]
        assert (matched(hit, "PERSON"), matched(hit, "PERSON", "personId")) == (["Jane"], [jane])

    def test_a_similar_meaning_names_its_engine(self, archive: Archive) -> None:
        archive.film(Content(meaning=meaning("ship")), *(Content(meaning=meaning(f"word {it}")) for it in range(9)))

        [hit] = archive.search("ship", handler=archive.handler_with_meaning())["results"]

        assert matched(hit, "MEANING", "engine") == ["word-counts 1"]

    def test_a_search_without_stored_evidence_has_moments(self, archive: Archive) -> None:
        said_at(archive, archive.site.base.imported(), 120_000)
        search_id = archive.requested("harbour")
        archive.run(search_id)
        archive.service.rows("UPDATE searches SET evidence = '{}', ranks = '{}' WHERE search_id = %s", search_id)

        [hit] = archive.get(search_id)["results"]

        assert hit["momentStartMs"] == 31_040


class TestCopies:
    def test_the_same_scene_of_the_same_bytes_is_one_hit_with_its_places(self, archive: Archive) -> None:
        films = [archive.film(Content(said=["ship"]), Content(said=["ship ahoy"])) for _ in range(3)]
        with_bytes(archive, "a", *films[:2])

        found = archive.search("ship")

        assert (found["totalCount"], len(found["results"])) == (4, 4)
        assert sorted(sorted(places(hit)) for hit in found["results"]) == sorted(
            [[films[0].asset_id, films[1].asset_id]] * 2 + [[films[2].asset_id]] * 2
        )
        assert all(hit["places"][0]["assetId"] == hit["assetId"] for hit in found["results"])
        assert all(place["fileName"] == "film.mp4" for hit in found["results"] for place in hit["places"])

    def test_pages_and_totals_count_moments(self, archive: Archive) -> None:
        films = [archive.film(*(Content(said=["ship"]),) * 5) for _ in range(3)]
        with_bytes(archive, "a", *films)
        search_id = archive.requested("ship")
        archive.run(search_id)

        pages = [archive.get(search_id, f"?pageSize=2&pageNum={number}") for number in (1, 2, 3)]

        assert {(page["totalCount"], page["totalPage"]) for page in pages} == {(5, 3)}
        assert [hit["sceneId"] for page in pages for hit in page["results"]] == [1, 2, 3, 4, 5]

    def test_another_copy_is_shown_once_the_first_is_deleted(self, archive: Archive) -> None:
        films = [archive.film(Content(said=["ship"])) for _ in range(2)]
        with_bytes(archive, "a", *films)
        search_id = archive.requested("ship")
        archive.run(search_id)
        [before] = archive.get(search_id)["results"]
        left = next(film for film in films if film.asset_id != before["assetId"])

        assert next(film for film in films if film is not left).call("DELETE").status_code == 200

        found = archive.get(search_id)
        assert (found["totalCount"], [places(hit) for hit in found["results"]]) == (1, [[left.asset_id]])

    def test_copies_outside_the_filter_are_no_places(self, archive: Archive) -> None:
        films = [archive.film(Content(said=["ship"])) for _ in range(2)]
        with_bytes(archive, "a", *films)

        [hit] = archive.search("ship", filter={"assetIds": [films[0].asset_id]})["results"]

        assert places(hit) == [films[0].asset_id]

    def test_scenes_of_other_bounds_are_one_hit_if_the_moment_is_the_same(self, archive: Archive) -> None:
        films = [archive.site.base.imported() for _ in range(2)]
        with_bytes(archive, "a", *films)
        said_at(archive, films[0], 120_000)
        said_at(archive, films[1], 60_000, 120_000)

        said = archive.search("harbour")["results"]
        either = archive.search("harbour weather", queryOption={"confidenceLevel": "LOW"})["results"]

        assert [sorted(places(hit)) for hit in said] == [[film.asset_id for film in films]]
        assert sorted((hit["momentStartMs"], len(places(hit))) for hit in either) == [(31_040, 2), (70_000, 1)]

    def test_grouping_takes_the_same_number_of_statements_for_any_number_of_copies(self, archive: Archive) -> None:
        numbers: list[int] = []
        for count in (2, 12):
            with_bytes(archive, "a", *(archive.film(Content(said=["ship"])) for _ in range(count)))
            search_id = archive.requested("ship")
            archive.service.statements.clear()
            archive.run(search_id)
            numbers.append(len(archive.service.statements))
            assert archive.get(search_id)["totalCount"] == 1

        assert numbers[0] == numbers[1]
