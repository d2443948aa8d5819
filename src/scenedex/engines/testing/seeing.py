"""Contract suites of engines that read pictures and texts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest

from scenedex.engines.testing.contract import EngineContract
from scenedex.timeline import BoundingBox

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scenedex.engines.embeddings import PictureEmbedder, TextEmbedder
    from scenedex.engines.faces import FaceAnalyser
    from scenedex.engines.keywords import ObjectFinder
    from scenedex.engines.text import KoreanReader, TextReader

    Picture = NDArray[np.uint8]

ODD_SIZES = [(1, 1), (1, 900), (900, 1), (2, 3), (7, 7), (33, 31)]


def landscape(red: int, *, height: int = 180, width: int = 320) -> Picture:
    """Return a picture of a plain ground under a sky."""
    rows, columns = np.mgrid[0:height, 0:width]
    ground = (rows > height * 2 // 3) * 90
    layers = [np.full_like(rows, red), ground + columns * 100 // width, 200 - rows * 200 // height]
    return np.stack(layers, axis=2).astype(np.uint8)


class PictureEmbedderContract(EngineContract):
    """Tests of a `PictureEmbedder`."""

    @pytest.mark.parametrize("grey", [0, 128, 255])
    @pytest.mark.parametrize("size", [*ODD_SIZES, (180, 320)], ids=str)
    def test_a_picture_of_any_size_is_a_unit_vector(
        self, engine: PictureEmbedder, size: tuple[int, int], grey: int
    ) -> None:
        vector = engine.embed(np.full((*size, 3), grey, np.uint8))

        assert vector.shape == (engine.dimension,)
        assert vector.dtype == np.float32
        assert float(np.linalg.norm(vector)) == pytest.approx(1, abs=1e-5)

    def test_a_picture_has_one_vector(self, engine: PictureEmbedder) -> None:
        first = engine.embed(landscape(10))
        engine.embed(landscape(250))

        np.testing.assert_array_equal(engine.embed(landscape(10)), first)

    def test_a_picture_that_cannot_be_written_to_is_accepted(self, engine: PictureEmbedder) -> None:
        picture = landscape(10)
        picture.flags.writeable = False

        engine.embed(picture)

    def test_another_size_is_closer_than_another_picture(self, engine: PictureEmbedder) -> None:
        vector = engine.embed(landscape(60))

        same = float(vector @ engine.embed(landscape(60, height=360, width=640)))
        other = float(vector @ engine.embed(255 - landscape(60)))

        assert same > 0.98
        assert other < same

    def test_a_view_of_a_picture_is_a_picture(self, engine: PictureEmbedder) -> None:
        view = landscape(90, height=300, width=400)[10:290:2, 20:380:2]

        np.testing.assert_array_equal(engine.embed(view), engine.embed(np.ascontiguousarray(view)))


class TextEmbedderContract(EngineContract):
    """Tests of a `TextEmbedder`."""

    texts = (
        "a man plays guitar",
        "somebody makes music",
        "",
        "the market fell sharply today",
        "한국어와 日本語",
        "\x00 \U0001f600",
    )

    def test_texts_are_unit_vectors(self, engine: TextEmbedder) -> None:
        vectors = engine.embed(self.texts)

        assert vectors.shape == (len(self.texts), engine.dimension)
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
        assert engine.embed([]).shape == (0, engine.dimension)

    def test_the_vector_of_a_text_does_not_depend_on_other_texts(self, engine: TextEmbedder) -> None:
        together = engine.embed(self.texts)

        for row, text in enumerate(self.texts):
            np.testing.assert_array_equal(together[row], engine.embed([text])[0])

    def test_a_query_finds_the_text_with_its_words(self, engine: TextEmbedder) -> None:
        query = engine.embed_query("man plays guitar")

        assert query.shape == (engine.dimension,)
        assert int((engine.embed(self.texts) @ query).argmax()) == 0

    def test_a_very_long_text_has_a_vector_near_its_content(self, engine: TextEmbedder) -> None:
        (vector,) = engine.embed(["somebody makes music today " * 3000])

        near, far = (engine.embed_query(text) for text in ("somebody makes music today", "seven eight nine"))
        assert float(np.linalg.norm(vector)) == pytest.approx(1, abs=1e-5)
        assert float(vector @ near) > float(vector @ far)


class ObjectFinderContract(EngineContract):
    """Tests of an `ObjectFinder`."""

    @pytest.mark.parametrize("size", [*ODD_SIZES, (1080, 1920)], ids=str)
    @pytest.mark.parametrize("is_noise", [True, False], ids=["noise", "white"])
    def test_a_thing_has_a_name_a_confidence_and_a_place(
        self, engine: ObjectFinder, size: tuple[int, int], *, is_noise: bool
    ) -> None:
        low = 0 if is_noise else 255
        picture = np.random.default_rng(1).integers(low, 256, (*size, 3), np.uint8)

        found = engine.find(picture)

        assert all(thing.name for thing in found)
        assert all(0 <= thing.confidence <= 1 for thing in found)
        assert all(thing.box.left + thing.box.width <= 1.001 for thing in found)
        assert [thing.confidence for thing in found] == sorted((thing.confidence for thing in found), reverse=True)
        assert engine.find(picture.copy()) == found

    def test_a_black_picture_shows_nothing_certain(self, engine: ObjectFinder) -> None:
        assert all(thing.confidence < 0.7 for thing in engine.find(np.zeros((90, 160, 3), np.uint8)))


class FaceAnalyserContract(EngineContract):
    """Tests of a `FaceAnalyser`. Provide the fixture ``crowd``."""

    @pytest.fixture(scope="class")
    @classmethod
    def crowd(cls) -> tuple[Picture, int]:
        """A picture with upright faces, and their number, at least one."""
        pytest.skip("needs faces: provide the fixture `crowd`")

    def test_the_same_person_has_a_bound(self, engine: FaceAnalyser) -> None:
        assert 0 < engine.same_person < 1

    def test_faces_are_in_the_picture_largest_first(self, engine: FaceAnalyser, crowd: tuple[Picture, int]) -> None:
        found = engine.find(crowd[0])

        assert len(found) == crowd[1]
        areas = [face.box.area for face in found]
        assert areas == sorted(areas, reverse=True)
        assert min(areas) > 0
        assert all(0 <= face.confidence <= 1 for face in found)

    def test_a_face_is_found_again_near_its_place(self, engine: FaceAnalyser, crowd: tuple[Picture, int]) -> None:
        box = engine.find(crowd[0])[0].box
        aside = 0.2 * box.width
        moved = BoundingBox.within(box.left + aside, box.top, box.left + box.width + aside, box.top + box.height)

        found = engine.find(crowd[0], near=[moved])

        assert max(face.box.overlap(box) for face in found) > 0.5

    def test_landmarks_begin_with_left_eye_right_eye_and_nose(
        self, engine: FaceAnalyser, crowd: tuple[Picture, int]
    ) -> None:
        for face in engine.find(crowd[0]):
            left, right, nose = face.landmarks[:3]
            assert face.landmarks.shape == (5, 2)
            assert face.landmarks.dtype == np.float32
            assert left[0] < nose[0] < right[0]
            assert nose[1] > max(left[1], right[1])

    def test_a_description_is_a_unit_vector_and_always_the_same(
        self, engine: FaceAnalyser, crowd: tuple[Picture, int]
    ) -> None:
        picture = crowd[0]

        vector, again = (engine.describe(picture, engine.find(picture)[0]) for _ in range(2))

        assert vector.shape == (engine.dimension,)
        assert vector.dtype == np.float32
        assert float(np.linalg.norm(vector)) == pytest.approx(1, abs=1e-5)
        np.testing.assert_array_equal(vector, again)

    def test_several_threads_may_use_it_at_the_same_time(
        self, engine: FaceAnalyser, crowd: tuple[Picture, int]
    ) -> None:
        picture = crowd[0]

        def looked(_turn: int) -> list[tuple[BoundingBox, float, bytes]]:
            return [
                (face.box, face.confidence, engine.describe(picture, face).tobytes()) for face in engine.find(picture)
            ]

        alone = looked(0)
        with ThreadPoolExecutor(3) as pool:
            together = list(pool.map(looked, range(4)))

        assert all(found == alone for found in together)

    @pytest.mark.parametrize("size", [(1, 1), (3, 400), (400, 3), (9, 9), (720, 1280)], ids=str)
    def test_black_pictures_of_any_size_show_no_face(self, engine: FaceAnalyser, size: tuple[int, int]) -> None:
        assert len(engine.find(np.zeros((*size, 3), np.uint8))) == 0

    def test_a_view_that_cannot_be_written_to_is_a_picture(
        self, engine: FaceAnalyser, crowd: tuple[Picture, int]
    ) -> None:
        view = np.ascontiguousarray(crowd[0][:, ::-1])[:, ::-1]
        view.flags.writeable = False

        found = engine.find(view)

        assert [face.box for face in found] == [face.box for face in engine.find(crowd[0])]
        assert engine.describe(view, found[0]).shape == (engine.dimension,)

    def test_faces_at_the_edge_can_be_described(self, engine: FaceAnalyser, crowd: tuple[Picture, int]) -> None:
        picture = crowd[0]
        rows = max(1, round(engine.find(picture)[0].box.top * picture.shape[0]))
        moved = np.roll(picture, -rows, axis=0)

        for found in engine.find(moved):
            assert float(np.linalg.norm(engine.describe(moved, found))) == pytest.approx(1, abs=1e-5)


class TextReaderContract(EngineContract):
    """Tests of a `TextReader`. Provide the fixture ``card``."""

    @pytest.fixture(scope="class")
    @classmethod
    def card(cls) -> tuple[Picture, tuple[str, str]]:
        """A picture with two lines of text, and the lines from top to bottom."""
        pytest.skip("needs text: provide the fixture `card`")

    def test_lines_are_read_from_top_to_bottom(self, engine: TextReader, card: tuple[Picture, tuple[str, str]]) -> None:
        upper, lower = engine.read(card[0])

        assert (upper.text, lower.text) == card[1]
        assert upper.box.top + upper.box.height < lower.box.top + lower.box.height / 2
        assert all(0 <= line.confidence <= 1 for line in (upper, lower))

    def test_reading_is_finding_and_reading_at_the_places(
        self, engine: TextReader, card: tuple[Picture, tuple[str, str]]
    ) -> None:
        boxes = engine.find(card[0], longest_side=960)

        assert list(engine.read_at(card[0], boxes)) == list(engine.read(card[0]))

    def test_places_are_read_in_the_given_order(
        self, engine: TextReader, card: tuple[Picture, tuple[str, str]]
    ) -> None:
        boxes = engine.find(card[0], longest_side=640)[::-1]

        lines = engine.read_at(card[0], boxes)

        assert [line.found for line in lines] == list(boxes)
        assert tuple(line.text for line in lines) == card[1][::-1]

    def test_no_places_have_no_lines(self, engine: TextReader) -> None:
        assert list(engine.read_at(landscape(10), [])) == []

    @pytest.mark.parametrize("size", [(1, 1), (1, 700), (900, 2), (31, 33), (640, 360)], ids=str)
    def test_a_picture_of_any_size_without_text_has_no_lines(self, engine: TextReader, size: tuple[int, int]) -> None:
        assert list(engine.read(np.full((*size, 3), 60, np.uint8))) == []


class KoreanReaderContract(EngineContract):
    """Tests of a `KoreanReader`."""

    @pytest.mark.parametrize("size", [(1, 1), (3, 200), (200, 3), (48, 300), (20, 2000)], ids=str)
    def test_a_line_of_any_size_has_a_reading(self, engine: KoreanReader, size: tuple[int, int]) -> None:
        line = np.random.default_rng(3).integers(0, 256, (*size, 3), np.uint8)

        reading = engine.read_line(line)

        assert 0 <= reading.certainty <= 1
        assert 0 <= reading.coverage <= 1
        assert (reading.confidence > 0) <= bool(reading.text)
        assert reading == engine.read_line(line.copy())
