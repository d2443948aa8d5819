"""Facts of a scene that a summary may state, chosen from its evidence. The same for all languages. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final, Literal

from scenedex.engines.summaries.composed_signs import Sign, signs_of
from scenedex.engines.summaries.composed_speech import Speech, telling
from scenedex.engines.summaries.composed_texts import clean, clean_name
from scenedex.engines.summaries.composed_things import is_silent

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from scenedex.engines.summaries.port import EvidencePerson, SceneEvidence, SceneSummary

DARK: Final = 0.1
"""Brightness below which pictures are called dark. A bright portrait between black bars has 0.13."""

BRIGHT: Final = 0.72
"""Brightness above which pictures are called bright. Pictures of days outdoors have 0.4 to 0.65."""

QUOTED: Final = re.compile("“([^”]*)”|『([^』]*)』|「([^」]*)」")

_ALMOST_ALL: Final = 0.85
_BRIEF: Final = 0.2
_LATE: Final = 0.45
_EARLY: Final = 0.25
_MIN_SECONDS: Final = 6
_FAST_SHOTS: Final = 4
_FAST_SECONDS: Final = 2.5
_LONG_TAKE: Final = 20
_MIN_KEYWORD: Final = 0.5
_SURE_KEYWORD: Final = 0.7
_MOST_THINGS: Final = 3
_MANY_LINES: Final = 4


class Presence(Enum):
    """Times at which the persons of a scene are visible."""

    PLAIN = "plain"
    LONG = "long"
    BRIEF = "brief"
    LATE = "late"
    TOGETHER = "together"
    IN_TURN = "in turn"


Span = Literal["throughout", "start", "end", "some"]
Look = Literal["dark", "bright", "fast", "take"]
SoundName = Literal["APPLAUSE", "LAUGHTER", "BACKGROUND_MUSIC"]


@dataclass(frozen=True, slots=True)
class Cast:
    """Persons of a scene.

    Attributes:
        names: names in order of the first appearance.
        unnamed: number of anonymous persons.
        known: names that preceding summaries have.
        presence: times at which they are visible.
    """

    names: tuple[str, ...] = ()
    unnamed: int = 0
    known: frozenset[str] = frozenset()
    presence: Presence = Presence.PLAIN


@dataclass(frozen=True, slots=True)
class Thing:
    """A keyword of the pictures, and whether it is certain."""

    keyword: str
    is_certain: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts of a scene.

    Attributes:
        cast: its persons.
        speech: what is said.
        topics: further words of the speech.
        signs: texts on screen.
        sounds: sounds and their place in the scene.
        things: keywords of its pictures.
        look: brightness and pace.
        seconds: its length.
        shot_count: number of its shots.
        is_still: whether it is a picture.
        is_complete: whether engines looked for every kind of findings.
        is_untouched: whether engines looked for none.
    """

    cast: Cast
    speech: Speech
    topics: tuple[str, ...]
    signs: tuple[Sign, ...]
    sounds: tuple[tuple[SoundName, Span], ...]
    things: tuple[Thing, ...]
    look: frozenset[Look]
    seconds: float
    shot_count: int
    is_still: bool
    is_complete: bool
    is_untouched: bool

    @property
    def is_empty(self) -> bool:
        """True if nothing was found."""
        return not (
            self.cast.names or self.cast.unnamed or self.speech.is_heard or self.signs or self.sounds or self.things
        )

    @property
    def is_only_music(self) -> bool:
        """True if nothing but music and the looks of the pictures is known."""
        other = self.cast.names or self.cast.unnamed or self.speech.is_heard or self.signs or self.things
        return not other and {name for name, _ in self.sounds} == {"BACKGROUND_MUSIC"}


def facts_of(scene: SceneEvidence, preceding: Sequence[SceneSummary]) -> Facts:
    """Return the facts of a scene, given the summaries before it."""
    texts = [sentence.text for summary in preceding for sentence in summary.sentences]
    quotes = frozenset(quote for text in texts for groups in QUOTED.findall(text) for quote in groups if quote)
    quotes |= {quote.rstrip("。.") for quote in quotes}
    seen = " ".join(
        sentence.text for summary in preceding for sentence in summary.sentences if sentence.basis == "seen"
    )
    speech = telling(scene, quotes)
    said = tuple(one.quote for one in speech.said)
    kinds = {"persons", "lines", "texts", "keywords", "sounds"}
    return Facts(
        cast=_cast(scene, seen),
        speech=speech,
        topics=_topics(scene, said),
        signs=signs_of(scene, said, quotes),
        sounds=_sounds(scene),
        things=_things(scene),
        look=_look(scene),
        seconds=(scene.end_ms - scene.start_ms) / 1000,
        shot_count=scene.shot_count,
        is_still=scene.end_ms <= scene.start_ms,
        is_complete=not scene.not_analysed,
        is_untouched=scene.not_analysed >= kinds,
    )


