"""The text stage with the bundled reader, on drawn clips and on a real one in the child process."""

from __future__ import annotations

import asyncio
import os
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from engine_choices import choice_of
from networks_text import TESSDATA, font_named, latin, plain, soft, written
from scenedex.analysis.stages.moments import Moment
from scenedex.analysis.stages.text import TextOptions, TextRegion, TextResult, read_text
from scenedex.engines.loader import open_engine
from scenedex.engines.text import RAPIDOCR, TESSERACT_KOREAN, TEXT, TextReader
from scenedex.media.child import ChildLimits, run_in_child
from scenedex.media.errors import MediaUnreadable
from scenedex.media.opened import OpenedMedia
from scenedex.media.source import LocalFile
from scenedex.media.stills import StillPack, StillPackWriter
from scenedex.timeline import Timecode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray
    from PIL.ImageFont import FreeTypeFont

    from scenedex.engines.engine import Engine, EngineChoice

    Picture = NDArray[np.uint8]

MEDIA = Path(os.environ.get("SCENEDEX_TEST_MEDIA") or Path(__file__).parents[4] / "shared" / "media")
LIMITS = ChildLimits(
    memory_bytes=3 * 1024**3,
    cpu_seconds=120,
    wall_seconds=120,
    stall_seconds=60,
    file_size_bytes=64 * 1024**2,
    max_pixels=64 * 1024**2,
)
HALF = Fraction(1, 2)


def choice(engine: Engine = RAPIDOCR, folder: Path | None = None) -> EngineChoice:
    return choice_of(engine, folder)


@pytest.fixture(scope="module")
def reader() -> TextReader:
    return open_engine(TEXT, choice(), threads=2)


def write_pack(file: Path, stills: Iterable[tuple[Fraction, Picture]]) -> None:
    with file.open("w+b") as opened:
        writer = StillPackWriter(opened, quality=90)
        for time, picture in stills:
            writer.add(Timecode(time), picture)
        writer.close()


def read(
    file: Path, reader: TextReader, seconds: float, draw: Callable[[float], Picture], *, step: Fraction = HALF
) -> TextResult:
    """Return the text of a drawn clip with a still per ``step`` seconds."""
    write_pack(file, ((step * n, draw(float(step * n))) for n in range(round(seconds / float(step)))))
    with file.open("rb") as opened:
        return read_text(
            StillPack(opened), reader, duration=Timecode(Fraction(seconds)), cuts=[], report=ignore_progress
        )


def ignore_progress(fraction: float, done: int) -> None:
    del fraction, done


def times(region: TextRegion) -> tuple[float, float]:
    span = region.span.range()
    return float(span.start.seconds), float(span.end.seconds)


def read_in_child(file: Path, work_dir: Path, options: TextOptions, progress: list[float] | None = None) -> TextResult:
    async def note(seen: float) -> None:
        if progress is not None:
            progress.append(seen)

    return asyncio.run(
        run_in_child(
            "scenedex.analysis.stages.text:run_text",
            LocalFile(file),
            options,
            TextResult,
            limits=LIMITS,
            work_dir=work_dir,
            on_progress=note,
        )
    )


def cjk(size: int) -> FreeTypeFont:
    font = font_named("*CJK*.ttc", size)
    if font is None:
        pytest.skip("needs a font for Korean, Japanese and Chinese, such as fonts-noto-cjk")
    return font


def test_cards_in_three_languages_are_read(tmp_path: Path, reader: TextReader) -> None:
    cards = [("Chapter one", "The beginning"), ("第三章", "市场分析报告"), ("第四章", "売上が増加しました")]
    font = cjk(34)

    def card(time: float) -> Picture:
        above, below = cards[int(time / 2)]
        ground = plain(250)
        return written(written(ground, (60, 60), above, font, colour="black"), (60, 180), below, font, colour="black")

    result = read(tmp_path / "pack", reader, 6, card)

    assert [region.text for region in result.regions] == [text for pair in cards for text in pair]
    assert [round(times(region)[0]) for region in result.regions] == [0, 0, 2, 2, 4, 4]
    assert all(region.confidence > 0.9 for region in result.regions)
    assert result.stills_read == 3


def test_one_caption_over_changing_pictures_is_one_region(tmp_path: Path, reader: TextReader) -> None:
    def film(time: float) -> Picture:
        behind = soft(int(time / 1.5), time * 80)
        return written(behind, (60, 290), "Live from Lisbon", latin(32)) if 1.2 <= time < 7 else behind

    (region,) = read(tmp_path / "pack", reader, 9, film).regions

    assert region.text == "Live from Lisbon"
    assert times(region) == pytest.approx((1.2, 7), abs=0.5)
    assert region.place.top > 0.75


