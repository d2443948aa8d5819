"""Contracts of readers of text on screen, and of readers of Korean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from engine_choices import choice_of, fake_spec, spec_of
from networks_text import TESSDATA, font_named, latin, line_picture, plain, soft, write_recogniser, written
from scenedex.engines.engine import EngineUnavailable
from scenedex.engines.loader import open_engine
from scenedex.engines.testing import KoreanReaderContract, TextReaderContract
from scenedex.engines.text import (
    KOREAN,
    PPOCR_KOREAN,
    RAPIDOCR,
    TESSERACT_KOREAN,
    TEXT,
    UNKNOWN,
    ScriptedTextReader,
    TextBox,
    TextLine,
    TextReader,
)
from scenedex.engines.text.ppocr import bundled_weights
from scenedex.engines.text.recognition import LineRecogniser

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from scenedex.engines.engine import Engine

UPPER, LOWER = "OPEN MOVIE", "presents"
CHOICE = choice_of(RAPIDOCR)


def script(rgb: NDArray[np.uint8]) -> Sequence[TextLine]:
    if rgb.max() < 200:
        return []
    upper = TextBox(((0.3, 0.2), (0.7, 0.2), (0.7, 0.3), (0.3, 0.3)), 0.8)
    lower = TextBox(((0.4, 0.5), (0.6, 0.5), (0.6, 0.6), (0.4, 0.6)), 0.8)
    return [TextLine(UPPER, 0.99, upper), TextLine(LOWER, 0.98, lower)]


@pytest.fixture(scope="module")
def bundled() -> TextReader:
    return open_engine(TEXT, CHOICE, threads=2)


def card() -> NDArray[np.uint8]:
    return written(written(plain(), (180, 80), UPPER, latin(44)), (240, 180), LOWER, latin(36))


class Written(TextReaderContract):
    @pytest.fixture(scope="class")
    @classmethod
    def card(cls) -> tuple[NDArray[np.uint8], tuple[str, str]]:
        return card(), (UPPER, LOWER)

    def test_lines_are_sure_and_where_they_are_written(self, engine: TextReader) -> None:
        lines = engine.read(card())

        assert all(line.confidence > 0.9 for line in lines)
        assert 0.2 < lines[0].box.left < 0.5 < lines[0].box.left + lines[0].box.width < 0.8
        assert engine.korean is None


class TestScripted(Written):
    spec = fake_spec(TEXT, ScriptedTextReader(script).engine)

    @pytest.fixture
    def engine(self) -> TextReader:
        return ScriptedTextReader(script)


class TestPpocr(Written):
    spec = spec_of(RAPIDOCR)


class TestPpocrKorean(KoreanReaderContract):
    spec = spec_of(PPOCR_KOREAN)

    @pytest.fixture(scope="class", params=[True, False], ids=["carries-characters", "list-of-characters"])
    @classmethod
    def weights_folder(cls, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
        folder = tmp_path_factory.mktemp("korean")
        write_recogniser(folder / "korean_PP-OCRv5_rec_mobile.onnx", carries_characters=request.param)
        return folder


class TestTesseractKorean(KoreanReaderContract):
    spec = spec_of(TESSERACT_KOREAN)

    @pytest.fixture(scope="class")
    @classmethod
    def weights_folder(cls) -> Path:
        return tessdata()


def test_a_box_outside_of_the_writing_is_read_as_nothing_sure(bundled: TextReader) -> None:
    box = TextBox(((0.0, 0.9), (1.0, 0.9), (1.0, 1.0), (0.0, 1.0)), 0.7)

    (line,) = bundled.read_at(card(), [box])

    assert line.confidence < UNKNOWN


def test_an_empty_box_is_read_as_nothing_sure(bundled: TextReader) -> None:
    box = TextBox(((0.5, 0.5), (0.5, 0.5), (0.5, 0.5), (0.5, 0.5)), 0.7)

    (line,) = bundled.read_at(card(), [box])

    assert line.confidence < UNKNOWN


@pytest.mark.parametrize("text", ["東京タワーへようこそ", "欢迎来到北京大学", "繁體中文標題"])
def test_chinese_and_japanese_are_read(bundled: TextReader, text: str) -> None:
    font = font_named("*CJK*.ttc", 40)
    if font is None:
        pytest.skip("needs a font for Chinese and Japanese, such as fonts-noto-cjk")

    lines = bundled.read(written(soft(1), (80, 150), text, font))

    assert [line.text for line in lines] == [text]


@pytest.mark.parametrize(
    ("text", "pattern"),
    [("Привет, мир и новости дня", "DejaVuSans.ttf"), ("안녕하세요 반갑습니다", "*CJK*.ttc")],
    ids=["cyrillic", "korean"],
)
def test_a_script_that_it_does_not_know_is_unknown(bundled: TextReader, text: str, pattern: str) -> None:
    font = font_named(pattern, 36)
    if font is None:
        pytest.skip(f"needs the font {pattern}")

    lines = bundled.read(written(plain(), (40, 150), text, font))

    assert lines
    assert all(line.confidence < UNKNOWN for line in lines)


def tessdata() -> Path:
    folder = next((folder for folder in TESSDATA if (folder / "kor.traineddata").is_file()), None)
    if folder is None:
        pytest.skip("needs kor.traineddata, such as from tesseract-ocr-kor")
    return folder


def test_korean_is_read_by_tesseract_where_it_is_there() -> None:
    font = font_named("Nanum*Bold.ttf", 40) or font_named("*CJK*.ttc", 40)
    if font is None:
        pytest.skip("needs a font for Korean, such as fonts-nanum")
    choice = choice_of(TESSERACT_KOREAN, tessdata())
    reader = open_engine(TEXT, CHOICE, threads=2)
    reader.use_korean(open_engine(KOREAN, choice))

    lines = reader.read(written(written(plain(), (60, 80), "오늘의 날씨", font), (60, 220), "OPEN MOVIE", latin(40)))

    assert [line.text for line in lines] == ["오늘의 날씨", "OPEN MOVIE"]
    assert reader.korean == TESSERACT_KOREAN


def test_messages_of_tesseract_go_to_the_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    reader = open_engine(KOREAN, choice_of(TESSERACT_KOREAN, tessdata()))

    reader.read_line(np.full((64, 200, 3), 255, np.uint8))

    # Its other place for them, /dev/null, cannot be opened in the process of a stage.
    assert capfd.readouterr().err


def test_lines_of_every_width_are_read_in_their_order(tmp_path: Path) -> None:
    write_recogniser(tmp_path / "network.onnx")
    recogniser = LineRecogniser(tmp_path / "network.onnx", threads=1)
    lines = [soft(seed, size=(width, 48)) for seed, width in enumerate([900, 60, 5000, 330, 60, 1200])]

    together = recogniser.read(lines)

    # Lines are padded to the widest of their group, which these networks read as something of its own.
    assert [reading.text[:2] for reading in together] == [recogniser.read([line])[0].text[:2] for line in lines]
    assert recogniser.read([]) == []


def test_a_line_that_is_only_read_in_part_is_not_sure(bundled: TextReader) -> None:
    font = font_named("*CJK*.ttc", 40)
    if font is None:
        pytest.skip("needs a font for Korean")
    recogniser = LineRecogniser(bundled_weights() / "PP-OCRv6_rec_small.onnx", threads=2)

    whole, part = recogniser.read([line_picture("EP.01 begin", font), line_picture("EP.01 시작합니다", font)])

    assert bundled.engine == RAPIDOCR
    assert whole.confidence > 0.9
    assert part.coverage < 0.8


@pytest.mark.parametrize("engine", [PPOCR_KOREAN, TESSERACT_KOREAN], ids=["ppocr", "tesseract"])
def test_weights_that_are_not_there_are_named_with_the_command_that_gets_them(engine: Engine, tmp_path: Path) -> None:
    for folder in (None, tmp_path):
        with pytest.raises(EngineUnavailable, match="scenedex weights pull"):
            open_engine(KOREAN, choice_of(engine, folder))


def test_damaged_weights_are_said_to_be_damaged(tmp_path: Path) -> None:
    (tmp_path / "korean_PP-OCRv5_rec_mobile.onnx").write_bytes(b"no network")

    with pytest.raises(EngineUnavailable, match="damaged"):
        open_engine(KOREAN, choice_of(PPOCR_KOREAN, tmp_path))


def test_a_network_without_its_characters_is_refused(tmp_path: Path) -> None:
    write_recogniser(tmp_path / "korean_PP-OCRv5_rec_mobile.onnx", carries_characters=False)
    (tmp_path / "korean_dict.txt").unlink()

    with pytest.raises(EngineUnavailable, match="characters"):
        open_engine(KOREAN, choice_of(PPOCR_KOREAN, tmp_path))


def test_characters_of_another_network_are_refused(tmp_path: Path) -> None:
    write_recogniser(tmp_path / "korean_PP-OCRv5_rec_mobile.onnx", carries_characters=False)
    (tmp_path / "korean_dict.txt").write_text("가\n나\n", encoding="utf-8")

    with pytest.raises(EngineUnavailable, match="knows 7 characters"):
        open_engine(KOREAN, choice_of(PPOCR_KOREAN, tmp_path))


def test_bundled_weights_in_a_folder_without_them_are_missing(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable, match="missing"):
        open_engine(TEXT, choice_of(RAPIDOCR, tmp_path))


def test_a_detector_is_no_recogniser() -> None:
    with pytest.raises(EngineUnavailable, match="another network"):
        LineRecogniser(bundled_weights() / "PP-OCRv6_det_small.onnx")


@pytest.mark.parametrize("size", [12, 60], ids=["small", "large"])
def test_a_second_look_finds_what_all_of_the_picture_shows(bundled: TextReader, size: int) -> None:
    picture = written(soft(1, size=(1280, 720)), (300, 400), "Photo by Ingrid", latin(size))

    (once,) = bundled.find(picture, longest_side=960)
    (twice,) = bundled.find(picture, longest_side=960, first_side=480)

    assert once.box.overlap(twice.box) > 0.6


def test_words_that_stand_close_together_keep_their_space(bundled: TextReader) -> None:
    font, left = latin(40), 80.0
    picture = plain()
    for word in ("Made", "in", "Italy"):
        picture = written(picture, (left, 150), word, font)
        left += font.getlength(word) + 0.5 * font.getlength(" ")

    (line,) = bundled.read(picture)

    assert line.text == "Made in Italy"


def test_noise_is_not_read(bundled: TextReader) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (360, 640, 3), dtype=np.uint8)

    assert all(line.confidence < 0.7 for line in bundled.read(noise))
