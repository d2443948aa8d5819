"""``scenedex index``."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.table import Table

from scenedex.cli.user.edit_options import EditHandles, EditRate
from scenedex.cli.user.index_rendering import render_edited_persons, render_index
from scenedex.cli.user.person_correction import Correction
from scenedex.cli.user.rendering import clock_time, facts
from scenedex.cli.user.session import AssetId, ProjectSession, TimeLimit, Wait, Yes, project_command, sub_app
from scenedex.client import (
    AnalysisOptions,
    AnalysisStatus,
    ConfidenceLevel,
    EditedScript,
    EditedSpeaker,
    ExportFormat,
    IndexStatus,
    RequestedIndex,
    SceneRange,
    SourceLanguage,
)
from scenedex.client.indexes import AssetIndex

app = sub_app("Index: the analysis of an asset and its result.")

Confidence = Annotated[
    ConfidenceLevel | None,
    typer.Option(
        case_sensitive=False, help="Minimum confidence of keywords: low shows more, high only the most certain ones."
    ),
]


@dataclass(frozen=True, slots=True)
class AudioTracks:
    """Sound tracks to transcribe."""

    wanted: Literal["auto", "all"] | tuple[int, ...]


def _parse_tracks(text: str) -> AudioTracks:
    if text == "auto" or text == "all":  # noqa: PLR1714  # the type follows from the comparisons
        return AudioTracks(text)
    try:
        return AudioTracks(tuple(int(number) for number in text.split(",")))
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is neither auto, nor all, nor numbers of tracks such as 1,3") from error


@project_command(app, "request")
def request(  # noqa: PLR0913  # every option of an analysis
    session: ProjectSession,
    asset_id: AssetId,
    *,
    scene_range: Annotated[
        SceneRange | None,
        typer.Option(case_sensitive=False, help="Length of scenes. Excludes --min-scene and --max-scene."),
    ] = None,
    min_scene: Annotated[int | None, typer.Option(help="Minimum length of a scene in seconds.", metavar="S")] = None,
    max_scene: Annotated[int | None, typer.Option(help="Maximum length of a scene in seconds.", metavar="S")] = None,
    persons: Annotated[
        int, typer.Option(help="Maximum number of persons to find, most prominent first, 0-10. 0 is faster.")
    ] = 0,
    tag: Annotated[list[int] | None, typer.Option(help="Find only persons with this tag.", metavar="ID")] = None,
    language: Annotated[
        SourceLanguage | None, typer.Option(case_sensitive=False, help="Language of the speech.")
    ] = None,
    audio_effects: Annotated[
        bool, typer.Option("--audio-effects", help="Detect applause, laughter and music.")
    ] = False,
    audio_tracks: Annotated[
        AudioTracks | None,
        typer.Option(
            parser=_parse_tracks,
            metavar="auto|all|N,N",
            help="Sound tracks to transcribe: auto (each different speech once), all, or numbers such as 1,3.",
        ),
    ] = None,
    wait: Wait = False,
    timeout: TimeLimit = None,
) -> None:
    """Request an analysis. The previous result is kept until it has completed."""
    options = AnalysisOptions(
        analysis_person_count=persons,
        scene_range=scene_range,
        min_scene_duration_sec=min_scene,
        max_scene_duration_sec=max_scene,
        tag_id_list=tuple(tag) if tag else None,
        source_language=language,
        detect_audio_effects=audio_effects or None,
        audio_tracks=None if audio_tracks is None else audio_tracks.wanted,
    )
    requested = _index(session, asset_id).request(options)
    if wait:
        _wait(session, asset_id, timeout)
    else:
        session.screen.one(requested, partial(_requested, name=_name(session, asset_id)))
        session.screen.note(f"Follow it: {session.hint(f'index status {asset_id}')}")


@project_command(app, "status")
def status(session: ProjectSession, asset_id: AssetId) -> None:
    """Show the state of the analysis. The exit status is 0 even if the analysis has failed."""
    session.screen.one(_index(session, asset_id).status(), _status_facts)


@project_command(app, "show")
def show(
    session: ProjectSession,
    asset_id: AssetId,
    *,
    confidence: Confidence = None,
    ids: Annotated[bool, typer.Option("--ids", help="Show the ids of persons and lines, for corrections.")] = False,
) -> None:
    """Show the result scene by scene. With --json, print the whole result as the service wrote it."""
    index = _index(session, asset_id)
    if session.screen.as_json:
        session.screen.document(index.document(confidence))
    else:
        session.screen.one(index.get(confidence), partial(render_index, with_ids=ids))


@project_command(app, "export")
def export(
    session: ProjectSession,
    asset_id: AssetId,
    *,
    export_format: Annotated[
        ExportFormat, typer.Option("--format", case_sensitive=False, help="Subtitles, a spreadsheet, an edit, or JSON.")
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write. Default: standard output.", dir_okay=False)
    ] = None,
    confidence: Confidence = None,
    frame_rate: EditRate = None,
    handles: EditHandles = None,
) -> None:
    """Export the result for other programs. An existing file is replaced."""
    exported = _index(session, asset_id).export(
        export_format, confidence_level=confidence, frame_rate=frame_rate, handles=handles
    )
    if output is None:
        typer.echo(exported, nl=False)
    else:
        output.write_bytes(exported)
        session.screen.note(f"The index of asset {asset_id} is in {output}.")


@project_command(app, "name-person")
def name_person(
    session: ProjectSession,
    asset_id: AssetId,
    scene: Annotated[int, typer.Argument(help="Id of the scene.", show_default=False)],
    shown: Annotated[int, typer.Argument(metavar="PERSON", help="Id of the person shown.", show_default=False)],
    *,
    person: Annotated[int | None, typer.Option(help="Id of the right person.", metavar="ID")] = None,
    name: Annotated[str | None, typer.Option(help="Name of the right person, who is created if necessary.")] = None,
) -> None:
    """Name an anonymous person everywhere, or correct a person in a scene.

    --name names an anonymous person in all indexes, unless another person has that name. In all other cases the face in
    the scene is given to the right person, and later analyses do not match it with the former one.
    """
    if (person is None) == (name is None):
        raise typer.BadParameter("give either --person or --name")
    correction = Correction(session, asset_id, scene, shown)
    edited, note = correction.name(name) if name is not None else correction.give(person or 0)
    session.screen.one(edited, render_edited_persons)
    session.screen.note(note)


@project_command(app, "correct")
def correct(
    session: ProjectSession,
    asset_id: AssetId,
    script: Annotated[int, typer.Argument(help="Id of the line.", show_default=False)],
    *,
    text: Annotated[str | None, typer.Option(help="Right text.")] = None,
    speaker: Annotated[str | None, typer.Option(help="Right speaker.")] = None,
) -> None:
    """Correct a line of speech. The correction is kept until the asset is analysed again."""
    if text is None and speaker is None:
        raise typer.BadParameter("give --text or --speaker")
    edited = _index(session, asset_id).correct_script(script, text=text, speaker=speaker)
    session.screen.one(edited, _script_facts)


@project_command(app, "name-speaker")
def name_speaker(
    session: ProjectSession,
    asset_id: AssetId,
    speaker: Annotated[str, typer.Argument(help="Speaker as shown in the index.", show_default=False)],
    *,
    name: Annotated[str | None, typer.Option(help="New name in all lines.")] = None,
    person: Annotated[int | None, typer.Option(help="Person whose name the lines show.", metavar="ID")] = None,
    nobody: Annotated[bool, typer.Option("--nobody", help="Remove the link to a person.")] = False,
) -> None:
    """Rename a speaker or link it to a person. The change is kept until the asset is analysed again."""
    if [name is not None, person is not None, nobody].count(True) != 1:
        raise typer.BadParameter("give either --name, --person or --nobody")
    index = _index(session, asset_id)
    edited = index.link_speaker(speaker, person) if name is None else index.rename_speaker(speaker, name)
    session.screen.one(edited, _speaker_facts)


@project_command(app, "cancel")
def cancel(session: ProjectSession, asset_id: AssetId) -> None:
    """Cancel the analysis. The previous result is kept."""
    _index(session, asset_id).cancel()
    session.screen.note(f"The analysis of asset {asset_id} is cancelled.")


@project_command(app, "delete")
def delete(session: ProjectSession, asset_id: AssetId, *, yes: Yes = False) -> None:
    """Delete the index of an asset. The asset is kept."""
    session.confirm(f"Delete the index of asset {asset_id}?", is_sure=yes)
    _index(session, asset_id).delete()
    session.screen.note(f"The index of asset {asset_id} is deleted.")


def _index(session: ProjectSession, asset_id: int) -> AssetIndex:
    return session.client.index(session.workspace, session.project_id, asset_id)


def _wait(session: ProjectSession, asset_id: int, timeout: float | None) -> None:
    note = (
        f"The analysis of asset {asset_id} goes on. Follow it: {session.hint(f'index status {asset_id}')} · "
        f"Cancel it: {session.hint(f'index cancel {asset_id}')}"
    )
    with session.interruptible(note), session.screen.bar(f"Analysing asset {asset_id}") as bar:

        def follow(status: IndexStatus) -> None:
            progress = status.progress
            waits = "waiting" if status.status is AnalysisStatus.WAIT_ANALYZE else ""
            bar.show(progress.percent if progress else None, (progress.stage if progress else None) or waits)

        last = _index(session, asset_id).wait(on_progress=follow, timeout=timeout)
    session.screen.one(last, _status_facts)


def _name(session: ProjectSession, asset_id: int) -> str | None:
    """Return the file name of an asset for people."""
    if session.screen.as_json:
        return None
    return session.client.assets(session.workspace, session.project_id).get(asset_id).file_name


def _requested(requested: RequestedIndex, *, name: str | None) -> Table:
    return facts(
        ("Asset", " ".join(filter(None, (str(requested.asset_id), name)))),
        ("Index", requested.index_id),
        ("Status", requested.status.value if requested.status else "requested"),
    )


def _status_facts(status: IndexStatus) -> Table:
    progress = status.progress
    return facts(
        ("Asset", status.asset_id),
        ("Status", status.status.value),
        ("Message", status.message),
        ("Index", status.index_id),
        ("Stage", progress.stage if progress else None),
        ("Done", None if progress is None or progress.percent is None else f"{progress.percent:.0f} %"),
    )


def _script_facts(script: EditedScript) -> Table:
    return facts(
        ("Line", script.script_id),
        ("Start", clock_time(script.start_time_ms)),
        ("Speaker", script.speaker),
        ("Text", script.text),
        ("Updated", script.updated_time),
        ("Updated by", script.updated_user_name),
    )


def _speaker_facts(speaker: EditedSpeaker) -> Table:
    return facts(
        ("Speaker", speaker.speaker),
        ("Person", speaker.person_id),
        ("Lines", speaker.script_count),
        ("Updated", speaker.updated_time),
        ("Updated by", speaker.updated_user_name),
    )
