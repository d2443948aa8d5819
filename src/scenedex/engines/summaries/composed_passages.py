"""Passages of speech: lines joined to what one voice says in one breath, and cut at sentences and clauses. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from scenedex.engines.summaries.composed_texts import ELLIPSIS, bare, clean, is_wide, width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scenedex.engines.summaries.port import EvidenceLine

MOST_SENTENCES: Final = 3
"""Maximum number of sentences of a passage."""

SHORT: Final = 64
"""Maximum number of columns of a passage with the maximum number of sentences."""

_BREATH_MS: Final = 1_500
_SHORT_BREATH_MS: Final = 400
_ENDED: Final = re.compile(r"[.!?…。！？．]['’)]*$")  # noqa: RUF001  # punctuation of Chinese and Japanese
_GOES_ON: Final = re.compile(r"[,、，:：;；-]$")  # noqa: RUF001  # as above
_SENTENCES: Final = re.compile(r"[^.!?。！？．…]+(?:[.!?。！？．…]+['’)]*|$)")  # noqa: RUF001  # as above
# A number or an abbreviation goes on after its full stop.
_INNER_STOP: Final = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|Prof|Jr|Sr|vs|[A-Z])\.$")
_CLAUSES: Final = re.compile(
    r"[^,;:—–、，；：]+(?:[,;:—–、，；：]+|$)"  # noqa: RUF001  # as above
)
_SPACED_JOINTS: Final = re.compile(
    r" (?=(?:and|but|because|so|when|while|which|who|that|if|although|since|until|where|or)\b)|(?<=[고며서면데니만]) "
)

_LETTER: Final = re.compile(r"[^\W_]")
_DENSE: Final = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True, slots=True)
class Quotable:
    """Words that may be quoted.

    Attributes:
        text: the words, clean.
        speaker: name or label of the voice.
        start_ms: start of the first line.
        end_ms: end of the last line.
        is_rough: whether many words are wrong.
        group: number of the run of lines that it is part of, in order of time.
        sentences: its sentences.
        is_open: whether it begins in the middle of a sentence.
        is_cut: whether it ends in the middle of a sentence.
    """

    text: str
    speaker: str
    start_ms: int
    end_ms: int
    is_rough: bool
    group: int
    sentences: tuple[str, ...]
    is_open: bool = False
    is_cut: bool = False

    @property
    def quote(self) -> str:
        """The words without a closing full stop, with an ellipsis where a sentence is cut."""
        text = bare(self.text)
        return f"{ELLIPSIS if self.is_open else ''}{text}{ELLIPSIS if self.is_cut else ''}"


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    line: EvidenceLine


def passages_of(lines: Sequence[EvidenceLine], longest: int) -> list[list[Quotable]]:
    """Return the passages that may be quoted, in groups of lines that belong together.

    Args:
        lines: lines in order of time.
        longest: maximum number of columns of a passage.
    """
    found: list[list[Quotable]] = []
    for number, run in enumerate(_runs(lines)):
        pieces = list(_pieces(run))
        passages: list[Quotable] = []
        for first in range(len(pieces)):
            for last in range(first, min(first + MOST_SENTENCES, len(pieces))):
                whole = _passage(pieces[first : last + 1], number)
                if width(whole.text) > (longest if last - first < MOST_SENTENCES - 1 else SHORT):
                    break
                passages.append(whole)
            if width(pieces[first].text) > longest:
                passages.extend(_parts(pieces[first], number, longest))
        found.append(passages)
    return found


def _runs(lines: Sequence[EvidenceLine]) -> Iterator[list[EvidenceLine]]:
    """Yield lines of one voice that follow each other closely."""
    run: list[EvidenceLine] = []
    for line in lines:
        if run and not _follows(run[-1], line):
            yield run
            run = []
        run.append(line)
    if run:
        yield run


def _follows(former: EvidenceLine, latter: EvidenceLine) -> bool:
    same = former.speaker == latter.speaker and former.is_rough == latter.is_rough
    return same and latter.start_ms - former.end_ms <= _BREATH_MS


def _pieces(run: Sequence[EvidenceLine]) -> Iterator[_Piece]:
    """Yield the sentences of a run. A sentence may reach over several lines."""
    open_text, first = "", run[0]
    for line, following in [*pairwise(run), (run[-1], None)]:
        text = clean(line.text)
        if not _LETTER.search(text):
            continue
        first = first if open_text else line
        open_text = _joined(open_text, text)
        if following is None or _is_complete(text, line, following):
            for sentence in sentences_of(open_text):
                yield _Piece(sentence, first)
            open_text = ""
    if open_text:
        yield _Piece(open_text, first)


def _is_complete(text: str, line: EvidenceLine, following: EvidenceLine) -> bool:
    # Recognisers end a line with a full stop even within a sentence.
    if _ENDED.search(text):
        return not clean(following.text)[:1].islower()
    if _GOES_ON.search(text):
        return False
    if is_wide(text):
        return following.start_ms - line.end_ms > _SHORT_BREATH_MS
    return not clean(following.text)[:1].islower()


def _joined(former: str, latter: str) -> str:
    if not former:
        return latter
    last = next((character for character in reversed(former) if character.isalnum()), " ")
    is_dense = _DENSE.match(last) is not None and (latter[0].isdigit() or _DENSE.match(latter[0]) is not None)
    return f"{former}{latter}" if is_dense else f"{former} {latter}"


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a text with their marks."""
    found: list[str] = []
    for match in _SENTENCES.finditer(text):
        part = match.group()
        is_inner = found and (
            _INNER_STOP.search(found[-1]) or (found[-1][-2:-1] + part[:1]).isdigit() or part.lstrip()[:1].islower()
        )
        if is_inner or (found and not part.strip(" .…")):
            found[-1] += part
        else:
            found.append(part)
    return [part.strip() for part in found if _LETTER.search(part)]


