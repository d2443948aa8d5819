"""Keys of a bucket that a command names: whole keys, globs and prefixes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final
from unicodedata import normalize

from scenedex.client import UnknownRoute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scenedex.client.buckets import Buckets

ACCEPTED: Final = frozenset({".mp4", ".m4v", ".mkv", ".mov", ".webm", ".jpg", ".jpeg", ".png", ".heic", ".heif"})
"""Endings of files that a service accepts. It looks at their content, not at their names."""

_WILDCARD: Final = re.compile(r"[*?\[]")
# Objects of a folder that are compared with a key that the bucket does not have.
_MAX_COMPARED: Final = 10_000
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]")


def is_accepted(name: str) -> bool:
    """Return whether the ending of a name is that of a video or image."""
    return PurePosixPath(name).suffix.lower() in ACCEPTED


@dataclass(frozen=True, slots=True)
class ChosenKeys:
    """Keys that a command names.

    Attributes:
        keys: keys to import, each once.
        skipped: keys of other files than videos and images.
        problems: a sentence for each name that no object has.
    """

    keys: Sequence[str]
    skipped: Sequence[str]
    problems: Sequence[str]


def choose_keys(buckets: Buckets, bucket: str, names: Sequence[str], *, is_recursive: bool) -> ChosenKeys:
    """Return the keys of a bucket that names stand for.

    A service without lists of buckets gets whole keys as they are.

    Raises:
        NotFound: there is no such bucket, or the access key may not read it.
        UnknownRoute: the service has no lists of buckets, and a prefix or glob is named.
    """
    keys: list[str] = []
    skipped: list[str] = []
    problems: list[str] = []
    for name in names:
        if is_recursive:
            found = list(_with_prefix(buckets, bucket, name))
        elif _WILDCARD.search(name) and not _exists(buckets, bucket, name):
            found = list(_matching(buckets, bucket, name))
        else:
            problem = _problem(buckets, bucket, name)
            keys += [] if problem else [name]
            problems += [problem] if problem else []
            continue
        accepted = [key for key in found if is_accepted(key)]
        keys += accepted
        skipped += [key for key in found if not is_accepted(key)]
        if not found:
            what = "has no object whose key starts with" if is_recursive else "has no object that matches"
            problems.append(f'Bucket "{bucket}" {what} "{name}".')
    return ChosenKeys(list(dict.fromkeys(keys)), list(dict.fromkeys(skipped)), problems)


def glob_pattern(glob: str) -> re.Pattern[str]:
    """Return the expression of a glob: ``*`` and ``?`` stop at a slash, ``**`` does not."""
    tokens = re.split(r"(\*\*/|\*\*|\*|\?|\[[^\]]+\])", glob)
    return re.compile("".join(map(_token, tokens)), re.DOTALL)


def _token(token: str) -> str:
    match token:
        case "**/":
            return "(?:.*/)?"
        case "**":
            return ".*"
        case "*":
            return "[^/]*"
        case "?":
            return "[^/]"
        case _ if token.startswith("[") and token.endswith("]"):
            inner = token[1:-1].replace("\\", r"\\")
            return f"[^{inner[1:]}]" if inner.startswith("!") else f"[{inner}]"
        case _:
            return re.escape(token)


def _matching(buckets: Buckets, bucket: str, glob: str) -> Iterator[str]:
    pattern = glob_pattern(normalize("NFC", glob))
    fixed = _WILDCARD.split(glob, maxsplit=1)[0]
    for key in _listed(buckets, bucket, fixed):
        if pattern.fullmatch(normalize("NFC", key)):
            yield key


def _with_prefix(buckets: Buckets, bucket: str, prefix: str) -> Iterator[str]:
    wanted = normalize("NFC", prefix)
    return (key for key in _listed(buckets, bucket, prefix) if normalize("NFC", key).startswith(wanted))


def _listed(buckets: Buckets, bucket: str, prefix: str) -> Iterator[str]:
    """Yield the keys of a prefix, and others: the bucket may have it in another normal form of Unicode."""
    # An accent may follow the last ASCII letter as a character of its own.
    ascii_part = _NOT_ASCII.split(prefix, maxsplit=1)[0]
    common = ascii_part if ascii_part == prefix else ascii_part.rpartition("/")[0]
    return (item.key for item in buckets.objects(bucket, common))


def _exists(buckets: Buckets, bucket: str, key: str) -> bool:
    return next((item.key for item in buckets.objects(bucket, key, page_size=1)), None) == key


def _first_inside(buckets: Buckets, bucket: str, key: str) -> str | None:
    """Return the first key below a folder, or `None` if there is none among those that are compared."""
    folder = key.rstrip("/") + "/"
    wanted = normalize("NFC", folder)
    listed = islice(_listed(buckets, bucket, folder), _MAX_COMPARED)
    return next((other for other in listed if normalize("NFC", other).startswith(wanted)), None)


def _problem(buckets: Buckets, bucket: str, key: str) -> str | None:
    """Return a sentence if the bucket has no object of a key in any normal form."""
    try:
        if _exists(buckets, bucket, key):
            return None
    except UnknownRoute:
        return None
    if (inside := _first_inside(buckets, bucket, key)) is not None:
        return f'"{key}" is a folder of bucket "{bucket}", with {inside}. To import what is in it, add --recursive.'
    folder = key.rpartition("/")[0]
    near = [normalize("NFC", other) for other in islice(_listed(buckets, bucket, folder), _MAX_COMPARED)]
    wanted = normalize("NFC", key)
    # The object may be behind those that were compared.
    if wanted in near or len(near) == _MAX_COMPARED:
        return None
    similar = get_close_matches(wanted, near, n=3)
    hint = f" Keys like it: {', '.join(similar)}." if similar else ""
    return f'Bucket "{bucket}" has no object "{key}".{hint}'
