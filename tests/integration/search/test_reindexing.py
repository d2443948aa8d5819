"""Making again what scenes are found by: after an upgrade, after a change of engine, after a break-off."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from engine_choices import choice_of
from networks_pictures import write_sentences
from scenedex.analysis.vectors import vector_engines
from scenedex.engines.embeddings import MINILM
from scenedex.engines.embeddings.mpeg7 import Mpeg7Pictures
from scenedex.engines.registry import EngineRegistry
from scenedex.jobs.attempts import Attempts
from scenedex.jobs.errors import GivenUp
from scenedex.jobs.readiness import AlwaysReady
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


class Redo:
    """A workspace that is reindexed."""

    def __init__(self, site: Site) -> None:
        self.archive = Archive(site)
        self.service = site.service
        [(self.workspace_id,)] = self.service.rows(
            "SELECT workspace_id FROM workspaces WHERE workspace_name = %s", site.name
        )

    def begin(self) -> bool:
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

    def pictured(self, item: Item) -> list[NDArray[np.uint8]]:
        """Put a picture where the keyframe of each scene should be."""
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
def redo(site: Site) -> Redo:
    return Redo(site)


def test_words_that_were_never_written_are_written(redo: Redo) -> None:
    film = redo.archive.film(Content(said=["harbour"]), Content(shown=["ship"]))
    redo.service.rows(
        "UPDATE scenes SET words = NULL FROM indexes i WHERE i.index_id = scenes.index_id AND asset_id = %s",
        film.asset_id,
    )
    redo.service.rows("DELETE FROM search_terms WHERE term LIKE %s", f"{redo.workspace_id}:%")
    assert redo.archive.found("harbour") == []

    redo.service.transact(lambda tx: sweep_reindexings(tx, redo.service.platform.queue))
    redo.run(engines=dict)

    assert redo.archive.found("harbour") == [(film.asset_id, 1)]
    assert redo.archive.found("ship") == [(film.asset_id, 2)]
    assert redo.state() == ("COMPLETED", None, 2, 2)


def test_vectors_of_keyframes_take_the_place_of_a_former_engines(redo: Redo) -> None:
    film = redo.archive.film(*(Content(look=[1, 0, 0], picture_engine=FORMER) for _ in range(3)))
    pictures = redo.pictured(film)

    assert redo.begin()
    redo.run()

    assert redo.engines("PICTURE") == {"mpeg7 1": 3}
    assert redo.state() == ("COMPLETED", None, 3, 3)
    wanted = Mpeg7Pictures().embed(pictures[1])
    similar = redo.service.rows(
        "SELECT scene_id, -(embedding <#> %s::halfvec) FROM scene_vectors WHERE workspace_id = %s ORDER BY 2 DESC",
        str(wanted.tolist()),
        redo.workspace_id,
    )
    assert similar[0][0] == 2
    assert similar[0][1] > 0.995


def test_former_vectors_serve_until_those_of_all_scenes_are_made(redo: Redo) -> None:
    film = redo.archive.film(*(Content(look=[1, 0, 0], picture_engine=FORMER) for _ in range(3)))
    redo.pictured(film)
    [(key,)] = redo.service.rows(
        "SELECT keyframe_key FROM scenes JOIN indexes USING (index_id) WHERE asset_id = %s AND scene_id = 2",
        film.asset_id,
    )
    redo.service.run(lambda: redo.service.platform.managed.delete(key))

    redo.begin()
    redo.run()

    assert redo.engines("PICTURE") == {"mpeg7 1": 2, FORMER: 3}
    state, message, *_ = redo.state()
    assert state == "COMPLETED"
    assert message is not None
    assert message.startswith("Scenes without a vector, since their keyframes are missing: 1.")

    redo.pictured(film)
    redo.begin()
    redo.run()

    assert redo.engines("PICTURE") == {"mpeg7 1": 3}
    assert redo.state() == ("COMPLETED", None, 1, 1)


def test_vectors_of_words_are_made_with_weights_that_have_come(redo: Redo, tmp_path: Path) -> None:
    redo.archive.film(
        Content(said=["harbour"], meaning=meaning("harbour"), text_engine=FORMER), Content(shown=["ship"]), Content()
    )
    folder = write_sentences(tmp_path / "all-minilm-l6-v2", has_token_types=True)
    choice = choice_of(MINILM, folder)

    redo.begin()
    redo.run(engines=lambda: {"TEXT": choice})

    # A scene without words has no vector of words.
    assert redo.engines("TEXT") == {"sentence-embedding 1 all-minilm-l6-v2": 2}


def test_an_engine_that_fails_ends_it_with_a_reason(redo: Redo, tmp_path: Path) -> None:
    redo.archive.film(Content(said=["harbour"], meaning=meaning("harbour")))
    choice = choice_of(MINILM, tmp_path)
    redo.begin()

    with pytest.raises(Exception, match="is missing"):
        redo.run(engines=lambda: {"TEXT": choice})
    with pytest.raises(GivenUp):
        redo.run(engines=lambda: {"TEXT": choice})

    state, message, *_ = redo.state()
    assert state == "FAILED"
    assert message is not None
    assert message.startswith("Given up after 2 tries")
    assert redo.engines("TEXT") == {TOY: 1}


def test_storage_that_refuses_a_keyframe_ends_it_with_a_reason(redo: Redo) -> None:
    class Refusing(LocalStore):
        async def get(self, key: str, *, max_bytes: int) -> bytes:
            raise AccessDenied(f"{key}, {max_bytes}")

    redo.archive.film(Content(said=["harbour"]))
    redo.begin()

    store = Refusing(redo.service.platform.settings.data_dir / "managed")
    with pytest.raises(AccessDenied):
        redo.run(store)
    with pytest.raises(GivenUp):
        redo.run(store)

    state, message, *_ = redo.state()
    assert state == "FAILED"
    assert message is not None
    assert message.startswith("Given up after 2 tries: The storage refuses access")


def test_one_at_a_time_and_again_when_it_has_ended(redo: Redo) -> None:
    assert redo.begin()
    assert not redo.begin()

    redo.run()

    assert redo.state() == ("COMPLETED", None, 0, 0)
    assert redo.begin()


def test_the_scenes_of_other_workspaces_are_left_alone(redo: Redo, new_site: Callable[[Service], Site]) -> None:
    other = Redo(new_site(redo.service))
    other.archive.film(Content(look=[1, 0, 0], picture_engine=FORMER))

    redo.begin()
    redo.run()

    assert other.engines("PICTURE") == {FORMER: 1}


def test_a_corrected_line_loses_its_former_meaning_at_once_and_gets_another(redo: Redo, tmp_path: Path) -> None:
    film = redo.archive.film(Content(said=["harbour"], meaning=meaning("harbour")), Content(said=["ship"]))
    folder = write_sentences(tmp_path / "all-minilm-l6-v2", has_token_types=True)
    choice = choice_of(MINILM, folder)
    redo.begin()
    redo.run(engines=lambda: {"TEXT": choice})
    assert redo.engines("TEXT") == {"sentence-embedding 1 all-minilm-l6-v2": 2}

    assert film.call("PATCH", "/index/scripts/1", {"text": "hospital"}).status_code == 200

    assert redo.engines("TEXT") == {"sentence-embedding 1 all-minilm-l6-v2": 1}
    redo.service.transact(lambda tx: sweep_reindexings(tx, redo.service.platform.queue))
    redo.run(engines=lambda: {"TEXT": choice})
    assert redo.engines("TEXT") == {"sentence-embedding 1 all-minilm-l6-v2": 2}
    assert redo.state() == ("COMPLETED", None, 1, 1)
    redo.service.transact(lambda tx: sweep_reindexings(tx, redo.service.platform.queue))
    assert redo.state()[0] == "COMPLETED"