def _passage(pieces: Sequence[_Piece], group: int) -> Quotable:
    text = pieces[0].text
    for piece in pieces[1:]:
        text = _joined(text, piece.text)
    lines = [piece.line for piece in pieces]
    return Quotable(
        text,
        lines[0].speaker,
        lines[0].start_ms,
        lines[-1].end_ms,
        any(line.is_rough for line in lines),
        group,
        tuple(piece.text for piece in pieces),
        is_cut=bool(_GOES_ON.search(text)),
    )


def _parts(piece: _Piece, group: int, longest: int) -> Iterator[Quotable]:
    """Yield runs of clauses of a sentence that is too long, and its first words if its first clause is too long."""
    clauses = [match.group() for match in _CLAUSES.finditer(piece.text)]
    if any(width(clause) > longest for clause in clauses):
        clauses = [part for clause in clauses for part in _split_spaced(clause)]
    line = piece.line
    for first in range(len(clauses)):
        for last in range(first, len(clauses)):
            text = "".join(clauses[first : last + 1]).strip()
            if width(text) > longest:
                break
            yield Quotable(
                text,
                line.speaker,
                line.start_ms,
                line.end_ms,
                line.is_rough,
                group,
                (text,),
                is_open=first > 0,
                is_cut=last < len(clauses) - 1,
            )
    if not clauses or width(clauses[0].strip()) > longest:
        text = _beginning(piece.text, longest)
        yield Quotable(
            text, line.speaker, line.start_ms, line.end_ms, line.is_rough, group, (text,), is_cut=text != piece.text
        )


def _split_spaced(clause: str) -> list[str]:
    parts: list[str] = []
    place = 0
    for match in _SPACED_JOINTS.finditer(clause):
        parts.append(clause[place : match.start() + 1])
        place = match.end()
    return [*parts, clause[place:]]


def _beginning(text: str, longest: int) -> str:
    """Return the first words of a text."""
    end = len(text)
    while width(text[:end]) > longest - 1:
        end -= 1
    words = text[:end]
    if (" " in words and not is_wide(words.replace(" ", "")[-1:])) or "\uac00" <= words[-1:] <= "\ud7a3":
        words = words.rsplit(" ", 1)[0] if " " in words else words
    return words.strip()
