"""Tables of an index: the findings of each scene, then the engines and the stages that were not analysed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.console import Group
from rich.table import Column, Table
from rich.text import Text

from scenedex.cli.invocation import Invocation
from scenedex.cli.user.rendering import clock_time, facts, plain, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import RenderableType

    from scenedex.client import EditedPersons, Engine, Index, Scene, ScenePerson, Script, Span

# Maximum number of times of a person or sound that are listed. Further ones are counted.
_MAX_TIMES: Final = 3


def render_index(index: Index, *, with_ids: bool = False, hints: Invocation | None = None) -> RenderableType:
    """Render scenes with shots and findings, then the engines and the stages that were not analysed.

    Args:
        index: the index.
        with_ids: whether to show the ids of persons and lines.
        hints: form of the commands that enable a stage, by default that of this process.
    """
    engines = index.analysis_setting.engines if index.analysis_setting else ()
    head = facts(
        ("Index", index.index_id),
        ("Type", index.type),
        ("Analysed", index.created_time or index.updated_time),
        ("Frame rate", index.frame_rate),
        ("Start timecode", index.start_timecode),
        ("Corrected", index.updated_time if index.updated_time != index.created_time else None),
    )
    return Group(
        head,
        _table(index.scenes, with_ids=with_ids) if index.scenes else plain("No scenes."),
        *_engines(engines, hints or Invocation.of_process()),
    )


def render_edited_persons(edited: EditedPersons) -> RenderableType:
    """Render the persons of a scene."""
    persons = [(person.person_id, person.name, _times(person.appearances).strip(" ()")) for person in edited.persons]
    return table(("Person", "Name", "Seen"), persons)


def _table(scenes: Sequence[Scene], *, with_ids: bool) -> Table:
    right = (Column(name, justify="right", overflow="fold") for name in ("Scene", "Start", "End"))
    table = Table(*right, Column("Found", overflow="fold"), Column("", overflow="fold"), header_style="bold")
    for scene in scenes:
        first = (str(scene.scene_id), clock_time(scene.start_time_ms), clock_time(scene.end_time_ms))
        found = [(kind, words) for kind, words in _findings(scene, with_ids=with_ids) if words.plain]
        for kind, words in found or [("", Text())]:
            table.add_row(*(Text(cell, style="bold") for cell in first), kind, words)
            first = ("", "", "")
        table.add_section()
    return table


def _findings(scene: Scene, *, with_ids: bool) -> Iterator[tuple[str, Text]]:
    yield "summary", plain(scene.summary or "")
    yield "shots", _lines(f"{clock_time(shot.start_time_ms)} shot {shot.shot_id}" for shot in scene.shots)
    yield (
        "persons",
        _lines(f"{_person_text(person, with_ids=with_ids)}{_times(person.appearances)}" for person in scene.persons),
    )
    yield "keywords", plain(", ".join(dict.fromkeys(keyword.keyword for keyword in scene.keywords)))
    yield "lines", _lines(_line_text(line, with_ids=with_ids) for line in scene.scripts)
    yield "on screen", _lines(f"{clock_time(text.start_time_ms)} {text.text}" for text in scene.texts)
    yield "sounds", _lines(f"{it.type.lower().replace('_', ' ')}{_times((it,))}" for it in scene.audio_effects)


def _person_text(person: ScenePerson, *, with_ids: bool) -> str:
    named = f"{person.name} " if person.name else ""
    return f"{named}ID {person.person_id}" if with_ids else person.name or f"ID {person.person_id}"


def _line_text(line: Script, *, with_ids: bool) -> str:
    number = f"ID {line.script_id} " if with_ids and line.script_id is not None else ""
    rough = "[rough] " if line.rough else ""
    track = "" if line.audio_track is None else f"(track {line.audio_track}) "
    return f"{clock_time(line.start_time_ms)} {number}{track}{rough}{_speaker_text(line.speaker)}{line.text}"


def _speaker_text(speaker: str | None) -> str:
    return f"{speaker}: " if speaker else ""


def _times(spans: Sequence[Span]) -> str:
    times = [f"{clock_time(span.start_time_ms)}-{clock_time(span.end_time_ms)}" for span in spans[:_MAX_TIMES]]
    rest = [f"{len(spans) - _MAX_TIMES} more"] if len(spans) > _MAX_TIMES else []
    return f" ({', '.join(times + rest)})" if times else ""


def _engines(engines: Sequence[Engine], hints: Invocation) -> Iterator[RenderableType]:
    done = [engine for engine in engines if engine.not_analysed is None]
    if done:
        yield Text("Engines", style="bold")
        yield facts(*((engine.stage, _identity(engine)) for engine in done))
    notes = [engine for engine in engines if engine.note is not None]
    if notes:
        yield Text("Notes", style="bold")
        yield facts(*((engine.stage, engine.note) for engine in notes))
    missing = [engine for engine in engines if engine.not_analysed is not None]
    if missing:
        yield Text("Not analysed", style="bold")
        yield facts(*((engine.stage, hints.typed(engine.not_analysed or "")) for engine in missing))


def _identity(engine: Engine) -> str:
    name = " ".join(filter(None, (engine.name, engine.version))) or "unknown"
    return f"{name} ({engine.weights})" if engine.weights else name


def _lines(texts: Iterable[str]) -> Text:
    return Text("\n").join(plain(text) for text in texts)
