"""Media that is strange but allowed: every analysis ends with a predictable result."""

from __future__ import annotations

import io
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from films_with_sound import Stretch, film, tone
from networks_text import font_named, latin, plain, written
from newsroom import ANALYSIS_PATIENCE_S, POLL_S, Desk, open_desk
from real_speech import real_sound
from scenedex.client import AnalysisOptions
from scenedex.media.samples import SampleFormat, Take, drifting, write_video
from sizes import AT_ONE_SIZE

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from numpy.typing import NDArray

    from processes import Server
    from scenedex.client import Index

    Picture = NDArray[np.uint8]

pytestmark = AT_ONE_SIZE
SIZE = (640, 360)
# Faces are searched only if a test checks them.
WITH_PERSONS, WITHOUT_PERSONS = (AnalysisOptions(analysis_person_count=count) for count in (5, 0))
SOUND_STAGES = ("voice", "speech", "speakers")


@dataclass(frozen=True)
class Analysed:
    """Index of one film, and the message of its analysis."""

    index: Index
    message: str

    @property
    def shots(self) -> list[tuple[int, int]]:
        return [(shot.start_time_ms, shot.end_time_ms) for scene in self.index.scenes for shot in scene.shots]

    @property
    def texts(self) -> list[str]:
        return [text.text for scene in self.index.scenes for text in scene.texts]

    @property
    def persons(self) -> dict[int, list[tuple[int, int]]]:
        seen: dict[int, list[tuple[int, int]]] = {}
        for scene in self.index.scenes:
            for person in scene.persons:
                seen.setdefault(person.person_id, []).extend(
                    (one.start_time_ms, one.end_time_ms) for one in person.appearances
                )
        return seen

    @property
    def words(self) -> list[str]:
        return [word for scene in self.index.scenes for line in scene.scripts for word in line.text.split()]

    def lacks(self, stage: str) -> str:
        """Return the reason why a stage was not analysed, or an empty text."""
        setting = self.index.analysis_setting
        assert setting is not None
        return next(engine.not_analysed or "" for engine in setting.engines if engine.stage == stage)


@dataclass
class Studio:
    """A server on which films are analysed."""

    server: Server
    desk: Desk

    def analyse(self, name: str, content: bytes, options: AnalysisOptions = WITHOUT_PERSONS) -> Analysed:
        """Return the index of a film after checking that scenes and shots tile it."""
        self.server.put(name, content)
        asset = self.desk.imported(name)
        index = self.desk.index(asset)
        index.request(options)
        status = index.wait(timeout=ANALYSIS_PATIENCE_S, poll=POLL_S)
        analysed = Analysed(index.get(), status.message or "")
        assert "Traceback" not in analysed.message
        meta_data = self.desk.assets.get(asset).meta_data
        assert meta_data is not None
        scenes = [(scene.start_time_ms, scene.end_time_ms) for scene in analysed.index.scenes]
        for spans in (scenes, analysed.shots):
            assert spans[0][0] == 0
            assert spans[-1][1] == meta_data.duration_ms
            assert all(before[1] == after[0] for before, after in pairwise(spans))
            assert all(start < end for start, end in spans)
        return analysed


@pytest.fixture(scope="module")
def studio(server: Server) -> Generator[Studio]:
    with open_desk(server) as desk:
        yield Studio(server, desk)


def clip(
    takes: Sequence[Take],
    *,
    rate: Fraction = Fraction(10),
    size: tuple[int, int] = SIZE,
    rotation: int = 0,
    times_ms: Sequence[int] | None = None,
) -> bytes:
    """A silent film in an MP4."""
    target = io.BytesIO()
    form = SampleFormat(
        width=size[0],
        height=size[1],
        rate=rate,
        container="mp4",
        rotation=rotation,
        times_ms=None if times_ms is None else tuple(times_ms),
    )
    write_video(target, takes, form)
    return target.getvalue()


def still(picture: Picture) -> Callable[[int], Picture]:
    return lambda _number: picture


def card(text: str, size: tuple[int, int] = SIZE, *, level: int = 60) -> Picture:
    """A picture with a line of writing in its upper half."""
    return written(plain(level, size), (size[0] * 0.1, size[1] * 0.2), text, latin(36))


def test_without_sound(studio: Studio) -> None:
    found = studio.analyse("silent.mp4", clip([Take(20, drifting(1, *SIZE))]))

    assert {stage: found.lacks(stage) for stage in SOUND_STAGES} == dict.fromkeys(
        SOUND_STAGES, "The video has no sound."
    )
    assert found.words == []


@pytest.mark.parametrize("samples", [0, 5])
def test_a_sound_track_with_next_to_nothing_on_it(samples: int, studio: Studio) -> None:
    stretches = [Stretch(Fraction(0), tone(1)[:samples])] if samples else []

    found = studio.analyse(f"short-{samples}.mkv", film(stretches, seconds=2, size=SIZE))

    assert found.words == []
    assert found.shots == [(0, 2000)]


