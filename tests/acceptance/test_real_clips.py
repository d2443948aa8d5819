"""Results for real films and portraits, as a user asks for them: persons, words on screen, words spoken."""

# PyAV's stubs leave the streams of packets open.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import msgspec
import numpy as np
import pytest
from PIL import Image

from films_with_sound import Stretch, film
from networks_text import soft
from newsroom import Desk, open_desk
from real_speech import real_file, real_sound, share_of_words_right
from scenedex.client import AnalysisOptions, Conditions, Index, SearchHit, SearchQuery, SourceLanguage
from scenedex.media.samples import SampleFormat, Take, write_video
from sizes import AT_GROWN_SIZE

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from numpy.typing import NDArray

    from processes import Server
    from scenedex.media.samples import Paint

pytestmark = AT_GROWN_SIZE
BUNNY = "big-buck-bunny-480p-30s.mp4"
HAMILTON = "hamilton-white-house-360p-10s.mp4"
SPEECH = "jfk.mkv"
TURNS = "turns.mp4"
# Start and end in seconds of the part of a film that is analysed. It starts with a picture that needs no other.
PARTS = {BUNNY: (Fraction("10.4"), Fraction(24)), HAMILTON: (Fraction(0), Fraction(6))}
SIZE = (640, 360)
OBAMA, OBAMA_AGAIN, BIDEN = "obama.jpg", "obama2.jpg", "biden.jpg"
OPTIONS = AnalysisOptions(analysis_person_count=5)
# Stretches between the pauses of the speech in milliseconds, by the loudness of its samples.
PHRASES = ((300, 2_050), (3_300, 3_600), (4_000, 4_300), (5_400, 7_600), (8_150, 10_450))
HALF_S = 500


@dataclass
class Studio:
    """Server on which every clip is imported and analysed once, at its first use."""

    server: Server
    desk: Desk
    folder: Path
    assets: dict[str, int] = field(default_factory=dict[str, int])
    indexes: dict[str, Index] = field(default_factory=dict[str, Index])

    def asset(self, name: str) -> int:
        if name not in self.assets:
            self.server.put(name, self._clip(name).read_bytes())
            self.assets[name] = self.desk.imported(name)
        return self.assets[name]

    def index(self, name: str) -> Index:
        if name not in self.indexes:
            self.indexes[name] = self.desk.analysed(self.asset(name), OPTIONS)
        return self.indexes[name]

    def find(self, query: SearchQuery) -> list[SearchHit]:
        return list(self.desk.search.find(query))

    def _clip(self, name: str) -> Path:
        made = self.folder / name
        if name == SPEECH:
            speech = Stretch(Fraction(0), real_sound("jfk-11s.flac"))
            made.write_bytes(film([speech], seconds=11, size=SIZE))
        elif name == TURNS:
            form = SampleFormat(width=SIZE[0], height=SIZE[1], rate=Fraction(10), sound="aac")
            one, other = _portrait(OBAMA, soft(1)), _portrait(BIDEN, soft(2))
            write_video(made, [Take(15, _still(picture)) for picture in (one, other, one, other)], form)
        elif name in PARTS:
            _write_part(made, real_file(name), *PARTS[name])
        else:
            return real_file(name)
        return made


def _write_part(target: Path, source: Path, start_s: Fraction, end_s: Fraction) -> None:
    """Copy the packets between two times, without decoding them."""
    with av.open(source) as whole, av.open(target, "w") as part:
        streams = (whole.streams.video[0], whole.streams.audio[0])
        copies = {stream.index: part.add_stream_from_template(stream) for stream in streams}
        for packet in whole.demux(*streams):
            if packet.pts is None or packet.dts is None:
                continue
            if packet.pts * packet.time_base >= start_s and packet.dts * packet.time_base < end_s:
                shift = round(start_s / packet.time_base)
                packet.pts, packet.dts = packet.pts - shift, packet.dts - shift
                packet.stream = copies[packet.stream_index]
                part.mux(packet)


