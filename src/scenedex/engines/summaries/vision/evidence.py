"""Evidence of a scene with the ids by which a model cites it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from scenedex.engines.summaries.port import Basis, SceneEvidence

CitedKind = Literal["picture", "person", "keyword", "line", "sound", "text"]

BASES: Final[Mapping[CitedKind, Basis]] = {
    "picture": "seen",
    "person": "seen",
    "keyword": "seen",
    "line": "heard",
    "sound": "heard",
    "text": "read",
}
"""Basis of a sentence that a kind of evidence supports."""

_LETTERS: Final[Mapping[CitedKind, str]] = {
    "picture": "I",
    "person": "P",
    "keyword": "K",
    "line": "L",
    "sound": "S",
    "text": "T",
}
# Lines of an engine that often errs.
_ROUGH: Final[Mapping[bool, Mapping[str, object]]] = {True: {"rough": True}, False: {}}
_MAX_LETTERS: Final = 600  # of a line or text
_TOKENS_OF_ITEM: Final = 20
_MAX_SHORT: Final = 40  # persons, keywords and sounds


@dataclass(frozen=True, slots=True)
class CitedItem:
    """A piece of evidence.

    Attributes:
        kind: its kind.
        text: its words, empty for pictures and persons without a name.
        language: language of the words if it is known, else empty.
        speaker: name or label of the one who says them, else empty.
    """

    kind: CitedKind
    text: str = ""
    language: str = ""
    speaker: str = ""

    @property
    def known_text(self) -> str:
        """Its words and its speaker, in which a name may be."""
        return f"{self.speaker} {self.text}"


@dataclass(frozen=True, slots=True)
class CitableEvidence:
    """Evidence that a request contains.

    Attributes:
        items: each piece by its id.
        findings: all of it except pictures, as it is sent.
    """

    items: Mapping[str, CitedItem]
    findings: Mapping[str, object]


def citable_evidence(
    scene: SceneEvidence, picture_count: int, max_tokens: int, text_tokens: Callable[[str], int]
) -> CitableEvidence:
    """Return the evidence of a scene, of which lines and texts are thinned evenly until they fit.

    Args:
        scene: the scene.
        picture_count: number of its pictures that are sent.
        max_tokens: maximum number of tokens of lines and texts.
        text_tokens: estimates the tokens of a text.
    """
    items: dict[str, CitedItem] = {f"I{number}": CitedItem("picture") for number in range(1, picture_count + 1)}
    findings: dict[str, object] = {"scene": scene.scene_id, "scenes": scene.scene_count, "shots": scene.shot_count}

    def note(name: str, entries: Sequence[tuple[CitedItem, Mapping[str, object]]]) -> None:
        for number, (item, _shown) in enumerate(entries, 1):
            items[f"{_LETTERS[item.kind]}{number}"] = item
        if entries:
            findings[name] = [
                {"id": f"{_LETTERS[item.kind]}{number}", **shown} for number, (item, shown) in enumerate(entries, 1)
            ]

    persons = ((CitedItem("person", one.name or ""), {"name": one.name}) for one in scene.persons[:_MAX_SHORT])
    note("persons", list(persons))
    keywords = ((CitedItem("keyword", one.keyword), {"keyword": one.keyword}) for one in scene.keywords[:_MAX_SHORT])
    note("keywords", list(keywords))
    note(
        "sounds", [(CitedItem("sound", kind), {"sound": kind}) for kind in dict.fromkeys(s.type for s in scene.sounds)]
    )
    lines = _fitting([one.text for one in scene.lines], max_tokens * 2 // 3, text_tokens)
    note(
        "lines",
        [
            (
                CitedItem("line", text, scene.lines[at].language, scene.lines[at].speaker),
                {"speaker": scene.lines[at].speaker, "text": text, **_ROUGH[scene.lines[at].is_rough]},
            )
            for at, text in lines
        ],
    )
    distinct = list(dict.fromkeys(one.text for one in scene.texts))
    texts = _fitting(distinct, max_tokens // 3, text_tokens)
    note("texts", [(CitedItem("text", text), {"text": text}) for _at, text in texts])
    if scene.not_analysed:
        findings["notAnalysed"] = sorted(scene.not_analysed)
    return CitableEvidence(items, findings)


def _fitting(texts: Sequence[str], max_tokens: int, text_tokens: Callable[[str], int]) -> list[tuple[int, str]]:
    """Return the places and the words of as many texts, at even distances, as fit."""
    cut = [text if len(text) <= _MAX_LETTERS else f"{text[:_MAX_LETTERS]}…" for text in texts]
    costs = [text_tokens(text) + _TOKENS_OF_ITEM for text in cut]
    count = len(cut)
    while count:
        places = [at * len(cut) // count for at in range(count)]
        excess = sum(costs[at] for at in places) / max(1, max_tokens)
        if excess <= 1:
            return [(at, cut[at]) for at in places]
        count = min(count - 1, int(count / excess))
    return []
