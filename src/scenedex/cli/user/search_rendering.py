"""Table of hits: the moment and what answers the search there, the asset and the score."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.style import Style
from rich.text import Text

from scenedex.cli.user.fitted_table import FittedTable
from scenedex.cli.user.rendering import clock_time, plain
from scenedex.client import MatchKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from scenedex.client import SearchHit, SearchMatch

# Limits of a hit. Further matches are counted, longer ones are cut.
_MAX_MATCHES: Final = 3
_MAX_MATCH_LENGTH: Final = 120
_MAX_COPIES: Final = 3

_LABELS: Final = {
    MatchKind.DIALOGUE: "said",
    MatchKind.TEXT: "on screen",
    MatchKind.SUMMARY: "summary",
    MatchKind.KEYWORD: "keyword",
    MatchKind.PERSON: "person",
    MatchKind.PICTURE: "similar picture",
    MatchKind.MEANING: "similar meaning",
    MatchKind.UNKNOWN: "match",
}


def render_hits(hits: Sequence[SearchHit]) -> RenderableType:
    """Render a row per hit. Its time is a hyperlink to the moment, and its asset one to the keyframe of the scene."""
    # Commands about an asset need its project.
    has_projects = len({hit.project_id for hit in hits}) > 1
    names = ["Moment", "Asset", *(["Project"] if has_projects else []), "Score"]
    rows = [
        [
            Text("\n").join(_moment(hit)),
            _asset(hit),
            *([plain(str(hit.project_id or ""))] if has_projects else []),
            plain("" if hit.score is None else f"{hit.score:g}"),
        ]
        for hit in hits
    ]
    return FittedTable(names, rows)


def _asset(hit: SearchHit) -> Text:
    asset = linked(plain(f"{hit.asset_id} {hit.file_name or ''}".rstrip()), hit.keyframe_url)
    copies = [str(place.asset_id) for place in hit.places if place.asset_id != hit.asset_id]
    if not copies:
        return asset
    shown = ", ".join(copies[:_MAX_COPIES])
    left = f" and {len(copies) - _MAX_COPIES} more" if len(copies) > _MAX_COPIES else ""
    return Text("\n").join([asset, Text(f"same as {shown}{left}", style="dim")])


def _moment(hit: SearchHit) -> Iterator[Text]:
    """Yield a line for each shown match, the best one with the time of the moment."""
    start_ms = hit.start_time_ms if hit.moment_start_ms is None else hit.moment_start_ms
    # An image has no times.
    time = clock_time(start_ms) if hit.end_time_ms else ""
    matches = _distinct(hit.matches)
    words = _match(matches[0]) if matches else Text(f"scene {hit.scene_id}")
    yield Text(" ").join([*([linked(Text(time), hit.moment_url)] if time else []), words])
    for match in matches[1:_MAX_MATCHES]:
        yield Text.assemble("also ", _match(match))
    if (left := len(matches) - _MAX_MATCHES) > 0:
        yield Text(f"and {left} more", style="dim")


def _distinct(matches: Sequence[SearchMatch]) -> list[SearchMatch]:
    """Return matches without those whose words are shown already, such as a keyword of a text on screen."""
    distinct: dict[object, SearchMatch] = {}
    for match in matches:
        distinct.setdefault(match.text.casefold() if match.text else (match.kind, match.person_id), match)
    return list(distinct.values())


def _match(match: SearchMatch) -> Text:
    text = match.text or ("" if match.person_id is None else f"ID {match.person_id}")
    if len(text) > _MAX_MATCH_LENGTH:
        text = f"{text[: _MAX_MATCH_LENGTH - 1]}…"
    label = _LABELS[match.kind]
    return Text.assemble((f"{label}:", "bold"), " ", plain(text)) if text else Text(label, style="bold")


def linked(text: Text, url: str | None) -> Text:
    """Return a text with a hyperlink, if there is a URL."""
    # The terminal gets the URL unchanged, so it must not contain control characters.
    if url is not None and url.startswith(("https://", "http://")) and url.isprintable():
        text.stylize(Style(link=url))
    return text