def _portrait(name: str, ground: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Draw a portrait on a background."""
    picture = Image.fromarray(ground)
    with Image.open(real_file(name)) as opened:
        opened.thumbnail((SIZE[0] // 2, SIZE[1]))
        picture.paste(opened, ((SIZE[0] - opened.width) // 2, 0))
    return np.asarray(picture)


def _still(picture: NDArray[np.uint8]) -> Paint:
    return lambda _number: picture


@pytest.fixture(scope="module")
def studio(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Generator[Studio]:
    with open_desk(server) as desk:
        yield Studio(server, desk, tmp_path_factory.mktemp("studio"))


def cuts(index: Index) -> list[int]:
    return [shot.start_time_ms for scene in index.scenes for shot in scene.shots][1:]


def appearances(index: Index) -> dict[int, list[tuple[int, int]]]:
    """Return start and end of the appearances of each person, in milliseconds."""
    seen: dict[int, list[tuple[int, int]]] = {}
    for scene in index.scenes:
        for person in scene.persons:
            seen.setdefault(person.person_id, []).extend(
                (one.start_time_ms, one.end_time_ms) for one in person.appearances
            )
    return seen


def without_urls(index: Index) -> bytes:
    """Return the scenes of an index without links, which are signed again for every answer."""
    return re.sub(rb'"(\w+Url)":"[^"]*"', rb'"\1":""', msgspec.json.encode(index.scenes))


def test_a_film_with_titles_and_music(studio: Studio) -> None:
    index = studio.index(BUNNY)

    assert cuts(index) == pytest.approx([1_475, 5_350, 12_642], abs=42)
    texts = [text for scene in index.scenes for text in scene.texts]
    for title in ("THE PEACH OPEN MOVIE PROJECT", "PRESENTS"):
        found = [text for text in texts if text.text.casefold() == title.casefold()]
        assert [(text.start_time_ms, text.end_time_ms) for text in found] == [
            (pytest.approx(10_100, abs=HALF_S), pytest.approx(12_600, abs=HALF_S))
        ], texts
    assert all(scene.scripts == () for scene in index.scenes)
    assert appearances(index) == {}


def test_a_person_who_comes_back_in_a_dark_film(studio: Studio) -> None:
    index = studio.index(HAMILTON)

    assert cuts(index) == pytest.approx([1_511, 3_580], abs=34)
    seen = appearances(index)
    singing = [
        person
        for person, times in seen.items()
        if any(start < 1_511 for start, _ in times) and any(start >= 3_580 for start, _ in times)
    ]
    assert len(singing) == 1
    lengths = {person: sum(end - start for start, end in times) for person, times in seen.items()}
    assert max(lengths, key=lengths.__getitem__) == singing[0]


def test_a_speech(studio: Studio) -> None:
    index = studio.index(SPEECH)

    lines = [line for scene in index.scenes for line in scene.scripts]
    words = [word for line in lines for word in line.text.split()]
    assert share_of_words_right(words) >= 0.6
    assert {line.speaker for line in lines} == {"Speaker 1"}
    for line in lines:
        assert min(abs(line.start_time_ms - start) for start, _ in PHRASES) <= HALF_S, line
        assert min(abs(line.end_time_ms - end) for _, end in PHRASES) <= HALF_S, line


def test_two_faces_in_turns(studio: Studio) -> None:
    index = studio.index(TURNS)

    assert cuts(index) == [1500, 3000, 4500]
    turns = [[(0, 1500), (3000, 4500)], [(1500, 3000), (4500, 6000)]]
    for times, expected in zip(appearances(index).values(), turns, strict=True):
        assert times == [(pytest.approx(start, abs=250), pytest.approx(end, abs=250)) for start, end in expected]


def test_an_index_tells_what_made_it_and_what_is_missing(studio: Studio) -> None:
    setting = studio.index(TURNS).analysis_setting
    assert setting is not None
    engines = {engine.stage: engine for engine in setting.engines}

    bundled = {"faces": "dlib-resnet", "text": "rapidocr", "speech": "pocketsphinx", "pictures": "layout"}
    bundled["meaning"] = "universal-sentence-encoder"
    assert {stage: engines[stage].name for stage in bundled} == bundled
    for stage in ("labels", "objects"):
        assert engines[stage].name is None
        assert ". To enable it: scenedex weights pull " in (engines[stage].not_analysed or "")
    assert all((engine.name is None) != (engine.not_analysed is None) for engine in setting.engines)


@pytest.mark.parametrize(
    ("query", "clip"),
    [
        pytest.param("peach open movie", BUNNY, id="words on screen"),
        pytest.param("country", SPEECH, id="a word that is said"),
        pytest.param("hamilton white house", HAMILTON, id="the name of the file"),
        pytest.param("xqzvkw plmbrt", None, id="random letters"),
        pytest.param("recipe for apple pie", None, id="something else"),
    ],
)
def test_the_moment_is_found_by_its_words(query: str, clip: str | None, studio: Studio) -> None:
    for name in (BUNNY, SPEECH, HAMILTON):
        studio.index(name)

    hits = studio.find(SearchQuery(text=query, project_ids=(studio.desk.project_id,)))

    assert [hit.asset_id for hit in hits] == ([] if clip is None else [studio.asset(clip)])


def test_the_line_is_found_across_its_break(studio: Studio) -> None:
    lines = [line.text for scene in studio.index(SPEECH).scenes for line in scene.scripts]
    across = " ".join((lines[-2].split()[-1], lines[-1].split()[0]))

    said, unsaid = (
        studio.find(SearchQuery(dialogues=Conditions(must=(text,)), project_ids=(studio.desk.project_id,)))
        for text in (across, "ask the king")
    )

    assert [(hit.asset_id, hit.score) for hit in said] == [(studio.asset(SPEECH), None)]
    assert [match.text for match in said[0].matches] == lines[-2:]
    assert unsaid == []


def test_a_portrait_finds_where_the_man_is_seen(studio: Studio) -> None:
    for name in (OBAMA_AGAIN, BIDEN, BUNNY):
        studio.index(name)

    picture = studio.desk.search.upload_picture(real_file(OBAMA))
    hits = studio.find(SearchQuery(image=picture, project_ids=(studio.desk.project_id,)))

    found = [hit.asset_id for hit in hits]
    assert studio.asset(OBAMA_AGAIN) in found
    assert studio.asset(BIDEN) not in found
    assert studio.asset(BUNNY) not in found


@pytest.mark.skipif(sys.platform != "linux", reason="looks processes up in /proc")
def test_the_same_analysis_again_opens_no_media(studio: Studio) -> None:
    former = studio.index(TURNS)
    before, kept = studio.server.seconds_of_children(), studio.server.outputs()

    again = studio.desk.analysed(studio.asset(TURNS), OPTIONS)

    assert studio.server.seconds_of_children() == before
    assert studio.server.outputs() == kept
    assert again.index_id != former.index_id
    assert without_urls(again) == without_urls(former)


@pytest.mark.skipif(sys.platform != "linux", reason="looks processes up in /proc")
def test_another_asset_with_the_same_bytes_opens_no_media(studio: Studio) -> None:
    former = studio.index(TURNS)
    studio.server.put("copy.mp4", (studio.folder / TURNS).read_bytes())
    copy = studio.desk.imported("copy.mp4")
    before = studio.server.seconds_of_children()

    index = studio.desk.analysed(copy, OPTIONS)

    assert studio.server.seconds_of_children() == before
    assert without_urls(index) == without_urls(former)


def test_another_language_looks_at_no_picture_again(studio: Studio) -> None:
    former = studio.index(TURNS)
    kept = set(studio.server.outputs())

    index = studio.desk.analysed(
        studio.asset(TURNS), AnalysisOptions(analysis_person_count=5, source_language=SourceLanguage.EN)
    )

    # The film has no speech, so that no stage runs again.
    assert set(studio.server.outputs()) == kept
    assert without_urls(index) == without_urls(former)
