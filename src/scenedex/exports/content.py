"""Content that can be exported: all scenes of one media file, or chosen scenes of many. Times are milliseconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from scenedex.exports.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.exports.frame_rates import FrameRate

FindingKind = Literal["person", "keyword", "text", "script", "audioEffect", "summary"]


@dataclass(frozen=True, slots=True)
class ExportedWord:
    """A word of a spoken line."""

    text: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class SceneFinding:
    """A person, keyword, text, spoken line, sound or summary at one time of a scene.

    Attributes:
        kind: kind of the finding, as exports name it.
        start_ms: start of the finding.
        end_ms: end of the finding.
        confidence: certainty, from 0 to 1. A summary has none.
        text: name of a person (empty if anonymous), keyword, text on screen, spoken line, type of a sound or summary.
        id: id of a person or script.
        speaker: speaker of a line.
        category: category of a keyword.
        language: language of a line, or locale of a summary.
        is_rough: whether many words of a line are wrong.
        words: words of a line with their times, if they are known.
        box: left, top, width and height of a text, as fractions of the picture.
    """

    kind: FindingKind
    start_ms: int
    end_ms: int
    confidence: float | None
    text: str
    id: int | None = None
    speaker: str = ""
    category: str = ""
    language: str = ""
    is_rough: bool = False
    words: tuple[ExportedWord, ...] = ()
    box: tuple[float, ...] = ()

    @property
    def label(self) -> str:
        """The finding in one line. An anonymous person has the id, a spoken line has its speaker before it."""
        match self.kind:
            case "person":
                return one_line(self.text) or f"ID {self.id}"
            case "script":
                return one_line(f"{self.speaker}: {self.text}")
            case "keyword" | "text" | "audioEffect" | "summary":
                return one_line(self.text)


@dataclass(frozen=True, slots=True)
class ExportedShot:
    """An uncut run of frames in a scene."""

    shot_id: int
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class ExportedScene:
    """A scene with its shots and findings, which are grouped by kind."""

    scene_id: int
    start_ms: int
    end_ms: int
    shots: tuple[ExportedShot, ...]
    findings: tuple[SceneFinding, ...]


@dataclass(frozen=True, slots=True)
class FilmFacts:
    """Properties of a media file that an edit needs. Those that are not known are `None`.

    Attributes:
        average_rate: average frames per second as ``30000/1001``.
        start_timecode: timecode of the first frame as ``HH:MM:SS:FF``.
        reel: name of the reel or tape.
        has_sound: whether there is sound beside the picture.
        width: width of the upright picture in pixels.
        height: height of the upright picture in pixels.
    """

    average_rate: str | None = None
    start_timecode: str | None = None
    reel: str | None = None
    has_sound: bool = True
    width: int | None = None
    height: int | None = None


NO_FACTS: Final = FilmFacts()
"""Properties of a media file of which nothing is known."""


@dataclass(frozen=True, slots=True)
class AssetScenes:
    """All scenes of one media file, in order of time. ``speech_engine`` wrote the lines, empty if it is not known."""

    asset_id: int
    index_id: int
    file_name: str
    asset_type: str
    duration_ms: int
    scenes: Sequence[ExportedScene]
    film: FilmFacts = NO_FACTS
    speech_engine: str = ""


@dataclass(frozen=True, slots=True)
class SelectedMoment:
    """Time range of a chosen scene for which it was chosen.

    Attributes:
        kind: kind of what is found there, or empty.
        text: words of what is found there, or empty.
        url: page of the media file, opened at the moment.
    """

    start_ms: int
    end_ms: int
    kind: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class SelectedScene:
    """A chosen scene, its moment and its media file.

    Attributes:
        duration_ms: duration of the media file.
        score: score of 0 to 100, or `None` if scenes are not scored.
        copies: ids of further assets with the same bytes.
        film: properties of the media file.
    """

    asset_id: int
    project_id: int
    index_id: int
    file_name: str
    asset_type: str
    duration_ms: int
    score: float | None
    scene: ExportedScene
    moment: SelectedMoment
    copies: tuple[int, ...] = ()
    film: FilmFacts = NO_FACTS


@dataclass(frozen=True, slots=True)
class SceneSelection:
    """Chosen scenes of any media files, in the order in which they are shown. Edits are cut to the moments."""

    title: str
    scenes: Sequence[SelectedScene]


@dataclass(frozen=True, slots=True)
class EditOptions:
    """Options of an edit. Other formats do not read them.

    Attributes:
        frame_rate: frame rate to count in. `None`: that of each media file.
        handle_ms: time before and after each clip that the edit contains, in milliseconds.
        handle_frames: further frames before and after each clip.
    """

    frame_rate: FrameRate | None = None
    handle_ms: int = 0
    handle_frames: int = 0