@pytest.mark.parametrize(("layout", "channels"), [("5.1", 6), ("48 channels", 48)])
def test_many_channels(layout: str, channels: int, studio: Studio) -> None:
    speech = real_sound("jfk-11s.flac")[: 5 * 16_000]
    samples = np.zeros((len(speech), channels), np.int16)
    samples[:, 2] = speech

    found = studio.analyse(
        f"{channels}.mkv", film([Stretch(Fraction(0), samples)], seconds=5, layout=layout, size=SIZE)
    )

    assert len({"so", "my", "fellow", "americans", "ask", "not"} & {word.casefold() for word in found.words}) >= 4


def test_a_single_picture(studio: Studio) -> None:
    found = studio.analyse("single.mp4", clip([Take(1, still(card("ONE PICTURE ONLY")))]))

    assert found.shots == [(0, 100)]
    assert found.texts == ["ONE PICTURE ONLY"]


@pytest.mark.parametrize("name", ["black", "noise"])
def test_nothing_to_be_seen(name: str, studio: Studio) -> None:
    chance = np.random.default_rng(1)
    paint: dict[str, Callable[[int], Picture]] = {
        "black": still(plain(0)),
        "noise": lambda _number: chance.integers(0, 256, (SIZE[1], SIZE[0], 3), dtype=np.uint8),
    }

    found = studio.analyse(f"{name}.mp4", clip([Take(30, paint[name])]), WITH_PERSONS)

    assert found.texts == []
    assert found.persons == {}
    assert found.shots == [(0, 3000)]


def test_a_picture_that_is_held_for_long(studio: Studio) -> None:
    found = studio.analyse("held.mp4", clip([Take(200, still(card("A PICTURE THAT STAYS")))], rate=Fraction(1)))

    # Scenes of the length asked for divide it, and what is written belongs to each of them.
    scenes = found.index.scenes
    texts = [(text.text, text.start_time_ms, text.end_time_ms) for scene in scenes for text in scene.texts]
    assert texts == [("A PICTURE THAT STAYS", scene.start_time_ms, scene.end_time_ms) for scene in scenes]


def test_a_script_that_is_not_known(studio: Studio) -> None:
    font = font_named("DejaVuSans.ttf", 40)
    if font is None:
        pytest.skip("no DejaVu Sans on this machine")
    picture = written(plain(), (60, 60), "საქართველოს დედაქალაქი", font)
    picture = written(picture, (60, 160), "Երևան մայրաքաղաք", font)

    found = studio.analyse("script.mp4", clip([Take(20, still(picture))]))

    assert found.texts == [] or "script that cannot be read" not in found.message


def test_a_film_on_its_side(studio: Studio) -> None:
    upright = card("READ ME UPRIGHT", (360, 640))
    stored = np.rot90(upright, -1)

    found = studio.analyse("rotated.mp4", clip([Take(20, still(stored))], rotation=90))

    (text,) = found.index.scenes[0].texts
    assert text.text == "READ ME UPRIGHT"
    box = text.box
    assert box is not None
    assert box.width > box.height
    assert box.top == pytest.approx(0.2, abs=0.05)
    assert box.left == pytest.approx(0.1, abs=0.05)


def test_a_variable_frame_rate(studio: Studio) -> None:
    steps = [40] * 25 + [250] * 8 + [20] * 50
    times = [0, *accumulate(steps)]
    takes = [Take(25, drifting(1, *SIZE)), Take(8, still(card("SLOW PICTURES"))), Take(51, drifting(2, *SIZE))]

    found = studio.analyse("variable.mp4", clip(takes, times_ms=times))

    assert [start for start, _ in found.shots] == [0, 1000, 3000]
    (text,) = [text for scene in found.index.scenes for text in scene.texts if text.text == "SLOW PICTURES"]
    assert (text.start_time_ms, text.end_time_ms) == (pytest.approx(1000, abs=500), pytest.approx(3000, abs=500))


def test_shots_of_a_twentieth_of_a_second(studio: Studio) -> None:
    quick = [Take(3, drifting(seed, *SIZE)) for seed in range(3, 13)]
    takes = [Take(60, drifting(1, *SIZE)), *quick, Take(60, drifting(2, *SIZE))]

    found = studio.analyse("quick.mp4", clip(takes, rate=Fraction(60)), WITH_PERSONS)

    assert [start for start, _ in found.shots] == [0, *range(1000, 1501, 50)]
    assert found.persons == {}


def test_another_picture_in_every_frame(studio: Studio) -> None:
    pictures = [Take(1, drifting(seed, *SIZE)) for seed in range(20)]

    found = studio.analyse("flicker.mp4", clip(pictures, rate=Fraction(20)), WITH_PERSONS)

    assert all(start % 50 == 0 for start, _ in found.shots)
    assert found.persons == {}
