"""Text over time, with a reader that knows the text on each drawn picture."""

from __future__ import annotations

import io
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest

from networks_text import latin, plain, soft, written
from scenedex.analysis.stages.text import TextResult, read_text
from scenedex.engines.text import ScriptedTextReader, TextBox, TextLine
from scenedex.media.stills import StillPack, StillPackWriter
from scenedex.timeline import Timecode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

FONT = latin(36)


@dataclass(frozen=True, slots=True)
class Note:
    """Text on a picture, its place, and its reading."""

    drawn: str
    read: str
    confidence: float = 0.99
    at: tuple[float, float] = (60, 260)
    share: float = 1.0

    @property
    def line(self) -> TextLine:
        left, top = self.at[0] / 640, self.at[1] / 360
        right, bottom = left + (FONT.getlength(self.drawn) + 8) / 640, top + 48 / 360
        left, right, top, bottom = (min(max(side, 0.0), 1.0) for side in (left, right, top, bottom))
        corners = ((left, top), (right, top), (right, bottom), (left, bottom))
        return TextLine(self.read, self.confidence, TextBox(corners, 0.8))


@dataclass(frozen=True, slots=True)
class Card:
    """Still with its time, background and notes. The reader sees the notes that are mostly drawn."""

    time: Fraction
    behind: NDArray[np.uint8]
    notes: tuple[Note, ...] = ()
    is_keyframe: bool = False

    def picture(self) -> NDArray[np.uint8]:
        picture = self.behind
        for note in self.notes:
            picture = written(picture, note.at, note.drawn, FONT, share=note.share)
        return picture


def steady(
    seconds: float, behind: Callable[[Fraction], NDArray[np.uint8]], notes: Callable[[Fraction], Sequence[Note]]
) -> list[Card]:
    times = [Fraction(number, 2) for number in range(round(seconds * 2))]
    return [Card(time, behind(time), tuple(notes(time))) for time in times]


def read(
    cards: Sequence[Card], duration: Fraction | float, *, cuts: Sequence[Fraction | float] = ()
) -> tuple[TextResult, ScriptedTextReader]:
    file = io.BytesIO()
    writer = StillPackWriter(file, quality=90)
    pictures = [card.picture() for card in cards]
    for card, picture in zip(cards, pictures, strict=True):
        writer.add(Timecode(card.time), picture, is_keyframe=card.is_keyframe)
    writer.close()

    def lines(rgb: NDArray[np.uint8]) -> Sequence[TextLine]:
        apart = [np.abs(rgb[::4, ::4].astype(np.int16) - picture[::4, ::4]).mean() for picture in pictures]
        return [note.line for note in cards[int(np.argmin(apart))].notes if note.share > 0.5]

    reader = ScriptedTextReader(lines)
    progress: list[float] = []
    result = read_text(
        StillPack(file),
        reader,
        duration=Timecode(Fraction(duration)),
        cuts=[Timecode(Fraction(cut)) for cut in cuts],
        report=lambda fraction, _: progress.append(fraction),
    )
    assert progress == sorted(progress)
    assert progress[-1:] == [1] * bool(cards)
    return result, reader


def shown(result: TextResult) -> list[tuple[str, float, float]]:
    spans = [(region.text, region.span.range()) for region in result.regions]
    return [(text, float(span.start.seconds), float(span.end.seconds)) for text, span in spans]


def moving(seed: int) -> Callable[[Fraction], NDArray[np.uint8]]:
    return lambda time: soft(seed, float(time) * 60)


def while_shown(begin: float, end: float, *notes: Note) -> Callable[[Fraction], Sequence[Note]]:
    return lambda time: notes if begin <= time < end else ()


HELLO = Note("A quiet morning", "A quiet morning")


def test_a_line_over_changing_pictures_is_one_region() -> None:
    result, reader = read(steady(12, lambda time: soft(int(time / 2)), while_shown(2, 9.5, HELLO)), 12)

    assert shown(result) == [("A quiet morning", 1.75, 9.25)]
    assert reader.lines_read <= 3
    assert result.stills_read == reader.looks <= 12


