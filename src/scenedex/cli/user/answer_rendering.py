"""Answers to questions: sentences with the numbers of their citations, then the citations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.console import Group
from rich.text import Text

from scenedex.cli.user.rendering import clock_time, plain
from scenedex.cli.user.search_rendering import linked
from scenedex.client import CitationKind, NoAnswer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from scenedex.client import Citation, QuestionAnswer

_MAX_QUOTED: Final = 160
_KINDS: Final = {
    CitationKind.HEARD: "said",
    CitationKind.READ: "on screen",
    CitationKind.SEEN: "seen",
    CitationKind.KNOWN: "file name",
    CitationKind.UNKNOWN: "cited",
}
_REASONS: Final = {
    NoAnswer.NOTHING_ANALYSED: "None of the assets is analysed.",
    NoAnswer.NOTHING_FOUND: "No scene is about the question.",
    NoAnswer.NOT_ANSWERED: "Scenes are about it, but none answers it.",
    NoAnswer.NOT_SUPPORTED: "No evidence supports any sentence of the model.",
    NoAnswer.SOURCES_DELETED: "The scenes that answered it do not exist any more.",
}
_PARTS: Final = {
    "speech": "speech",
    "text": "text on screen",
    "korean": "Korean text on screen",
    "faces": "faces",
    "objects": "everyday things",
    "labels": "what pictures show",
}


def render_answer(found: QuestionAnswer) -> RenderableType:
    """Render an answer. The time of each citation is a hyperlink to its moment."""
    sentences = [
        Text.assemble(plain(one.text), " ", ("".join(f"[{number}]" for number in one.citations), "dim"))
        for one in found.sentences
    ]
    return Group(*sentences, Text(), *(_citation(one) for one in found.citations), Text(), *_engine(found))


def render_lack(found: QuestionAnswer) -> RenderableType:
    """Render why there is no answer: what was looked at, and what was not."""
    looked, reason = found.looked_at, _REASONS.get(found.reason or NoAnswer.UNKNOWN, "")
    lines = [
        Text.assemble(("Not enough evidence for an answer.", "bold"), " ", reason),
        Text(
            f"Looked at: {looked.passage_count} passages of {looked.scene_count} scenes that the search found, in "
            f"{looked.analysed_asset_count} analysed assets of {looked.asset_count}."
        ),
    ]
    missing = [f"{_PARTS.get(one.part, one.part)} in {one.asset_count} assets" for one in found.not_analysed]
    if looked.analysed_asset_count < looked.asset_count:
        missing.insert(0, f"{looked.asset_count - looked.analysed_asset_count} assets without an index")
    if missing:
        lines.append(plain(f"Not looked at: {', '.join(missing)}."))
    return Group(*lines, *_engine(found))


def _citation(one: Citation) -> Text:
    """Render a citation: number, time, file, source and words."""
    quoted = one.text if len(one.text) <= _MAX_QUOTED else f"{one.text[: _MAX_QUOTED - 1]}…"
    # An image has no times.
    time = clock_time(one.moment_start_ms) if one.moment_end_ms else "image"
    speaker = "" if one.speaker is None else f" {one.speaker}"
    return Text.assemble(
        (f"[{one.number}]", "bold"),
        " ",
        linked(Text(time), one.moment_url),
        " ",
        plain(f"{one.asset_id} {one.file_name or ''}".rstrip()),
        " ",
        (f"{_KINDS[one.kind]}{speaker}: ", "dim"),
        plain(quoted),
    )


def _engine(found: QuestionAnswer) -> Iterator[Text]:
    """Yield a line about what answered."""
    if found.engine is None:
        return
    made_by = found.engine if found.model is None else f"{found.engine}, {found.model}"
    dropped = found.unsupported_sentences
    note = f". {dropped} sentences without support were dropped" if dropped else ""
    yield Text(f"Answered by {made_by}{note}.", style="dim")