def _cast(scene: SceneEvidence, seen: str) -> Cast:
    ordered = sorted(scene.persons, key=lambda one: (min(one.appearances, default=(0, 0)), one.person_id))
    named = {name: one for one in ordered if one.name and (name := clean_name(one.name))}
    unnamed = sum(not (one.name and clean_name(one.name)) for one in ordered)
    known = frozenset(name for name in named if re.search(rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])", seen))
    return Cast(tuple(named), unnamed, known, _presence(scene, ordered))


def _presence(scene: SceneEvidence, persons: Sequence[EvidencePerson]) -> Presence:
    length = scene.end_ms - scene.start_ms
    if length < _MIN_SECONDS * 1000 or not all(one.appearances for one in persons):
        return Presence.PLAIN
    match persons:
        case [one]:
            return _presence_of_one(one, scene.start_ms, length)
        case [one, two]:
            return _presence_of_two(one.appearances, two.appearances)
        case _:
            return Presence.PLAIN


def _presence_of_one(person: EvidencePerson, start_ms: int, length: int) -> Presence:
    share = sum(end - start for start, end in person.appearances) / length
    if share >= _ALMOST_ALL:
        return Presence.LONG
    if share <= _BRIEF:
        return Presence.BRIEF
    return Presence.LATE if person.appearances[0][0] - start_ms > _LATE * length else Presence.PLAIN


def _presence_of_two(one: Sequence[tuple[int, int]], two: Sequence[tuple[int, int]]) -> Presence:
    if any(start < other_end and other_start < end for start, end in one for other_start, other_end in two):
        return Presence.TOGETHER
    return Presence.IN_TURN if one[-1][1] <= two[0][0] else Presence.PLAIN


def _topics(scene: SceneEvidence, said: Collection[str]) -> tuple[str, ...]:
    """Return keywords of the speech of a scene with many lines that the quoted passages lack."""
    if len(scene.lines) < _MANY_LINES or not said or all(line.is_rough for line in scene.lines):
        return ()
    quoted = " ".join(said).casefold()
    found = [
        clean(one.keyword)
        for one in scene.keywords
        if one.category == "SPEECH" and one.confidence >= _MIN_KEYWORD and one.keyword.casefold() not in quoted
    ]
    return tuple(dict.fromkeys(found))[:2]


def _sounds(scene: SceneEvidence) -> tuple[tuple[SoundName, Span], ...]:
    spans: dict[SoundName, list[tuple[int, int]]] = {}
    for sound in scene.sounds:
        spans.setdefault(sound.type, []).append((sound.start_ms, sound.end_ms))
    length = max(1, scene.end_ms - scene.start_ms)
    found: list[tuple[SoundName, Span]] = []
    for name, times in spans.items():
        share = sum(end - start for start, end in times) / length
        first = (min(start for start, _ in times) - scene.start_ms) / length
        last = (max(end for _, end in times) - scene.start_ms) / length
        span: Span = "some"
        if share >= _ALMOST_ALL:
            span = "throughout"
        elif length >= _MIN_SECONDS * 1000 and first >= 1 - 2 * _EARLY:
            span = "end"
        elif length >= _MIN_SECONDS * 1000 and last <= 2 * _EARLY:
            span = "start"
        found.append((name, span))
    # Applause and laughter say more than music.
    return tuple(sorted(found, key=lambda one: one[0] == "BACKGROUND_MUSIC"))


def _things(scene: SceneEvidence) -> tuple[Thing, ...]:
    best: dict[str, float] = {}
    for one in scene.keywords:
        keyword = clean(one.keyword)
        is_picture = one.category in {"OBJECT", "LABEL"} and not is_silent(keyword)
        if is_picture and one.confidence >= _MIN_KEYWORD:
            best[keyword] = max(best.get(keyword, 0.0), one.confidence)
    ordered = sorted(best, key=lambda keyword: (-best[keyword], keyword))
    return tuple(Thing(keyword, best[keyword] >= _SURE_KEYWORD) for keyword in ordered if keyword)[: 2 * _MOST_THINGS]


def _look(scene: SceneEvidence) -> frozenset[Look]:
    looks: set[Look] = set()
    if scene.brightness is not None and scene.brightness <= DARK:
        looks.add("dark")
    if scene.brightness is not None and scene.brightness >= BRIGHT:
        looks.add("bright")
    seconds = (scene.end_ms - scene.start_ms) / 1000
    if scene.shot_count >= _FAST_SHOTS and seconds <= _FAST_SECONDS * scene.shot_count:
        looks.add("fast")
    if scene.shot_count == 1 and seconds >= _LONG_TAKE:
        looks.add("take")
    return frozenset(looks)
