"""Other forms of words of spaced scripts: plural and singular, British and American spelling, compounds. Pure.

The forms are candidates. A search uses those that the scenes of its workspace contain, so that most made-up words among
them do no harm.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MIN_INFLECTED = 3  # letters
_MAX_INITIALS = 5
_MIN_PART, _MAX_COMPOUND = 2, 20
_GROUP = 3  # digits

_IRREGULAR = """
    man men, woman women, child children, person people, foot feet, tooth teeth, goose geese, mouse mice, ox oxen,
    penny pence, cactus cacti, fungus fungi, nucleus nuclei, stimulus stimuli, alumnus alumni, radius radii,
    criterion criteria, phenomenon phenomena, datum data, bacterium bacteria, index indices,
    matrix matrices, appendix appendices, vertex vertices, larva larvae, formula formulae, antenna antennae,
    leaf leaves, loaf loaves, thief thieves, sheaf sheaves, half halves, calf calves, wolf wolves, shelf shelves,
    elf elves, self selves, knife knives, life lives, wife wives, hoof hooves, scarf scarves,
    grey gray, programme program, cheque check, tyre tire, kerb curb, plough plow, aluminium aluminum, pyjamas pajamas,
    moustache mustache, mould mold, moult molt, smoulder smolder, jewellery jewelry, sceptic skeptic, storey story,
    draught draft, axe ax, judgement judgment, ageing aging, aeroplane airplane, manoeuvre maneuver, encyclopaedia
    encyclopedia, mediaeval medieval, paediatric pediatric, anaesthetic anesthetic, oestrogen estrogen
"""
_WITHOUT_SINGULAR: Final = frozenset({"gas", "lens", "mars", "news", "series", "species"})
_PAIRS: Final = [pair.split() for pair in _IRREGULAR.split(",")]
_OTHER: Final = {one: other for first, second in _PAIRS for one, other in ((first, second), (second, first))}
# Endings of one spelling and of the other, behind a start of at least two syllables or three letters.
_ENDINGS: Final = [
    (re.compile(rf"(?P<start>\w*{start}){one}(?P<end>{end})$"), other)
    for start, first, second, end in (
        (r"\w{3}", "our", "or", r"|s|ed|ing|able|ite|ites|hood|er|ers|ful|less"),
        (r"\w{3}", "is", "iz", r"e|es|ed|er|ers|ing|ation|ations"),
        (r"\w{3}", "ys", "yz", r"e|es|ed|er|ers|ing"),
        (r"\w[tbg]", "re", "er", r"|s"),
        (r"\w{3}", "ogue", "og", r"|s"),
        (r"\w{3}", "ence", "ense", r"|s|less"),
        (r"[aeiouy][^aeiouy]+[aeiouy]", "ll", "l", r"ed|ing|ings|er|ers|or|ors|ment|ments|ful"),
    )
    for one, other in ((first, second), (second, first))
]
# Parts that are written together with a word, with a hyphen or apart.
_WRITTEN_APART = """
    e t x u anti auto bio co counter cyber down extra hyper inter mega micro mid mini multi neo non off on out over post
    pre pro pseudo re self semi sub super tele trans ultra un under up vice web
"""
_PREFIXES: Final = frozenset(_WRITTEN_APART.split())


def equal_spellings(word: str) -> list[str]:
    """Return words that may be the same as a folded word: in plural or singular, or in the other English spelling."""
    found = {word: None}
    for _ in range(2):
        for one in list(found):
            found |= dict.fromkeys((*_inflected(one), *_respelt(one)))
    return [one for one in found if one != word]


def initials(word: str) -> tuple[str, ...]:
    """Return the letters of a word that may be an abbreviation, as in ``U.S.A.``, or nothing."""
    is_short = _MIN_PART <= len(word) <= _MAX_INITIALS
    return tuple(word) if is_short and word.isascii() and word.isalpha() else ()


def digit_groups(word: str) -> tuple[str, ...]:
    """Return the groups of three digits of a number, as in ``1,000``, or nothing if it has only one."""
    if not (word.isascii() and word.isdigit()) or len(word) <= _GROUP or word.startswith("0"):
        return ()
    head = len(word) % _GROUP
    return (*([word[:head]] if head else []), *(word[at : at + _GROUP] for at in range(head, len(word), _GROUP)))


def is_number(groups: Sequence[str]) -> bool:
    """Return whether strings are the groups of digits of one number."""
    return len(groups) > 1 and digit_groups("".join(groups)) == tuple(groups)


def is_prefix(word: str) -> bool:
    """Return whether a word is a usual prefix of others, such as the first letter of email."""
    return word in _PREFIXES


def compounds(word: str) -> Iterator[tuple[str, str, bool]]:
    """Yield each two parts that a word may be written as, and whether the first is a usual prefix."""
    if not (word.isalpha() and len(word) <= _MAX_COMPOUND):
        return
    for at in range(1, len(word) - _MIN_PART + 1):
        first, second = word[:at], word[at:]
        if first in _PREFIXES or at > _MIN_PART:
            yield first, second, first in _PREFIXES


def _inflected(word: str) -> Iterator[str]:
    """Yield the regular plurals and singulars of a word, and the other form of an irregular one."""
    if word in _OTHER:
        yield _OTHER[word]
    if len(word) < _MIN_INFLECTED or not word.isalpha() or not word.isascii():
        return
    if word in _WITHOUT_SINGULAR or word.endswith("ics"):
        return
    yield from (one for one in _singulars(word) or _plurals(word) if one not in _WITHOUT_SINGULAR)


def _singulars(word: str) -> list[str]:
    if word.endswith("ies"):
        return [f"{word[:-3]}y"]
    if word.endswith(("ches", "shes", "sses", "xes", "zes", "oes", "uses")):
        return [word[:-2], word[:-1]]
    if word.endswith("ses"):
        return [word[:-1], f"{word[:-2]}is"]
    return [word[:-1]] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else []


def _plurals(word: str) -> list[str]:
    if word.endswith("y") and word[-2] not in "aeiou":
        return [f"{word[:-1]}ies"]
    if word.endswith(("ch", "sh", "s", "x", "z")):
        return [f"{word}es", *([f"{word[:-2]}es"] if word.endswith("sis") else [])]
    return [f"{word}s", *([f"{word}es"] if word.endswith("o") else [])]


def _respelt(word: str) -> Iterator[str]:
    """Yield the other English spelling of a word."""
    for ending, other in _ENDINGS:
        if found := ending.match(word):
            yield f"{found['start']}{other}{found['end']}"