def test_stills_are_searched_once_a_second_at_most_and_a_line_of_a_second_is_found() -> None:
    for begin in (2, 2.5, 3):
        result, reader = read(steady(8, moving(2), while_shown(begin, begin + 1, HELLO)), 8)

        assert shown(result) == [("A quiet morning", begin - 0.25, begin + 0.75)]
        assert reader.looks <= 8


def test_a_still_picture_is_not_read_again() -> None:
    result, reader = read(steady(10, lambda _: soft(1), lambda _: [HELLO]), 10)

    assert shown(result) == [("A quiet morning", 0, 10)]
    assert reader.looks == 1


def test_pictures_without_writing_are_not_searched() -> None:
    result, reader = read(steady(6, lambda time: plain(int(time * 20)), lambda _: []), 6)

    assert result == TextResult((), 0, 0)
    assert reader.looks == 0


def test_a_line_that_fades_is_shown_while_it_is_visible() -> None:
    def fading(time: Fraction) -> Sequence[Note]:
        share = min(1, max(0, float(time - 2) / 2), max(0, float(8 - time) / 2))
        return [Note(HELLO.drawn, HELLO.read, share=share)] if share else []

    result, _ = read(steady(10, moving(3), fading), 10)

    ((_, start, end),) = shown(result)
    assert 2 < start < 3.5
    assert 6.5 < end < 8


def test_a_line_begins_and_ends_at_the_cut_between_two_stills() -> None:
    cuts = [Fraction(2), Fraction(59, 10), Fraction(29, 4)]
    behind = [soft(seed) for seed in range(4)]
    cards = steady(9, lambda time: behind[sum(time >= cut for cut in cuts)], while_shown(5.9, 7.25, HELLO))

    result, _ = read(cards, 9, cuts=cuts)

    assert shown(result) == [("A quiet morning", 5.9, 7.25)]


def test_successive_lines_at_one_place_are_two() -> None:
    def subtitles(time: Fraction) -> Sequence[Note]:
        text = "I don't know" if time < 4 else "You do know"
        return [Note(text, text)] if 1 <= time < 7 else []

    result, _ = read(steady(9, moving(4), subtitles), 9)

    assert shown(result) == [("I don't know", 0.75, 3.75), ("You do know", 3.75, 6.75)]


def test_chapters_and_clocks_are_shown_with_each_of_their_numbers() -> None:
    def notes(time: Fraction) -> Sequence[Note]:
        chapter, clock = f"Chapter {1 + (time >= 4)}", f"12:{7 * int(time):02d}"
        return [Note(clock, clock, at=(60, 40)), Note(chapter, chapter)]

    result, _ = read(steady(8, lambda _: soft(5), notes), 8)

    chapters = [one for one in shown(result) if one[0].startswith("Chapter")]
    clocks = [one for one in shown(result) if one[0].startswith("12:")]
    assert chapters == [("Chapter 1", 0, 3.75), ("Chapter 2", 3.75, 8)]
    assert [text for text, _, _ in clocks] == [f"12:{7 * second:02d}" for second in range(8)]
    assert all(abs(start - second) <= 0.5 for second, (_, start, _) in enumerate(clocks))


def test_the_best_reading_is_kept() -> None:
    def notes(time: Fraction) -> Sequence[Note]:
        if time < 2:
            return [Note("A quiet morning", "A qulet rnorning", 0.75)]
        return [Note("A quiet morning", "A quiet morning", 0.98)]

    result, _ = read(steady(6, moving(6), notes), 6)

    (region,) = result.regions
    assert (region.text, region.confidence) == ("A quiet morning", 0.98)


def test_a_phrase_that_is_added_to_a_line_begins_when_it_appears() -> None:
    def notes(time: Fraction) -> Sequence[Note]:
        text = "A quiet morning"[: 7 if time < 3 else 15]
        return [Note(text, text)] if time >= 1 else []

    result, _ = read(steady(6, moving(7), notes), 6)

    assert shown(result) == [("A quiet", 0.75, 2.75), ("A quiet morning", 2.75, 6)]


def test_a_line_that_is_typed_is_one() -> None:
    text = "Parliament approves the budget"

    def notes(time: Fraction) -> Sequence[Note]:
        typed = text[: max(0, int(float(time - 1) * 10))].strip()
        return [Note(typed, typed, at=(20, 260))] if typed else []

    result, _ = read(steady(8, lambda _: plain(), notes), 8)

    assert shown(result) == [(text, 1.25, 8)]


