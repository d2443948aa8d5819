"""Parts of a language that composed summaries need: sentences with gaps, lists, counts, durations and quotes."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import Enum
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Case(Enum):
    """Content of a sentence. Its sentences have the gaps in brackets."""

    ONE = "one person {who}, with {lead}"
    ONE_AGAIN = "a person {who} whom a summary before this one has, with {lead}"
    ONE_LONG = "a person {who} who is almost always visible"
    ONE_BRIEF = "a person {who} who is visible for a short time"
    ONE_LATE = "a person {who} who comes late"
    PAIR = "two persons {first} and {second}, with {lead}"
    PAIR_TOGETHER = "two persons {first} and {second} at the same time, with {lead}"
    PAIR_IN_TURN = "two persons {first} and {second}, one after the other"
    PAIR_AGAIN = "two persons {who} whom summaries before this one have"
    PAIR_JOINED = "a person {known} whom a summary before this one has, and a person {fresh}"
    GROUP = "three or more persons {who}, with {lead}"
    WITH = "one or more persons {who} and {others}, together {all}, with {lead}"
    SOMEONE = "one anonymous person, with {lead}"
    SOMEONE_BRIEF = "one anonymous person who is visible for a short time"
    PEOPLE = "{people}, with {lead}"
    PLACE = "keywords {things} of a place"
    DOING = "keywords {things} of an action"
    THINGS = "keywords {things} of things"
    THINGS_MORE = "keywords {things} of things, after persons"
    MAYBE = "keywords {things} of things that are not certain"
    KIND = "keywords {things} of the kind of the pictures"
    LABELLED = "quoted keywords {texts}"
    LEAD_DARK = "beginning of a sentence about dark pictures"
    LEAD_BRIGHT = "beginning of a sentence about bright pictures"
    LEAD_FAST = "beginning of a sentence about quick cuts"
    LEAD_TAKE = "beginning of a sentence about one long shot of {time}"
    LEAD_SHOTS = "beginning of a sentence about {shots}"
    LEAD_TIME = "beginning of a sentence about {time}"
    DARK = "dark pictures"
    BRIGHT = "bright pictures"
    FAST = "quick cuts, {shots} in {time}"
    TAKE = "one shot of {time}"
    SAYS = "a statement {q} of {speaker}, with {lead}"
    SAYS_ON = "a statement {q} of the person of the sentence before"
    ASKS = "a question {q} of {speaker}, with {lead}"
    ASKS_ON = "a question {q} of the person of the sentence before"
    SAID = "a statement {q} of an unknown voice, with {lead}"
    ASKED = "a question {q} of an unknown voice, with {lead}"
    ASKS_REPLIES = "a question {q} of {speaker} and the reply {r} of {other}"
    SAYS_SAYS = "a statement {q} of {speaker} and {r} of {other}"
    SAYS_BOTH = "statements {q} and {r} of {speaker}"
    SAID_BOTH = "statements {q} and {r} of unknown voices"
    SAYS_LATER = "a statement {q} of {speaker} and some time later {r}"
    SAID_LATER = "a statement {q} of an unknown voice and some time later {r}"
    ROUGH = "words {q} that were roughly understood"
    SPOKEN = "speech that is not quoted"
    SPOKEN_ROUGH = "speech that was roughly understood and is not quoted"
    TOPICS = "further words {texts} of the speech"
    LEAD_MUSIC = "beginning of a sentence about speech with music"
    MUSIC = "music in a part of the scene"
    MUSIC_ALWAYS = "music in all of the scene"
    MUSIC_START = "music at the beginning"
    MUSIC_END = "music at the end"
    CROWD = "{sounds}, applause or laughter"
    CROWD_START = "{sounds} at the beginning"
    CROWD_END = "{sounds} at the end"
    CROWD_MUSIC = "{sounds} and music"
    READ = "a text {texts} on screen, with {lead}"
    READ_MORE = "several texts {texts} on screen"
    BARE = "a scene of {time} in {shots}"
    PICTURE = "a still picture"
    NOTHING = "nothing was recognised"
    NOTHING_SO_FAR = "nothing was recognised by the engines that looked"
    UNTOUCHED = "no engine looked for anything"
    STRANGER = "an unknown voice as a speaker"
    OTHER_STRANGER = "another unknown voice as a speaker"
    APPLAUSE = "the word for applause"
    LAUGHTER = "the word for laughter"


class Inflector(Protocol):
    """Writes a name, a list or a quote into a gap."""

    def __call__(self, text: str, form: str, *, is_quote: bool) -> str:
        """Return the text in a form that the gap names, "" for the plain one."""
        ...


@dataclass(frozen=True, slots=True)
class GapText:
    """A name, a list or a quote for a gap. A form in the gap, such as ``{q:,}``, is passed to the language."""

    text: str
    inflect: Inflector
    is_quote: bool = False

    def __format__(self, form: str) -> str:
        return self.inflect(self.text, form, is_quote=self.is_quote)


class ThingKind(Enum):
    """Kind of a keyword of pictures."""

    PLACE = "place"
    DOING = "doing"
    THING = "thing"
    KIND = "kind"


class Language(Protocol):
    """Sentences of one language."""

    @property
    def sentences(self) -> Mapping[Case, Sequence[str]]:
        """Its sentences by their case."""
        ...

    @property
    def is_spaced(self) -> bool:
        """Whether it has spaces between words and between sentences."""
        ...

    def inflect(self, text: str, form: str, *, is_quote: bool) -> str:
        """See `Inflector`."""
        ...

    def listed(self, parts: Sequence[str]) -> str:
        """Return "A, B and C"."""
        ...

    def people(self, count: int) -> str:
        """Return a number of anonymous persons."""
        ...

    def others(self, count: int) -> str:
        """Return a number of further persons."""
        ...

    def shots(self, count: int) -> str:
        """Return a number of shots."""
        ...

    def time(self, seconds: float) -> str:
        """Return a duration."""
        ...

    def thing(self, keyword: str) -> tuple[ThingKind, str] | None:
        """Return the kind of a keyword of pictures and its words, `None` if it is not known."""
        ...

    def finished(self, text: str) -> str:
        """Return a sentence as it is printed."""
        ...


def read_sentences(language: Literal["en", "ko", "ja", "zh"]) -> Mapping[Case, Sequence[str]]:
    """Return the sentences of a language by their case."""
    text = files(__package__ or "").joinpath("sentences", f"{language}.toml").read_text("utf-8")
    return MappingProxyType({Case[name]: tuple(sentences) for name, sentences in tomllib.loads(text).items()})


def minutes_of(seconds: float) -> tuple[int, int]:
    """Return whole minutes and seconds of a duration. Seconds count below ten minutes."""
    whole = max(1, round(seconds))
    minutes, rest = divmod(whole, 60)
    if minutes >= 10:  # noqa: PLR2004  # minutes from which seconds mean nothing to a reader
        return round(whole / 60), 0
    return minutes, rest
