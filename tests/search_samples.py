"""A workspace with scenes to find, and searches of it as a worker runs them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from index_samples import vector
from scenedex.engines.embeddings.toy import WordCounts
from scenedex.engines.engine import EngineUnavailable
from scenedex.engines.registry import EngineRegistry
from scenedex.index.records import (
    IndexedAppearance,
    IndexedKeyword,
    IndexedPerson,
    IndexedScript,
    IndexedText,
    IndexedVector,
)
from scenedex.index.service import publish
from scenedex.jobs.attempts import Attempts
from scenedex.jobs.readiness import AlwaysReady
from scenedex.search.embedding import QueryEmbedder
from scenedex.search.run import SearchHandler
from scenedex.worker import scene_search_options

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import httpx2
    from tests.conftest import Folder, Item, Service, Site

    from scenedex.engines.embeddings import TextEmbedder
    from scenedex.index.records import IndexedScene, VectorSpace
    from scenedex.jobs.runner import JobHandler
    from scenedex.settings import Settings

Scene = tuple[int, int]
TOY = "word-counts 1"


def open_toy(engine: str) -> TextEmbedder:
    """Load the engine of toy vectors, which embeds texts by their words. Refuse every other engine."""
    if engine != TOY:
        raise EngineUnavailable(f"There is no {engine} here.")
    return WordCounts()


def meaning(text: str) -> list[float]:
    """Return the vector of a text by the toy engine."""
    return WordCounts().embed_query(text).tolist()


def matched(hit: Mapping[str, Any], kind: str, field: str = "text") -> list[Any]:
    """Return a field of the matches of a kind."""
    return [match.get(field) for match in hit["matches"] if match["kind"] == kind]


@dataclass(frozen=True)
class Content:
    """Content of a scene."""

    said: Sequence[str] = ()
    shown: Sequence[str] = ()
    keywords: Mapping[str, float] | None = None
    persons: Sequence[int] = ()
    unsure: Sequence[str] = ()
    meaning: Sequence[float] = ()
    look: Sequence[float] = ()
    text_engine: str = TOY
    picture_engine: str = "layout 1"


@dataclass(frozen=True)
class Archive:
    """A workspace with scenes, and calls of it."""

    site: Site

    @property
    def service(self) -> Service:
        return self.site.service

    @property
    def path(self) -> str:
        return f"{self.site.path}/assets/search"

    def film(self, *contents: Content, file_name: str = "film.mp4", folder: Folder | None = None) -> Item:
        """Add an asset with an index of these scenes."""
        item = (folder or self.site.base).imported(file_name)
        self.publish(item, *contents)
        return item

    def publish(self, item: Item, *contents: Content) -> None:
        """Publish an index of the asset with these scenes."""
        index = item.made_index(item.request_analysis(), scenes=len(contents))
        scenes: list[IndexedScene] = []
        line = 0
        for scene, content in zip(index.scenes, contents, strict=True):
            at = scene.start_ms, scene.end_ms
            lines = tuple(
                IndexedScript(line + number, "Speaker 1", text, "EN", 0.9, *at)
                for number, text in enumerate(content.said, 1)
            )
            line += len(lines)
            vectors: list[tuple[VectorSpace, str, Sequence[float]]] = [
                ("TEXT", content.text_engine, content.meaning),
                ("PICTURE", content.picture_engine, content.look),
            ]
            scenes.append(
                replace(
                    scene,
                    scripts=lines,
                    texts=(
                        *(IndexedText(text, 0, 0, 1, 0.1, 0.9, *at) for text in content.shown),
                        *(IndexedText(text, 0, 0.5, 1, 0.1, 0.2, *at) for text in content.unsure),
                    ),
                    keywords=tuple(
                        IndexedKeyword(word, "OBJECT", confidence, (at,))
                        for word, confidence in (content.keywords or {}).items()
                    ),
                    persons=tuple(IndexedPerson(person, (IndexedAppearance(*at, 0.9),)) for person in content.persons),
                    vectors=tuple(
                        IndexedVector(space, engine, vector(*values), *at)
                        for space, engine, values in vectors
                        if values
                    ),
                )
            )
        made = replace(index, scenes=tuple(scenes))
        self.service.transact(lambda tx: publish(tx, made))
        self.service.rows("UPDATE analyses SET status = 'ANALYZE_COMPLETED' WHERE asset_id = %s", item.asset_id)

    def request(self, text: str | None = None, **body: Any) -> dict[str, Any]:
        """Return the body of a search in all projects of the workspace."""
        query = {**({} if text is None else {"textQuery": text}), **body.pop("query", {})}
        return {"query": query, "filter": {"projectIds": [self.site.base_project]}, **body}

    def ask(self, text: str | None = None, **body: Any) -> httpx2.Response:
        return self.site.api("POST", self.path, self.request(text, **body))

    def requested(self, text: str | None = None, **body: Any) -> str:
        """Request a search and return its id."""
        answer = self.ask(text, **body)
        assert answer.status_code == 200, answer.text
        assert answer.json()["result"]["status"] == "RUNNING"
        return answer.json()["result"]["searchId"]

    def handler(self, settings: Settings | None = None, **changes: Any) -> JobHandler:
        """Return the handler of searches of a worker with these settings."""
        platform = self.service.platform
        search_options = replace(scene_search_options(settings or platform.settings, EngineRegistry()), **changes)
        handler = SearchHandler(platform.database, options=search_options, metrics=platform.metrics)
        return Attempts(handler, platform.database, readiness=AlwaysReady(), max_attempts=3)

    def handler_with_meaning(self, *, by_meaning: bool = True) -> JobHandler:
        """Return the handler with the toy engine for the meaning of texts."""
        embedder = QueryEmbedder(open_toy)
        return self.handler(embedder=embedder, selected_engines=lambda: {"TEXT": TOY}, compares_meaning=by_meaning)

    def run(self, search_id: str, handler: JobHandler | None = None) -> None:
        """Run a search as a worker does."""
        [(number,)] = self.service.rows("SELECT search_number FROM searches WHERE search_id = %s", search_id)
        chosen = handler or self.handler()
        self.service.run(lambda: chosen.run(number))

    def get(self, search_id: str, query: str = "") -> dict[str, Any]:
        answer = self.site.api("GET", f"{self.path}/{search_id}{query}")
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]

    def search(self, text: str | None = None, *, handler: JobHandler | None = None, **body: Any) -> dict[str, Any]:
        """Search, and return the answer with the first page of hits."""
        search_id = self.requested(text, **body)
        self.run(search_id, handler)
        result = self.get(search_id)
        assert result["status"] == "COMPLETED", result
        return result

    def found(self, text: str | None = None, *, handler: JobHandler | None = None, **body: Any) -> list[Scene]:
        """Search, and return the asset and scene of each hit."""
        hits = self.search(text, handler=handler, **body)["results"]
        return [(hit["assetId"], hit["sceneId"]) for hit in hits]


def persons(**ids: Any) -> dict[str, Any]:
    """Condition of a query on persons."""
    return {"personQuery": ids}


def lines(**texts: Any) -> dict[str, Any]:
    """Condition of a query on lines of dialogue."""
    return {"dialogQuery": texts}


def scenes(archive: Archive, query: dict[str, Any], text: str | None = None, **body: Any) -> list[int]:
    """Return the scenes that are found in an archive of one film."""
    return [scene_id for _, scene_id in archive.found(text, query=query, **body)]
