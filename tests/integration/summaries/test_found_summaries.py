"""Scenes are found by the words and by the meaning of their summaries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.analysis.vectors import vector_engines
from scenedex.engines.registry import EngineRegistry
from scenedex.jobs.attempts import Attempts
from scenedex.jobs.readiness import AlwaysReady
from scenedex.search.coverage import search_coverage
from scenedex.search.reindexing import ReindexHandler
from scenedex.worker.options import vector_maker
from search_samples import Archive, Content, matched
from summary_samples import summarised

if TYPE_CHECKING:
    from tests.conftest import Item, Site

# Of no scene but by its summary. The number of the scene is in the sentence of the script.
WORDS = "this scene"


def reindexed(archive: Archive) -> None:
    """Make the missing vectors of a workspace, with the bundled engines."""
    service = archive.service
    settings, platform = service.platform.settings, service.platform
    [(workspace_id,)] = service.rows("SELECT workspace_id FROM workspaces WHERE workspace_name = %s", archive.site.name)
    service.rows("DELETE FROM reindexings WHERE workspace_id = %s", workspace_id)
    service.rows("INSERT INTO reindexings (workspace_id) VALUES (%s)", workspace_id)
    engines = vector_engines(settings.engines, settings.weights_folder, EngineRegistry())
    handler = ReindexHandler(
        platform.database,
        platform.managed,
        engines=lambda: {"TEXT": engines["TEXT"]},
        vectors=vector_maker(settings, platform.metrics),
    )
    job = Attempts(handler, platform.database, readiness=AlwaysReady(), max_attempts=1)
    service.run(lambda: job.run(workspace_id))


def counted(archive: Archive, word: str) -> int:
    found = archive.service.rows("SELECT scene_count FROM search_terms WHERE term LIKE %s", f"%:{word}")
    return sum(count for (count,) in found)


def vectors(item: Item) -> list[tuple[int, int, int]]:
    """Scene, start and end of the vectors of the passages of an asset."""
    return item.service.rows(
        "SELECT scene_id, start_ms, end_ms FROM scene_vectors JOIN indexes USING (index_id)"
        " WHERE asset_id = %s AND space = 'TEXT' ORDER BY scene_id, place",
        item.asset_id,
    )


def test_words_of_a_summary_find_its_scene(site: Site) -> None:
    archive = Archive(site)
    film = archive.film(Content(said=["Good morning."]), Content(), Content())
    assert archive.found('"this is scene 2"') == []

    summarised(film)

    [hit] = archive.search('"this is scene 2"')["results"]
    assert (hit["assetId"], hit["sceneId"]) == (film.asset_id, 2)
    assert (hit["momentStartMs"], hit["momentEndMs"]) == (1000, 2000)
    [match] = hit["matches"]
    assert match == {
        "kind": "SUMMARY",
        "text": "This is scene 2 in en-US.",
        "startTimeMs": 1000,
        "endTimeMs": 2000,
        "confidence": 0.5,
        "engine": "scripted 1",
    }


def test_what_is_said_is_not_found_as_said_by_a_summary(site: Site) -> None:
    archive = Archive(site)
    film = archive.film(Content(said=["Good morning."]))
    summarised(film)

    [hit] = archive.search("good morning")["results"]

    assert [match["kind"] for match in hit["matches"]] == ["DIALOGUE", "SUMMARY"]
    assert matched(hit, "DIALOGUE") == ["Good morning."]
    assert archive.found(None, query={"dialogQuery": {"must": ["this is scene"]}}) == []


def test_another_summary_replaces_the_words_of_the_former(site: Site) -> None:
    archive = Archive(site)
    film = archive.film(Content(), Content())
    summarised(film, {"locale": "ko-KR"})
    assert archive.found('"in ko KR"') == [(film.asset_id, 1), (film.asset_id, 2)]

    summarised(film, {"locale": "ja-JP"})

    assert archive.found('"in ko KR"') == []
    assert archive.found('"in ja JP"') == [(film.asset_id, 1), (film.asset_id, 2)]


def test_terms_are_counted_while_there_are_summaries(site: Site) -> None:
    archive = Archive(site)
    film = archive.film(Content(), Content())
    before = counted(archive, "scene")
    summarised(film)
    assert counted(archive, "scene") == before + 2

    film.call("DELETE")

    assert counted(archive, "scene") == before


def test_the_meaning_of_a_summary_finds_its_scene(site: Site) -> None:
    archive = Archive(site)
    film = archive.film(Content(said=["Good morning."]), Content())
    summarised(film)
    # The sentence of the fake stands for one of an engine.
    site.service.rows(
        "UPDATE scene_summaries SET text = 'A dog runs across a snowy field.' WHERE scene_id = 2"
        " AND index_id = (SELECT index_id FROM indexes WHERE asset_id = %s)",
        film.asset_id,
    )

    reindexed(archive)

    assert vectors(film) == [(1, 0, 1000), (1, 0, 1000), (2, 1000, 2000)]
    hits = archive.search("a puppy in winter", queryOption={"confidenceLevel": "LOW"})["results"]
    assert (hits[0]["assetId"], hits[0]["sceneId"]) == (film.asset_id, 2)
    assert matched(hits[0], "MEANING") == ["A dog runs across a snowy field."]


def test_a_scene_with_a_summary_alone_counts_as_one_with_words(site: Site) -> None:
    archive = Archive(site)
    film = archive.film(Content(said=["Good morning."]), Content())

    def scenes_with_words() -> int:
        return site.service.transact(lambda tx: search_coverage(tx, {"TEXT": "none"}))[1]["TEXT"].scenes

    before = scenes_with_words()
    summarised(film)

    assert scenes_with_words() == before + 1


def test_a_corrected_line_keeps_the_summary_findable(site: Site) -> None:
    archive = Archive(site)
    film = archive.film(Content(said=["Good morning."]))
    summarised(film)

    assert film.call("PATCH", "/index/scripts/1", {"text": "Good evening."}).status_code == 200

    assert archive.found("evening") == [(film.asset_id, 1)]
    assert archive.found('"this is scene 1"') == [(film.asset_id, 1)]