def test_a_line_that_moves_is_tracked() -> None:
    def rolling(time: Fraction) -> Sequence[Note]:
        names = ["Anna Bergstrom", "Miguel Alvarez", "Chloe Dubois"]
        at = [(200.0, 360 + 80 * n - 50 * float(time)) for n in range(3)]
        return [Note(name, name, at=place) for name, place in zip(names, at, strict=True) if 0 < place[1] < 310]

    result, _ = read(steady(14, lambda _: plain(0), rolling), 14)

    assert [(text, round(end - start)) for text, start, end in shown(result)] == [
        ("Anna Bergstrom", 6),
        ("Miguel Alvarez", 6),
        ("Chloe Dubois", 6),
    ]


def test_the_parts_of_a_scrolling_line_have_their_own_times() -> None:
    line = "Parliament approves the annual budget after long debate in Lisbon"
    begins = [FONT.getlength(line[:place]) for place in range(len(line) + 1)]

    def crawling(time: Fraction) -> Sequence[Note]:
        left = 640 - 120 * float(time)
        seen = [place for place in range(len(line)) if left + begins[place] > 0 and left + begins[place + 1] < 640]
        if len(seen) < 5:
            return []
        text = line[seen[0] : seen[-1] + 1]
        return [Note(text, text.strip(), at=(max(4, left + begins[seen[0]]), 260))]

    result, _ = read(steady(18, lambda _: soft(8), crawling), 18)

    parts = shown(result)
    assert parts[0][0].startswith("Parliament approves")
    assert parts[-1][0].endswith("in Lisbon")
    assert all(text in line for text, _, _ in parts)
    starts = [start for _, start, _ in parts]
    assert starts == sorted(starts)
    assert starts[-1] - starts[0] > 4


def test_noise_and_unknown_scripts_have_no_regions() -> None:
    noise = Note("Z", "Z", 0.99, at=(300, 40))
    unsure = Note("maybe tomorrow", "mqbc tonnrow", 0.55, at=(300, 120))
    unknown = Note("A quiet morning", ", !", 0.2)

    result, _ = read(steady(6, moving(9), lambda _: [noise, unsure, unknown]), 6)

    assert result.regions == ()
    assert result.unread == 1


def test_a_long_absence_ends_a_line_and_a_short_one_does_not() -> None:
    def notes(time: Fraction) -> Sequence[Note]:
        return [HELLO] if 1 <= time < 3 or 3.5 <= time < 5 or 8 <= time < 10 else []

    result, _ = read(steady(12, moving(10), notes), 12)

    assert shown(result) == [("A quiet morning", 0.75, 4.75), ("A quiet morning", 7.75, 9.75)]


def test_few_stills_of_an_almost_unchanged_picture_are_enough() -> None:
    cards = [
        Card(Fraction(0), soft(1)),
        Card(Fraction(4), soft(1), (HELLO,)),
        Card(Fraction(9), soft(1), (Note("Some other words", "Some other words"),)),
        Card(Fraction(15), soft(1)),
    ]

    result, _ = read(cards, 20)

    assert shown(result) == [("A quiet morning", 3.75, 8.75), ("Some other words", 8.75, 14.75)]


def test_a_picture_has_its_lines_in_reading_order_at_time_0() -> None:
    notes = (Note("right", "right", at=(400, 62)), Note("left", "left", at=(60, 60)), Note("below", "below"))

    result, _ = read([Card(Fraction(0), soft(1), notes, is_keyframe=True)], 0)

    assert shown(result) == [("left", 0, 0), ("right", 0, 0), ("below", 0, 0)]


def test_no_stills_have_no_text() -> None:
    assert read([], 3)[0] == TextResult((), 0, 0)


@pytest.mark.parametrize("size", [(1, 1), (8, 400), (400, 8)])
def test_stills_of_any_size_are_searched(size: tuple[int, int]) -> None:
    behind = np.random.default_rng(1).integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)

    assert read([Card(Fraction(0), behind), Card(Fraction(1), behind)], 2)[0].regions == ()
