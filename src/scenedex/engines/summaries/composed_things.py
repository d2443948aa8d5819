"""Keywords of pictures in the languages of summaries."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from scenedex.engines.summaries.composed_language import ThingKind

if TYPE_CHECKING:
    from collections.abc import Mapping

ThingLanguage = Literal["en", "ko", "ja", "zh"]

_ARTICLES: Final = ("a ", "an ", "the ")


@dataclass(frozen=True, slots=True)
class _Names:
    kind: ThingKind
    words: Mapping[ThingLanguage, str]


def thing_in(language: ThingLanguage, keyword: str) -> tuple[ThingKind, str] | None:
    """Return the kind of a keyword and its words in a language, `None` if it is not known."""
    names = _things().get(keyword.casefold())
    return None if names is None else (names.kind, names.words[language])


def is_silent(keyword: str) -> bool:
    """Return whether no summary has a keyword.

    Persons are counted by their faces and named by people, and a wrong guess of what they do to each other would harm
    them.
    """
    return keyword.casefold() in _silent()


def known_things() -> frozenset[str]:
    """Return the keywords that have names."""
    return frozenset(_things())


@cache
def _silent() -> frozenset[str]:
    text = files(__package__ or "").joinpath("silent_things.txt").read_text("utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


@cache
def _things() -> Mapping[str, _Names]:
    found: dict[str, _Names] = {}
    kind = ThingKind.THING
    for line in files(__package__ or "").joinpath("things.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            kind = ThingKind(line.strip("[]"))
        elif line and not line.startswith("#"):
            english, korean, japanese, chinese = line.split("|")
            words: dict[ThingLanguage, str] = {"en": english, "ko": korean, "ja": japanese, "zh": chinese}
            found[_without_article(english)] = _Names(kind, MappingProxyType(words))
    return MappingProxyType(found)


def _without_article(phrase: str) -> str:
    return next((phrase.removeprefix(one) for one in _ARTICLES if phrase.startswith(one)), phrase)
