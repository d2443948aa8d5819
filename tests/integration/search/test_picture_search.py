"""Searches by picture: scenes that look like it or show a person of it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from picture_upload_desk import QUERY_ASSETS, Desk
from scenedex.engines.embeddings import LAYOUT
from scenedex.engines.embeddings.layout import LayoutPictures
from scenedex.engines.engine import EngineContext
from scenedex.settings import LimitSettings, Settings
from search_samples import Archive, Content, matched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray
    from tests.conftest import Service, Serving, Site

FACE = "toy-faces 1"


def drawn(seed: int) -> NDArray[np.uint8]:
    """Return a picture of coarse patches, unlike that of any other seed."""
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return np.asarray(Image.fromarray(coarse).resize((640, 480), Image.Resampling.BICUBIC))


def jpeg(rgb: NDArray[np.uint8], quality: int = 80) -> bytes:
    file = io.BytesIO()
    Image.fromarray(rgb).save(file, "jpeg", quality=quality)
    return file.getvalue()


class Gallery:
    """A workspace with scenes that look like drawn pictures."""

    def __init__(self, site: Site) -> None:
        self.archive = Archive(site)
        self.desk = Desk(site, QUERY_ASSETS)
        looks = [LayoutPictures(EngineContext(LAYOUT)).embed(drawn(seed)).tolist() for seed in range(40)]
        self.film = self.archive.film(*(Content(look=look) for look in looks))

    def uploaded(self, rgb: NDArray[np.uint8]) -> str:
        """Upload a picture to search with and return its key."""
        key, picture_id = self.desk.waiting(jpeg(rgb))
        self.desk.check(picture_id)
        assert self.desk.ask(key)["uploadStatus"] == "COMPLETED"
        return key

    def scenes(self, key: str, level: str = "MEDIUM") -> list[int]:
        found = self.archive.found(query={"imageQuery": key}, queryOption={"confidenceLevel": level})
        return [scene for _, scene in found]


@pytest.fixture(scope="module")
def gallery(serving: Serving, new_site: Callable[[Service], Site]) -> Iterator[Gallery]:
    with serving(Settings(limits=LimitSettings(picture_check_seconds=0.01))) as service:
        yield Gallery(new_site(service))


def test_a_scene_is_found_by_its_picture(gallery: Gallery) -> None:
    assert gallery.scenes(gallery.uploaded(drawn(7))) == [8]


def test_a_scene_is_found_by_a_smaller_copy_at_the_highest_level(gallery: Gallery) -> None:
    copy = np.asarray(Image.fromarray(drawn(11)).resize((400, 300)))

    assert gallery.scenes(gallery.uploaded(copy), "HIGH") == [12]


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(np.random.default_rng(3).integers(0, 256, (360, 640, 3), dtype=np.uint8), id="noise"),
        pytest.param(np.full((360, 640, 3), 128, np.uint8), id="grey"),
        pytest.param(np.zeros((360, 640, 3), np.uint8), id="black"),
        pytest.param(drawn(1000), id="another picture"),
    ],
)
def test_a_picture_like_none_of_the_scenes_finds_nothing(picture: NDArray[np.uint8], gallery: Gallery) -> None:
    assert gallery.scenes(gallery.uploaded(picture)) == []


def test_conditions_hold_for_pictures_too(gallery: Gallery) -> None:
    key = gallery.uploaded(drawn(7))
    body = {"imageQuery": key, "dialogQuery": {"must": ["harbour"]}}

    assert gallery.archive.found(query=body) == []


def test_scenes_with_the_person_of_a_picture_are_found(gallery: Gallery) -> None:
    archive, service = gallery.archive, gallery.archive.service
    persons = [
        service.rows(
            "WITH person AS (INSERT INTO persons (workspace_id, created_user_name, updated_user_name)"
            " SELECT workspace_id, 'alice', 'alice' FROM workspaces WHERE workspace_name = %s"
            " RETURNING person_id, workspace_id)"
            " INSERT INTO person_faces (person_id, workspace_id, engine, embedding, quality)"
            " SELECT person_id, workspace_id, %s, %s::halfvec, 0.9 FROM person RETURNING person_id",
            archive.site.name,
            FACE,
            face,
        )[0][0]
        for face in ("[1,0,0]", "[0,1,0]")
    ]
    film = archive.film(Content(persons=[persons[0]]), Content(persons=[persons[1]]), Content(persons=persons))
    key = gallery.uploaded(drawn(2000))
    service.rows("INSERT INTO faces_of_pictures VALUES (%s, %s, '[0.999,0.02,0]', 0.9)", key, FACE)

    result = archive.search(query={"imageQuery": key})["results"]

    assert [(hit["assetId"], hit["sceneId"]) for hit in result] == [(film.asset_id, 1), (film.asset_id, 3)]
    assert [matched(hit, "PERSON", "personId") for hit in result] == [[persons[0]]] * 2
    assert all(hit["score"] >= 80 for hit in result)


def test_a_picture_of_another_user_or_that_has_expired_is_refused(gallery: Gallery) -> None:
    key = gallery.uploaded(drawn(7))
    service, site = gallery.archive.service, gallery.archive.site
    body = gallery.archive.request(query={"imageQuery": key})

    stranger = service.api(user="mallory")("POST", gallery.archive.path, body)
    service.rows("UPDATE pictures SET expires_time = now() WHERE picture_key = %s", key)
    late = site.api("POST", gallery.archive.path, body)

    for answer in (stranger, late):
        assert answer.status_code == 400
        assert [one["field"] for one in answer.json()["responseError"]["details"]] == ["query.imageQuery"]


def test_a_picture_that_expires_before_the_search_runs_fails_it_with_a_reason(gallery: Gallery) -> None:
    key = gallery.uploaded(drawn(7))
    search_id = gallery.archive.requested(query={"imageQuery": key})
    gallery.archive.service.rows("UPDATE pictures SET expires_time = now() WHERE picture_key = %s", key)

    gallery.archive.run(search_id)

    result = gallery.archive.get(search_id)
    assert result["status"] == "FAILED"
    assert "query.imageQuery" in result["statusMessage"]
