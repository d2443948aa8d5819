"""Table of found scenes with score, place, time and matches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.style import Style
from rich.table import Column, Table
from rich.text import Text

from scenedex.cli.user.rendering import clock_time, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import RenderableType

    from scenedex.client import Matches, SearchHit

# Limits per kind of match and scene. Further matches are counted, longer ones are cut.
_MAX_MATCHES: Final = 3
_MAX_MATCH_LENGTH: Final = 80


def render_hits(hits: Sequence[SearchHit]) -> RenderableType:
    """Render a row per scene, whose number is a hyperlink to its keyframe."""
    # Commands about an asset need its project.
    has_projects = len({hit.project_id for hit in hits}) > 1
    table = Table(
        Column("Score", justify="right", no_wrap=True),
        *([Column("Project", justify="right", no_wrap=True)] if has_projects else []),
        Column("Asset", overflow="fold"),
        Column("Scene", justify="right", no_wrap=True),
        Column("Time", overflow="fold"),
        Column("Matches", overflow="fold"),
        header_style="bold",
    )
    for hit in hits:
        table.add_row(
            "" if hit.score is None else f"{hit.score:g}",
            *([str(hit.project_id or "")] if has_projects else []),
            plain(f"{hit.asset_id} {hit.file_name or ''}".rstrip()),
            _scene(hit),
            _time(hit),
            Text("\n").join(_matches(hit.matches)),
        )
    return table


def _scene(hit: SearchHit) -> Text:
    url = hit.keyframe_url or ""
    # The terminal gets the URL unchanged, so it must not contain control characters.
    is_url = url.startswith(("https://", "http://")) and url.isprintable()
    return Text(str(hit.scene_id), style=Style(link=url) if is_url else "")


def _time(hit: SearchHit) -> str:
    """Return the time range of a scene, or nothing for an image."""
    return f"{clock_time(hit.start_time_ms)} - {clock_time(hit.end_time_ms)}" if hit.end_time_ms else ""


def _matches(matches: Matches) -> Iterator[Text]:
    found = (
        ("persons", (person.name or f"ID {person.person_id}" for person in matches.persons)),
        ("lines", (f"{clock_time(line.start_time_ms)} {line.text}" for line in matches.dialogues)),
        ("on screen", (text.text for text in matches.texts)),
        ("keywords", (keyword.keyword for keyword in matches.keywords)),
    )
    for kind, words in found:
        if shortened := _shorten(words):
            yield Text.assemble((f"{kind} ", "bold"), plain(shortened))


def _shorten(texts: Iterable[str]) -> str:
    every = list(dict.fromkeys(texts))
    cut = [
        text if len(text) <= _MAX_MATCH_LENGTH else f"{text[: _MAX_MATCH_LENGTH - 1]}…" for text in every[:_MAX_MATCHES]
    ]
    rest = [f"{len(every) - _MAX_MATCHES} more"] if len(every) > _MAX_MATCHES else []
    return " · ".join(cut + rest)
