"""Ways to write each part of a summary: what is seen, heard and read. Pure.

An option has a cost for the facts that it leaves out. The choice among options is made elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Final

from scenedex.engines.summaries.composed_facts import Presence
from scenedex.engines.summaries.composed_language import Case, GapText, ThingKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scenedex.engines.summaries.composed_facts import Cast, Facts, Look
    from scenedex.engines.summaries.composed_language import Language
    from scenedex.engines.summaries.composed_speech import Said

MOST_NAMES: Final = 3
"""Maximum number of names in a sentence. Further persons are counted."""

_MOST_THINGS: Final = 3
_LOOKS: Final[tuple[tuple[Look, Case, Case], ...]] = (
    ("fast", Case.LEAD_FAST, Case.FAST),
    ("dark", Case.LEAD_DARK, Case.DARK),
    ("bright", Case.LEAD_BRIGHT, Case.BRIGHT),
    ("take", Case.LEAD_TAKE, Case.TAKE),
)
_MUSIC_CASES: Final = {
    "throughout": Case.MUSIC_ALWAYS,
    "some": Case.MUSIC,
    "start": Case.MUSIC_START,
    "end": Case.MUSIC_END,
}
_CROWD_CASES: Final = {"throughout": Case.CROWD, "some": Case.CROWD, "start": Case.CROWD_START, "end": Case.CROWD_END}
_PRESENCES_OF_ONE: Final = {Presence.LONG: Case.ONE_LONG, Presence.BRIEF: Case.ONE_BRIEF, Presence.LATE: Case.ONE_LATE}
_PRESENCES_OF_TWO: Final = {Presence.TOGETHER: Case.PAIR_TOGETHER, Presence.IN_TURN: Case.PAIR_IN_TURN}
_KIND_CASES: Final = {ThingKind.PLACE: Case.PLACE, ThingKind.DOING: Case.DOING, ThingKind.KIND: Case.KIND}

# Costs of what an option leaves out or adds.
_NO_LOOK: Final = 0.35
_NO_THINGS: Final = 0.9
_NO_THINGS_ALONE: Final = 2.5
_NO_MUSIC: Final = 0.55
_NO_CROWD: Final = 2.0
_NO_TOPICS: Final = 0.25
_NO_STRANGERS: Final = 1.3
_NO_SIGNS: Final = 3.0
_NO_KNOWN_SIGNS: Final = 0.1
_NO_SPOKEN: Final = 0.3
_PLAIN_PRESENCE: Final = 0.2
_ADDED_LEAD: Final = 0.6
_ADDED_LENGTH: Final = 0.45


@dataclass(frozen=True, slots=True)
class Option:
    """One way to write a part. ``sentences`` is empty if the part is left out."""

    sentences: tuple[str, ...]
    cost: float = 0.0


class Writer:
    """Fills the sentences of a language with the facts of a scene."""

    def __init__(self, language: Language, facts: Facts) -> None:
        self._language: Final = language
        self._facts: Final = facts

    def seen(self) -> list[Option]:
        """Return the ways to write who and what is seen."""
        facts = self._facts
        cast = self._cast()
        things = self._things(is_more=bool(cast))
        if not cast:
            lost = _NO_THINGS_ALONE if things else 0.0
            looks = [Option((text,), 0.2 + lost) for _, text in self._look_sentences()]
            return [*things, *looks, Option((), lost)]
        found = list(cast)
        if things:
            found = [Option(one.sentences, one.cost + _NO_THINGS) for one in cast]
            found += [
                Option((*one.sentences, *thing.sentences), one.cost + thing.cost)
                for one, thing in product(cast[:: max(1, len(cast) // 8)], things)
            ]
        if not facts.cast.names:
            found.append(Option((), _NO_STRANGERS))
        return found

    def heard(self, subject: str | None) -> list[Option]:
        """Return the ways to write what is heard.

        Args:
            subject: name of the one person of the sentence before, `None` if there is none.
        """
        facts = self._facts
        sounds = self._sounds()
        music = any(name == "BACKGROUND_MUSIC" for name, _ in facts.sounds)
        crowd = any(name != "BACKGROUND_MUSIC" for name, _ in facts.sounds)
        if not facts.speech.is_heard:
            return [*sounds, Option((), _NO_MUSIC if music and not crowd else _NO_CROWD if crowd else 0.0)]
        found: list[Option] = []
        for is_led, option in self._speech(subject):
            missing = (_NO_CROWD if crowd else 0.0) + (_NO_MUSIC if music and not is_led else 0.0)
            found.append(Option(option.sentences, option.cost + missing))
            if not is_led:
                found += [
                    Option((*option.sentences, *sound.sentences), option.cost + sound.cost + 0.1) for sound in sounds
                ]
        if topics := self._topics():
            found = [
                *(Option(one.sentences, one.cost + _NO_TOPICS) for one in found),
                *(Option((*one.sentences, text), one.cost) for one, text in product(found, topics)),
            ]
        if not facts.speech.said:
            found.append(Option((), _NO_SPOKEN))
        return found

    def read(self) -> list[Option]:
        """Return the ways to write what is read."""
        signs = self._facts.signs
        if not signs:
            return [Option(())]
        texts = self._quotes([one.text for one in signs])
        case = Case.READ if len(signs) == 1 else Case.READ_MORE
        lost = _NO_KNOWN_SIGNS if all(one.is_known for one in signs) else _NO_SIGNS
        return [*(Option((text,)) for text in self._filled(case, texts=texts)), Option((), lost)]

    def sizes(self) -> list[Option]:
        """Return the ways to write how long a scene is and how it looks."""
        facts = self._facts
        if facts.is_still:
            return [Option((text,)) for text in self._filled(Case.PICTURE)]
        looks = [Option((text,)) for _, text in self._look_sentences()]
        return [
            *looks,
            *(Option((text,), 0.3 if looks else 0.0) for text in self._filled(Case.BARE, **self._measures())),
        ]

    def absence(self) -> list[Option]:
        """Return the ways to write that nothing is known."""
        facts = self._facts
        case = Case.NOTHING if facts.is_complete else Case.UNTOUCHED if facts.is_untouched else Case.NOTHING_SO_FAR
        return [Option((text,)) for text in self._filled(case)]

    def _measures(self) -> dict[str, object]:
        language, facts = self._language, self._facts
        return {
            "time": GapText(language.time(facts.seconds), language.inflect),
            "shots": GapText(language.shots(max(1, facts.shot_count)), language.inflect),
        }

    def _filled(self, case: Case, **gaps: object) -> list[str]:
        return [sentence.format(lead="", **gaps) for sentence in self._language.sentences.get(case, ())]

    def _led(self, case: Case, leads: Sequence[tuple[str, float]], **gaps: object) -> Iterator[Option]:
        """Yield sentences with and without a beginning."""
        for place, sentence in enumerate(self._language.sentences.get(case, ())):
            yield Option((sentence.format(lead="", **gaps),), leads[0][1])
            if sentence.startswith("{lead}") and len(leads) > 1:
                # One beginning for each sentence: all of them would be many.
                lead, cost = leads[1 + place % (len(leads) - 1)]
                yield Option((sentence.format(lead=lead, **gaps),), cost)

    def _leads(self, *, has_more: bool) -> list[tuple[str, float]]:
        facts = self._facts
        leads: list[tuple[str, float]] = []
        for look, lead, _ in _LOOKS:
            if look in facts.look:
                leads += [(text, 0.0) for text in self._filled(lead, **self._measures())]
        lost = _NO_LOOK if facts.look - {"take"} else 0.0
        if not leads and not facts.is_still:
            cost = _ADDED_LEAD if has_more else _ADDED_LENGTH
            cases = (Case.LEAD_TIME, *([Case.LEAD_SHOTS] if facts.shot_count > 1 else []))
            leads += [(text, cost) for case in cases for text in self._filled(case, **self._measures())]
        return [("", lost), *leads]

    def _look_sentences(self) -> Iterator[tuple[Look, str]]:
        for look, _, case in _LOOKS:
            if look in self._facts.look:
                for text in self._filled(case, **self._measures()):
                    yield look, text

    def _cast(self) -> list[Option]:
        cast = self._facts.cast
        has_more = bool(self._facts.speech.said or self._facts.signs)
        leads = self._leads(has_more=has_more)
        gaps = self._names(cast)
        plain, special = _cast_cases(cast)
        found = [Option(one.sentences, one.cost) for case in special for one in self._led(case, leads, **gaps)]
        extra = _PLAIN_PRESENCE if found else 0.0
        return [
            *found,
            *(Option(one.sentences, one.cost + extra) for case in plain for one in self._led(case, leads, **gaps)),
        ]

    def _names(self, cast: Cast) -> dict[str, object]:
        language = self._language
        shown = cast.names[:MOST_NAMES]
        others = len(cast.names) - len(shown) + cast.unnamed
        gaps: dict[str, object] = {}
        if shown:
            gaps["who"] = self._part(language.listed(shown))
            gaps["first"], gaps["second"] = self._part(shown[0]), self._part(shown[-1])
            gaps["known"] = self._part(language.listed([one for one in shown if one in cast.known] or shown))
            gaps["fresh"] = self._part(language.listed([one for one in shown if one not in cast.known] or shown))
            gaps["all"] = self._part(language.listed([*shown, language.others(max(1, others))]))
        gaps["others"] = self._part(language.others(max(1, others)))
        gaps["people"] = self._part(language.people(max(1, cast.unnamed)))
        return gaps

    def _part(self, text: str) -> GapText:
        return GapText(text, self._language.inflect)

    def _quote(self, text: str) -> GapText:
        return GapText(text, self._language.inflect, is_quote=True)

    def _quotes(self, texts: Sequence[str]) -> GapText:
        if len(texts) == 1:
            return self._quote(texts[0])
        return self._part(self._language.listed([f"{self._quote(text)}" for text in texts]))

    def _things(self, *, is_more: bool) -> list[Option]:
        language = self._language
        known = [(one, found) for one in self._facts.things if (found := language.thing(one.keyword)) is not None]
        if not known:
            labels = [one.keyword for one in self._facts.things if one.is_certain][:_MOST_THINGS]
            texts = self._filled(Case.LABELLED, texts=self._quotes(labels)) if labels else []
            return [Option((text,)) for text in texts]
        best, (kind, _) = known[0]
        alike = [(one, words) for one, (other, words) in known if other is kind and one.is_certain == best.is_certain]
        words = list(dict.fromkeys(words for _, words in alike))[: _MOST_THINGS if kind is ThingKind.THING else 1]
        certain = Case.THINGS_MORE if is_more else Case.THINGS
        case = _KIND_CASES.get(kind, certain if best.is_certain else Case.MAYBE)
        return [Option((text,)) for text in self._filled(case, things=self._part(language.listed(words)))]

    def _speech(self, subject: str | None) -> Iterator[tuple[bool, Option]]:
        """Yield whether music is in the sentence already, and the sentences about speech."""
        speech = self._facts.speech
        if not speech.said:
            for text in self._filled(Case.SPOKEN_ROUGH if speech.is_rough else Case.SPOKEN):
                yield False, Option((text,))
        elif len(speech.said) == 1:
            yield from self._one(speech.said[0], subject)
        else:
            yield from self._two(*speech.said[:2])

    def _one(self, said: Said, subject: str | None) -> Iterator[tuple[bool, Option]]:
        gaps: dict[str, object] = {"q": self._quote(said.quote)}
        if said.is_rough:
            yield from ((False, Option((text,))) for text in self._filled(Case.ROUGH, **gaps))
            return
        if said.name is None:
            cases = [Case.ASKED if said.is_question else Case.SAID]
        else:
            gaps["speaker"] = self._part(said.name)
            cases = [Case.ASKS if said.is_question else Case.SAYS]
            if subject == said.name:
                cases.append(Case.ASKS_ON if said.is_question else Case.SAYS_ON)
        always = any(name == "BACKGROUND_MUSIC" and span == "throughout" for name, span in self._facts.sounds)
        music = self._filled(Case.LEAD_MUSIC) if always else []
        for case in cases:
            extra = 0.25 if subject is not None and subject == said.name and case in {Case.ASKS, Case.SAYS} else 0.0
            for option in self._led(case, [("", extra), *((lead, 0.05) for lead in music)], **gaps):
                is_led = any(text.startswith(tuple(music)) for text in option.sentences) if music else False
                yield is_led, option

    def _two(self, one: Said, two: Said) -> Iterator[tuple[bool, Option]]:
        language = self._language
        gaps: dict[str, object] = {"q": self._quote(one.quote), "r": self._quote(two.quote)}
        is_other = one.voice != two.voice
        if one.name is None and two.name is None and not (is_other and two.is_reply):
            case = Case.SAID_LATER if self._facts.speech.is_later else Case.SAID_BOTH
        elif not is_other:
            case = Case.SAYS_LATER if self._facts.speech.is_later else Case.SAYS_BOTH
        else:
            case = Case.ASKS_REPLIES if two.is_reply else Case.SAYS_SAYS
        stranger = language.sentences[Case.STRANGER][0]
        other = language.sentences[Case.OTHER_STRANGER][0]
        gaps["speaker"] = self._part(one.name or stranger)
        gaps["other"] = self._part(two.name or (other if one.name is None else stranger))
        for sentence in self._filled(case, **gaps):
            yield False, Option(tuple(sentence.split("|")))

    def _topics(self) -> list[str]:
        topics = self._facts.topics
        if not topics or len(self._facts.speech.said) > 1:
            return []
        texts = self._quotes(topics)
        return self._filled(Case.TOPICS, texts=texts) if len(topics) > 1 else []

    def _sounds(self) -> list[Option]:
        sounds = self._facts.sounds
        if not sounds:
            return []
        language = self._language
        words = {"APPLAUSE": language.sentences[Case.APPLAUSE][0], "LAUGHTER": language.sentences[Case.LAUGHTER][0]}
        crowd = [(words[name], span) for name, span in sounds if name != "BACKGROUND_MUSIC"]
        music = [span for name, span in sounds if name == "BACKGROUND_MUSIC"]
        gaps = {"sounds": self._part(language.listed([word for word, _ in crowd]))} if crowd else {}
        spans = {span for _, span in crowd}
        case = _CROWD_CASES[spans.pop()] if len(spans) == 1 else Case.CROWD
        if crowd and music:
            both = [Option((text,)) for text in self._filled(Case.CROWD_MUSIC, **gaps)]
            return [*both, *(Option((text,), _NO_MUSIC) for text in self._filled(case, **gaps))]
        if crowd:
            return [Option((text,)) for text in self._filled(case, **gaps)]
        return [Option((text,)) for text in self._filled(_MUSIC_CASES[music[0]])]


def _cast_cases(cast: Cast) -> tuple[list[Case], list[Case]]:
    """Return the cases that fit the persons of a scene: plain ones, and those that say more."""
    shown = cast.names[:MOST_NAMES]
    others = len(cast.names) - len(shown) + cast.unnamed
    is_known = bool(shown) and all(one in cast.known for one in shown)
    match len(shown), others:
        case 0, 0:
            plain, special = [], []
        case 0, 1:
            plain, special = [Case.SOMEONE], [Case.SOMEONE_BRIEF] if cast.presence is Presence.BRIEF else []
        case 0, _:
            plain, special = [Case.PEOPLE], []
        case 1, 0:
            found = [_PRESENCES_OF_ONE[cast.presence]] if cast.presence in _PRESENCES_OF_ONE else []
            plain, special = ([Case.ONE_AGAIN], found) if is_known else ([Case.ONE], found)
        case 2, 0:
            found = [_PRESENCES_OF_TWO[cast.presence]] if cast.presence in _PRESENCES_OF_TWO else []
            again = [Case.PAIR_AGAIN] if is_known else [Case.PAIR_JOINED] if cast.known & {*shown} else []
            plain, special = [Case.PAIR], [*again, *found]
        case _, 0:
            plain, special = [Case.GROUP], []
        case _:
            plain, special = [Case.WITH], []
    return plain, special
