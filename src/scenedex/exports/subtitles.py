"""Subtitles: SubRip and WebVTT. Chapters: WebVTT."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from scenedex.exports.cues import cues_of
from scenedex.exports.text import clock, encoded, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scenedex.exports.content import AssetScenes, EditOptions
    from scenedex.exports.cues import Cue

_ROUGH_MARK: Final = "[rough] "


def write_srt(content: AssetScenes, _options: EditOptions) -> Iterator[bytes]:
    """Write SubRip cues for the spoken lines, ``[rough]`` before rough ones. Without lines the file is empty."""
    return encoded(_srt(content))


def write_vtt(content: AssetScenes, _options: EditOptions) -> Iterator[bytes]:
    """Write WebVTT cues for the spoken lines, with the speaker as the voice and a note that names the engine.

    A rough line has the class ``rough``.
    """
    return encoded(_vtt(content))


def write_chapters(content: AssetScenes, _options: EditOptions) -> Iterator[bytes]:
    """Write a WebVTT file of chapters: a cue for each scene with its summary, or else its number, as the title."""
    return encoded(_chapters(content))


def _chapters(content: AssetScenes) -> Iterator[str]:
    yield "WEBVTT\n"
    for scene in content.scenes:
        title = next((found.label for found in scene.findings if found.kind == "summary"), "")
        times = f"{clock(scene.start_ms, '.')} --> {clock(max(scene.end_ms, scene.start_ms + 1), '.')}"
        yield f"\n{scene.scene_id}\n{times}\n{escape(title or f'Scene {scene.scene_id}', quote=False)}\n"


def _srt(content: AssetScenes) -> Iterator[str]:
    for number, cue in enumerate(_cues(content, _ROUGH_MARK), 1):
        # The format has no escapes, and players read an arrow as the times of a cue.
        text = "\n".join(cue.rows).replace("-->", "→")
        yield f"{number}\n{clock(cue.start_ms, ',')} --> {clock(cue.end_ms, ',')}\n{text}\n\n"


def _vtt(content: AssetScenes) -> Iterator[str]:
    yield "WEBVTT\n"
    cues = _cues(content)
    if cues and content.speech_engine:
        # A note ends at an empty line, and may contain no arrow.
        yield f"\nNOTE Speech recognised by {one_line(content.speech_engine).replace('-->', '→')}.\n"
    if any(cue.is_rough for cue in cues):
        yield "\nNOTE Many words of the cues with the class rough are wrong.\n"
    for cue in cues:
        rough = ".rough" if cue.is_rough else ""
        text = escape("\n".join(cue.rows), quote=False)
        if cue.speaker:
            text = f"<v{rough} {escape(cue.speaker, quote=False)}>{text}"
        elif rough:
            text = f"<c{rough}>{text}</c>"
        yield f"\n{clock(cue.start_ms, '.')} --> {clock(cue.end_ms, '.')}\n{text}\n"


def _cues(content: AssetScenes, rough_mark: str = "") -> list[Cue]:
    lines = (found for scene in content.scenes for found in scene.findings if found.kind == "script")
    return cues_of(lines, content.duration_ms, rough_mark=rough_mark)
