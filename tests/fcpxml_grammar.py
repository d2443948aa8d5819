"""Rules of Final Cut Pro XML 1.11 for the elements that exports write: children in order, attributes, references."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_TIME: Final = re.compile(r"\d+(/[1-9]\d*)?s")
_TIMES: Final = frozenset({"start", "duration", "offset", "tcStart", "frameDuration"})
_MAX_DENOMINATOR: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class _Rule:
    """Children as a regular expression over their names, each followed by a space, and attributes."""

    children: str
    required: frozenset[str]
    optional: frozenset[str] = frozenset()


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MARKED: Final = "((keyword|marker) )*"
_RULES: Final = {
    "fcpxml": _Rule("(resources )?(library )?", _names("version")),
    "resources": _Rule("((asset|format) )*", _names("")),
    "format": _Rule("", _names("id"), _names("name frameDuration width height")),
    "asset": _Rule(
        "(media-rep )+(metadata )?",
        _names("id"),
        _names("name start duration hasVideo format hasAudio videoSources audioSources"),
    ),
    "media-rep": _Rule("", _names("src"), _names("kind")),
    "metadata": _Rule("(md )*", _names("")),
    "md": _Rule("", _names("key"), _names("value")),
    "library": _Rule("(event )*", _names("")),
    "event": _Rule("(project )*", _names(""), _names("name")),
    "project": _Rule("sequence ", _names(""), _names("name")),
    "sequence": _Rule("spine ", _names("format"), _names("duration tcStart tcFormat")),
    "spine": _Rule("((asset-clip|video) )*", _names("")),
    "asset-clip": _Rule(_MARKED, _names("ref"), _names("offset name start duration format tcFormat audioRole")),
    "video": _Rule(_MARKED, _names("ref duration"), _names("offset name start")),
    "keyword": _Rule("", _names("value"), _names("start duration")),
    "marker": _Rule("", _names("start value"), _names("duration")),
}


def faults_of(root: Element) -> list[str]:
    """Return the violations in a document, in words."""
    identifiers = [found for it in root.iter() if (found := it.get("id")) is not None]
    faults = [f"{name} occurs twice" for name in set(identifiers) if identifiers.count(name) > 1]
    if root.tag != "fcpxml" or root.get("version") != "1.11":
        faults.append(f"<{root.tag} version={root.get('version')!r}> is no document of version 1.11")
    for element in root.iter():
        rule = _RULES.get(element.tag)
        if rule is None:
            faults.append(f"<{element.tag}> is unknown")
            continue
        children = "".join(f"{child.tag} " for child in element)
        if re.fullmatch(rule.children, children) is None:
            faults.append(f"<{element.tag}> has the children {children!r}")
        names = set(element.attrib)
        faults += [f"<{element.tag}> lacks {name}" for name in rule.required - names]
        faults += [f"<{element.tag}> has {name}" for name in names - rule.required - rule.optional]
        faults += [
            f"<{element.tag}> refers to {element.attrib[name]}"
            for name in names & {"ref", "format"}
            if element.attrib[name] not in identifiers
        ]
        faults += [
            f"<{element.tag} {name}={element.attrib[name]!r}> is no time"
            for name in names & _TIMES
            if not _is_time(element.attrib[name])
        ]
    return faults


def _is_time(text: str) -> bool:
    if _TIME.fullmatch(text) is None:
        return False
    _, _, denominator = text.removesuffix("s").partition("/")
    return int(denominator or 1) <= _MAX_DENOMINATOR
