"""Check of a picture to search with by a worker: its image vectors, and the faces in it."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from drawn_faces import draw_face
from engine_choices import choice_of
from networks_pictures import write_siglip
from picture_upload_samples import OF_NO_USE_TO_SEARCH_WITH, crowd, encoded, landscape, portrait, sideways
from real_speech import real_file
from scenedex.analysis.stages.pictures import PicturesOptions, PicturesResult
from scenedex.analysis.stages.visual import PACK, VisualOptions, VisualResult
from scenedex.engines.embeddings import LAYOUT, SIGLIP2
from scenedex.media.child import ChildLimits, run_in_child
from scenedex.media.source import LocalFile
from scenedex.pictures.service import query_picture
from scenedex.settings import EngineSettings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from picture_upload_desk import Desk
    from scenedex.pictures.records import CheckedPicture
    from scenedex.settings import Settings

LIMITS = ChildLimits(
    memory_bytes=3 * 1024**3,
    cpu_seconds=120,
    wall_seconds=120,
    stall_seconds=60,
    file_size_bytes=64 * 1024**2,
    max_pixels=20_000_000,
)
LAYOUT_CHOICE = choice_of(LAYOUT)
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")


def usable(desk: Desk, key: str) -> CheckedPicture:
    return desk.service.transact(lambda tx: query_picture(tx, "alice", None, key, "query.imageQuery"))


def completed(desk: Desk, content: bytes) -> CheckedPicture:
    done = desk.outcome(content)
    assert done["uploadStatus"] == "COMPLETED", done
    return usable(desk, done["assetKey"])


def seen(desk: Desk, content: bytes) -> CheckedPicture:
    """Return a picture after a check that does not search for faces, which takes longer than all else."""
    key, picture_id = desk.waiting(content)
    desk.check(picture_id, desk.checking(without(EngineSettings(faces="off"), desk)))
    return usable(desk, key)


def numbers(embedding: str) -> NDArray[np.float64]:
    return np.array(embedding.strip("[]").split(","), dtype=np.float64)


def vector(picture: CheckedPicture) -> NDArray[np.float64]:
    """Return the vector of the selected engine."""
    return numbers(picture.vectors[0].embedding)


def noise(width: int, height: int) -> Image.Image:
    return Image.fromarray(np.random.default_rng(1).integers(0, 256, (height, width, 3), dtype=np.uint8))


def harbour(width: int = 450, height: int = 300) -> Image.Image:
    """Draw a picture that differs from itself upside down and on its side."""
    picture = Image.new("RGB", (width, height), (120, 170, 230))
    picture.paste((30, 70, 60), (0, height * 2 // 3, width, height))
    picture.paste((220, 40, 30), (width // 8, height // 3, width // 4, height * 3 // 4))
    return picture


def as_an_image_asset(content: bytes, folder: Path) -> NDArray[np.float64]:
    """The vector that an analysis of the file makes."""
    media = folder / "media"
    media.write_bytes(content)

    async def analyse() -> PicturesResult:
        stages = "scenedex.analysis.stages"
        source = LocalFile(media)
        await run_in_child(
            f"{stages}.visual:run_visual", source, VisualOptions(), VisualResult, limits=LIMITS, work_dir=folder
        )
        pack, options = LocalFile(folder / PACK), PicturesOptions(embedder=LAYOUT_CHOICE)
        return await run_in_child(f"{stages}.pictures:run_pictures", pack, options, PicturesResult, limits=LIMITS)

    (found,) = asyncio.run(analyse()).vectors
    return np.frombuffer(found.vector, "<f4").astype(np.float64)


def without(engines: EngineSettings, desk: Desk) -> Settings:
    return desk.service.platform.settings.model_copy(update={"engines": engines})


@pytest.mark.parametrize(("make", "problem"), OF_NO_USE_TO_SEARCH_WITH.values(), ids=OF_NO_USE_TO_SEARCH_WITH)
def test_a_picture_of_no_use_says_why(make: Callable[[], bytes], problem: str, query_desk: Desk) -> None:
    done = query_desk.outcome(make())

    assert done["uploadStatus"] == "FAILED"
    assert done["uploadMessage"].startswith(f"{problem}: ")
    assert query_desk.objects(done["assetKey"]) == []


@pytest.mark.parametrize("kind", FORMATS)
def test_a_picture_without_a_face_can_be_searched_with(kind: str, query_desk: Desk) -> None:
    picture = completed(query_desk, encoded(harbour(), kind))

    assert picture.faces == ()
    assert [found.engine for found in picture.vectors] == ["layout 1", "mpeg7 1"]
    assert len(vector(picture)) == 168
    assert np.linalg.norm(vector(picture)) == pytest.approx(1, abs=1e-3)
    assert query_desk.objects(picture.key) == [picture.object_key]


def test_the_smallest_picture_that_is_taken(query_desk: Desk) -> None:
    assert completed(query_desk, landscape("PNG", width=224, height=224)).vectors


def test_a_picture_on_its_side_is_looked_at_upright(query_desk: Desk) -> None:
    upright, lying = (vector(seen(query_desk, encoded(one))) for one in (harbour(), harbour().rotate(90, expand=True)))
    managed = query_desk.service.platform.managed
    for kind in ("JPEG", "WEBP", "HEIF"):
        picture = seen(query_desk, sideways(harbour(), kind))

        kept = query_desk.service.run(lambda key=picture.object_key: managed.get(key, max_bytes=10**7))
        assert Image.open(io.BytesIO(kept)).size == (450, 300), kind
        assert vector(picture) @ upright > 0.99 > vector(picture) @ lying, kind


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: encoded(draw_face(400)), id="small"),
        pytest.param(lambda: encoded(harbour(1080, 1600)), id="higher than stills"),
        pytest.param(lambda: encoded(harbour(1900, 1080), "PNG"), id="PNG"),
        pytest.param(lambda: encoded(harbour(), "HEIF"), id="HEIC"),
        pytest.param(lambda: sideways(harbour()), id="on its side"),
        pytest.param(lambda: encoded(noise(500, 350), quality=80), id="noise"),
        pytest.param(lambda: real_file("obama.jpg").read_bytes(), id="photograph"),
    ],
)
def test_it_is_the_same_to_the_engine_as_in_an_analysis(
    make: Callable[[], bytes], query_desk: Desk, tmp_path: Path
) -> None:
    content = make()

    similarity = vector(seen(query_desk, content)) @ as_an_image_asset(content, tmp_path)

    # The database rounds to 16 bits.
    assert similarity > 0.999


def test_a_keyframe_that_was_made_small_is_still_found(query_desk: Desk, tmp_path: Path) -> None:
    photograph = Image.open(real_file("obama.jpg"))
    small = photograph.resize((photograph.width * 480 // photograph.height, 480))

    assert vector(seen(query_desk, encoded(small))) @ as_an_image_asset(encoded(photograph), tmp_path) > 0.99


def test_a_face_is_described_as_that_of_a_portrait(query_desk: Desk, desk: Desk) -> None:
    key = desk.outcome(portrait())["thumbnailKey"]
    stored = "SELECT engine, embedding::text, quality FROM faces_of_pictures WHERE picture_key = %s"

    (face,) = completed(query_desk, portrait()).faces

    assert [(face.engine, face.embedding, pytest.approx(face.quality))] == desk.service.rows(stored, key)


@pytest.mark.parametrize(("present", "described"), [(2, 2), (6, 5)])
def test_of_several_faces_some_are_described_the_best_likeness_first(
    present: int, described: int, query_desk: Desk
) -> None:
    picture = completed(query_desk, crowd(present))

    qualities = [face.quality for face in picture.faces]
    assert len(qualities) == described
    assert qualities == sorted(qualities, reverse=True)
    assert len(picture.vectors) == 2


def test_small_faces_in_the_background_are_not_described(query_desk: Desk) -> None:
    picture = Image.new("RGB", (900, 600), (70, 75, 82))
    picture.paste(draw_face(600), (0, 0))
    picture.paste(draw_face(180, person=1), (700, 0))

    assert len(completed(query_desk, encoded(picture)).faces) == 1


def test_without_an_engine_of_faces_none_are_looked_for(query_desk: Desk) -> None:
    key, picture_id = query_desk.waiting(portrait())

    query_desk.check(picture_id, query_desk.checking(without(EngineSettings(faces="off"), query_desk)))

    assert query_desk.ask(key)["uploadStatus"] == "COMPLETED"
    assert (usable(query_desk, key).faces, len(usable(query_desk, key).vectors)) == ((), 2)


def test_without_an_engine_of_pictures_it_says_what_would_change_that_and_may_be_tried_again(query_desk: Desk) -> None:
    key, picture_id = query_desk.waiting(landscape())
    query_desk.check(picture_id, query_desk.checking(without(EngineSettings(pictures="siglip2-base"), query_desk)))

    message = query_desk.service.rows("SELECT message FROM pictures WHERE picture_key = %s", key)[0][0]
    assert message == (
        "NO_PICTURE_ENGINE: the weights siglip2-base are missing. To enable it: scenedex weights pull siglip2-base"
    )
    assert query_desk.ask(key) == {}
    query_desk.check(picture_id)
    assert query_desk.ask(key)["uploadStatus"] == "COMPLETED"


def test_each_engine_of_pictures_in_force_makes_a_vector(query_desk: Desk, tmp_path: Path) -> None:
    weights = write_siglip(tmp_path / "siglip2-base")
    siglip = choice_of(SIGLIP2, weights)
    engines = (siglip, LAYOUT_CHOICE)
    key, picture_id = query_desk.waiting(portrait())

    query_desk.check(picture_id, query_desk.checking(embedders=lambda: engines))

    picture = usable(query_desk, key)
    assert {found.engine: len(numbers(found.embedding)) for found in picture.vectors} == {
        str(siglip.engine): 24,
        str(LAYOUT_CHOICE.engine): 168,
    }
    assert len(picture.faces) == 1


def test_a_portrait_has_no_vector(desk: Desk) -> None:
    key = desk.outcome(portrait())["thumbnailKey"]

    assert desk.service.rows("SELECT count(*) FROM vectors_of_pictures WHERE picture_key = %s", key) == [(0,)]