def test_entries_of_a_ticker_have_their_own_times(tmp_path: Path, reader: TextReader) -> None:
    line = "Parliament approves the annual budget - storms expected on Friday"

    def crawl(time: float) -> Picture:
        return written(plain(50), (640 - (time - 1) * 150, 300), line, latin(28))

    budget, storms = read(tmp_path / "pack", reader, 13, crawl).regions

    assert (budget.text, storms.text) == tuple(line.split(" - "))
    assert times(budget) == pytest.approx((1, 9), abs=1)
    assert times(storms) == pytest.approx((5, 11.5), abs=1)


@pytest.mark.parametrize("kind", ["noise", "black"])
def test_noise_and_black_have_no_text(kind: str, tmp_path: Path, reader: TextReader) -> None:
    chance = np.random.default_rng(1)

    def picture(_: float) -> Picture:
        return plain(0) if kind == "black" else chance.integers(0, 255, (360, 640, 3), dtype=np.uint8)

    result = read(tmp_path / "pack", reader, 4, picture)

    assert result.regions == ()
    assert result.unread == 0


def test_lines_in_an_unknown_script_are_counted(tmp_path: Path, reader: TextReader) -> None:
    font = font_named("DejaVuSans.ttf", 32)
    if font is None:
        pytest.skip("needs DejaVu Sans, which has Cyrillic letters")

    def film(time: float) -> Picture:
        return written(soft(1, time * 30), (40, 200), "Привет, мир и новости дня", font)

    result = read(tmp_path / "pack", reader, 4, film)

    assert result.regions == ()
    assert result.unread == 1


@pytest.mark.parametrize("has_reader", [True, False], ids=["with-tesseract", "without"])
def test_korean_is_read_with_a_reader_for_it_and_counted_without(has_reader: bool, tmp_path: Path) -> None:
    folder = next((folder for folder in TESSDATA if (folder / "kor.traineddata").is_file()), None)
    if has_reader and folder is None:
        pytest.skip("needs kor.traineddata, such as from tesseract-ocr-kor")
    font = cjk(36)
    write_pack(tmp_path / "pack", [(HALF * n, korean_card(font)) for n in range(6)])
    korean = choice(TESSERACT_KOREAN, folder) if has_reader else None
    (tmp_path / "work").mkdir()

    result = read_in_child(
        tmp_path / "pack", tmp_path / "work", TextOptions(choice=choice(), korean=korean, duration=Moment(3, 1))
    )

    assert [region.text for region in result.regions] == (["서울", "오늘의 날씨"] if has_reader else [])
    assert result.unread == (0 if has_reader else 2)


def korean_card(font: FreeTypeFont) -> Picture:
    return written(written(plain(), (60, 60), "서울", font), (60, 200), "오늘의 날씨", font)


def test_a_file_that_is_no_pack_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pack").write_bytes(b"no pack of stills")
    (tmp_path / "work").mkdir()

    with pytest.raises(MediaUnreadable):
        read_in_child(tmp_path / "pack", tmp_path / "work", TextOptions(choice=choice(), duration=Moment(3, 1)))


def test_the_titles_of_a_real_film_are_read_with_their_times(tmp_path: Path) -> None:
    media = MEDIA / "big-buck-bunny-480p-30s.mp4"
    if not media.exists():
        pytest.skip(f"no real media at {MEDIA}; see SCENEDEX_TEST_MEDIA")
    write_pack(tmp_path / "pack", stills_of(media))
    (tmp_path / "work").mkdir()
    progress: list[float] = []

    result = read_in_child(
        tmp_path / "pack", tmp_path / "work", TextOptions(choice=choice(), duration=Moment(30, 1)), progress
    )

    title, presents = (
        next(region for region in result.regions if region.text == text)
        for text in ("THE PEACH OPEN MOVIE PROJECT", "PRESENTS")
    )
    assert times(title) == pytest.approx((20.5, 23.04), abs=0.5)
    assert times(presents) == pytest.approx((20.5, 23.04), abs=0.5)
    # The ornate title after them is read more or less well. There is no other text in the film.
    others = [region for region in result.regions if region not in (title, presents)]
    assert all("BU" in region.text.upper() and times(region)[0] > 24 for region in others)
    assert len(others) <= 3
    assert result.unread == 0
    assert result.stills_read <= 31
    assert progress == sorted(progress)
    assert list((tmp_path / "work").iterdir()) == []


def stills_of(media: Path) -> Iterable[tuple[Fraction, Picture]]:
    """Yield two stills per second."""
    with media.open("rb") as file:
        opened = OpenedMedia(file, None, max_pixels=LIMITS.max_pixels, report=ignore_progress)
        following = Fraction(0)
        with opened.video() as video:
            for frame in video.frames():
                if frame.time.seconds >= following:
                    following += HALF
                    yield frame.time.seconds, frame.rgb(720)
