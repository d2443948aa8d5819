"""Reindexing after an upgrade, a change of engine or an interruption."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from engine_choices import choice_of
from networks_pictures import write_sentences
from scenedex.analysis.vectors import vector_engines
from scenedex.engines.embeddings import LAYOUT, MINILM
from scenedex.engines.embeddings.layout import LayoutPictures
from scenedex.engines.engine import EngineContext
from scenedex.engines.registry import EngineRegistry
from scenedex.jobs.attempts import Attempts
from scenedex.jobs.errors import GivenUp
from scenedex.jobs.readiness import AlwaysReady
from scenedex.search.coverage import search_coverage
from scenedex.search.reindex_requests import request_reindexing, sweep_reindexings
from scenedex.search.reindexing import ReindexHandler
from scenedex.storage.errors import AccessDenied
from scenedex.storage.local_store import LocalStore
from scenedex.worker.options import vector_maker
from search_samples import TOY, Archive, Content, meaning

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray
    from tests.conftest import Item, Service, Site

    from scenedex.storage.store import ManagedStore

FORMER = "former 1"


class Reindexing:
    """A workspace to be reindexed."""

    def __init__(self, site: Site) -> None:
        self.archive = Archive(site)
        self.service = site.service
        [(self.workspace_id,)] = self.service.rows(
            "SELECT workspace_id FROM workspaces WHERE workspace_name = %s", site.name
        )

    def request(self) -> bool:
        queue = self.service.platform.queue
        return self.service.transact(lambda tx: request_reindexing(tx, queue, self.workspace_id))

    def run(self, managed: ManagedStore | None = None, engines: Callable[[], Any] | None = None) -> None:
        platform = self.service.platform
        store = managed or platform.managed
        settings = platform.settings
        handler = ReindexHandler(
            platform.database,
            store,
            engines=engines or (lambda: vector_engines(settings.engines, settings.weights_folder, EngineRegistry())),
            vectors=vector_maker(settings, platform.metrics),
        )
        job = Attempts(handler, platform.database, readiness=AlwaysReady(), max_attempts=2)
        self.service.run(lambda: job.run(self.workspace_id))

    def state(self) -> tuple[Any, ...]:
        return self.service.rows(
            "SELECT state, message, done, total FROM reindexings WHERE workspace_id = %s", self.workspace_id
        )[0]

    def engines(self, space: str) -> dict[str, int]:
        return dict(
            self.service.rows(
                "SELECT engine, count(*) FROM scene_vectors WHERE workspace_id = %s AND space = %s GROUP BY 1",
                self.workspace_id,
                space,
            )
        )

    def add_keyframes(self, item: Item) -> list[NDArray[np.uint8]]:
        """Store a picture as the keyframe of each scene."""
        keys = self.service.rows(
            "SELECT keyframe_key FROM scenes JOIN indexes USING (index_id) WHERE asset_id = %s ORDER BY scene_id",
            item.asset_id,
        )
        pictures = [picture(item.asset_id + number) for number in range(len(keys))]
        for (key,), rgb in zip(keys, pictures, strict=True):
            file = io.BytesIO()
            Image.fromarray(rgb).save(file, "jpeg", quality=95)
            item.put(key, file.getvalue())
        return pictures


def picture(seed: int) -> NDArray[np.uint8]:
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return np.kron(coarse, np.ones((60, 80, 1), np.uint8))


@pytest.fixture
def reindexing(site: Site) -> Reindexing:
    return Reindexing(site)


def test_missing_words_are_written(reindexing: Reindexing) -> None:
    film = reindexing.archive.film(Content(said=["harbour"]), Content(shown=["ship"]))
    reindexing.service.rows(
        "UPDATE scenes SET words = NULL FROM indexes i WHERE i.index_id = scenes.index_id AND asset_id = %s",
        film.asset_id,
    )
    reindexing.service.rows("DELETE FROM search_terms WHERE term LIKE %s", f"{reindexing.workspace_id}:%")
    assert reindexing.archive.found("harbour") == []

    reindexing.service.transact(lambda tx: sweep_reindexings(tx, reindexing.service.platform.queue))
    reindexing.run(engines=dict)

    assert reindexing.archive.found("harbour") == [(film.asset_id, 1)]
    assert reindexing.archive.found("ship") == [(film.asset_id, 2)]
    assert reindexing.state() == ("COMPLETED", None, 2, 2)


def test_vectors_of_keyframes_replace_those_of_a_former_engine(reindexing: Reindexing) -> None:
    film = reindexing.archive.film(*(Content(look=[1, 0, 0], picture_engine=FORMER) for _ in range(3)))
    pictures = reindexing.add_keyframes(film)

    assert reindexing.request()
    reindexing.run()

    assert reindexing.engines("PICTURE") == {"layout 1": 3}
    assert reindexing.state() == ("COMPLETED", None, 3, 3)
    wanted = LayoutPictures(EngineContext(LAYOUT)).embed(pictures[1])
    similar = reindexing.service.rows(
        "SELECT scene_id, -(embedding <#> %s::halfvec) FROM scene_vectors WHERE workspace_id = %s ORDER BY 2 DESC",
        str(wanted.tolist()),
        reindexing.workspace_id,
    )
    assert similar[0][0] == 2
    assert similar[0][1] > 0.995


def test_vectors_of_whole_scenes_are_replaced_by_those_of_their_parts(reindexing: Reindexing) -> None:
    film = reindexing.archive.film(Content(look=[1, 0, 0]), Content(look=[0, 1, 0]))
    reindexing.add_keyframes(film)
    of_workspace = "WHERE workspace_id = %s ORDER BY scene_id"
    reindexing.service.rows(
        "UPDATE scene_vectors SET start_ms = NULL, end_ms = NULL WHERE workspace_id = %s", reindexing.workspace_id
    )
    coverage = reindexing.service.transact(lambda tx: search_coverage(tx, {"PICTURE": "layout 1"}))[1]["PICTURE"]
    assert coverage.whole >= 2

    reindexing.request()
    reindexing.run()

    stored = reindexing.service.rows(
        f"SELECT scene_id, place, start_ms, end_ms, vector_dims(embedding) FROM scene_vectors {of_workspace}",
        reindexing.workspace_id,
    )
    shots = reindexing.service.rows(
        "SELECT scene_id, 0, start_ms, end_ms, 168 FROM shots JOIN indexes USING (index_id)"
        " WHERE asset_id = %s ORDER BY scene_id",
        film.asset_id,
    )
    assert stored == shots
    assert reindexing.state() == ("COMPLETED", None, 2, 2)


def test_former_vectors_are_kept_until_all_scenes_have_new_ones(reindexing: Reindexing) -> None:
    film = reindexing.archive.film(*(Content(look=[1, 0, 0], picture_engine=FORMER) for _ in range(3)))
    reindexing.add_keyframes(film)
    [(key,)] = reindexing.service.rows(
        "SELECT keyframe_key FROM scenes JOIN indexes USING (index_id) WHERE asset_id = %s AND scene_id = 2",
        film.asset_id,
    )
    reindexing.service.run(lambda: reindexing.service.platform.managed.delete(key))

    reindexing.request()
    reindexing.run()

    assert reindexing.engines("PICTURE") == {"layout 1": 2, FORMER: 3}
    state, message, *_ = reindexing.state()
    assert state == "COMPLETED"
    assert message is not None
    assert message.startswith("Scenes without a vector, since their keyframes are missing: 1.")

    reindexing.add_keyframes(film)
    reindexing.request()
    reindexing.run()

    assert reindexing.engines("PICTURE") == {"layout 1": 3}
    assert reindexing.state() == ("COMPLETED", None, 1, 1)


def test_vectors_of_words_are_made_once_there_are_weights(reindexing: Reindexing, tmp_path: Path) -> None:
    reindexing.archive.film(
        Content(said=["harbour"], meaning=meaning("harbour"), text_engine=FORMER), Content(shown=["ship"]), Content()
    )
    folder = write_sentences(tmp_path / "all-minilm-l6-v2", has_token_types=True)
    choice = choice_of(MINILM, folder)

    reindexing.request()
    reindexing.run(engines=lambda: {"TEXT": choice})

    # A scene without words has no vector of words.
    assert reindexing.engines("TEXT") == {"sentence-embedding 1 all-minilm-l6-v2": 2}


def test_an_engine_that_fails_ends_the_reindexing_with_a_reason(reindexing: Reindexing, tmp_path: Path) -> None:
    reindexing.archive.film(Content(said=["harbour"], meaning=meaning("harbour")))
    choice = choice_of(MINILM, tmp_path)
    reindexing.request()

    with pytest.raises(Exception, match="is missing"):
        reindexing.run(engines=lambda: {"TEXT": choice})
    with pytest.raises(GivenUp):
        reindexing.run(engines=lambda: {"TEXT": choice})

    state, message, *_ = reindexing.state()
    assert state == "FAILED"
    assert message is not None
    assert message.startswith("Given up after 2 tries")
    assert reindexing.engines("TEXT") == {TOY: 1}


def test_storage_that_refuses_a_keyframe_ends_the_reindexing_with_a_reason(reindexing: Reindexing) -> None:
    class Refusing(LocalStore):
        async def get(self, key: str, *, max_bytes: int) -> bytes:
            raise AccessDenied(f"{key}, {max_bytes}")

    reindexing.archive.film(Content(said=["harbour"]))
    reindexing.request()

    store = Refusing(reindexing.service.platform.settings.data_dir / "managed")
    with pytest.raises(AccessDenied):
        reindexing.run(store)
    with pytest.raises(GivenUp):
        reindexing.run(store)

    state, message, *_ = reindexing.state()
    assert state == "FAILED"
    assert message is not None
    assert message.startswith("Given up after 2 tries: The storage refuses access")


def test_one_reindexing_of_a_workspace_runs_at_a_time(reindexing: Reindexing) -> None:
    assert reindexing.request()
    assert not reindexing.request()

    reindexing.run()

    assert reindexing.state() == ("COMPLETED", None, 0, 0)
    assert reindexing.request()


def test_other_workspaces_are_not_changed(reindexing: Reindexing, new_site: Callable[[Service], Site]) -> None:
    other = Reindexing(new_site(reindexing.service))
    other.archive.film(Content(look=[1, 0, 0], picture_engine=FORMER))

    reindexing.request()
    reindexing.run()

    assert other.engines("PICTURE") == {FORMER: 1}


def test_the_vector_of_a_corrected_line_is_dropped_at_once_and_made_again(
    reindexing: Reindexing, tmp_path: Path
) -> None:
    film = reindexing.archive.film(Content(said=["harbour"], meaning=meaning("harbour")), Content(said=["ship"]))
    folder = write_sentences(tmp_path / "all-minilm-l6-v2", has_token_types=True)
    choice = choice_of(MINILM, folder)
    reindexing.request()
    reindexing.run(engines=lambda: {"TEXT": choice})
    assert reindexing.engines("TEXT") == {"sentence-embedding 1 all-minilm-l6-v2": 2}

    assert film.call("PATCH", "/index/scripts/1", {"text": "hospital"}).status_code == 200

    assert reindexing.engines("TEXT") == {"sentence-embedding 1 all-minilm-l6-v2": 1}
    reindexing.service.transact(lambda tx: sweep_reindexings(tx, reindexing.service.platform.queue))
    reindexing.run(engines=lambda: {"TEXT": choice})
    assert reindexing.engines("TEXT") == {"sentence-embedding 1 all-minilm-l6-v2": 2}
    assert reindexing.state() == ("COMPLETED", None, 1, 1)
    reindexing.service.transact(lambda tx: sweep_reindexings(tx, reindexing.service.platform.queue))
    assert reindexing.state()[0] == "COMPLETED"
