"""Rules for names of buckets and keys of objects."""

from __future__ import annotations

import re
from enum import Enum
from typing import Final, Literal, TypeAlias
from unicodedata import normalize
from urllib.parse import unquote

from scenedex.storage.errors import ManagedKeyInvalid

_Form: TypeAlias = Literal["NFC", "NFD"]

MAX_KEY_BYTES: Final = 1024
MAX_MANAGED_KEY_BYTES: Final = 512

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
_BUCKET: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")
_BUCKET_LENGTHS: Final = range(3, 64)
_IPV4: Final = re.compile(r"\d+\.\d+\.\d+\.\d+")
# Normal forms of folder and file name that different tools wrote.
_MIXED: Final[tuple[tuple[_Form, _Form], ...]] = (("NFC", "NFD"), ("NFD", "NFC"))
_MANAGED_NAME: Final = r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}"
_MANAGED_KEY: Final = re.compile(rf"{_MANAGED_NAME}(?:/{_MANAGED_NAME})*")


class KeyProblem(Enum):
    """Reason why a text is not a valid key, with a sentence for people as its value."""

    EMPTY = "A key has at least one character."
    TOO_LONG = "A key has at most 1024 bytes in UTF-8."
    NOT_TEXT = "A key is text that UTF-8 can express."
    NUL = "A key has no NUL character."
    DOT_SEGMENT = "A key has no '.' or '..' between its slashes."


def is_bucket_name(name: str) -> bool:
    """Return whether S3 would accept this name for a bucket: 3-63 of ``a-z 0-9 . -``, no IPv4 address."""
    return len(name) in _BUCKET_LENGTHS and bool(_BUCKET.fullmatch(name)) and not _IPV4.fullmatch(name)


def key_problem(key: str) -> KeyProblem | None:
    """Return the reason why the key is invalid, or `None` if it is valid."""
    if not key:
        return KeyProblem.EMPTY
    try:
        length = len(key.encode())
    except UnicodeEncodeError:
        return KeyProblem.NOT_TEXT
    if length > MAX_KEY_BYTES:
        return KeyProblem.TOO_LONG
    if "\0" in key:
        return KeyProblem.NUL
    # HTTP clients and proxies resolve these segments, so the signature would not match, or match another object.
    if not {".", ".."}.isdisjoint(key.split("/")):
        return KeyProblem.DOT_SEGMENT
    return None


def has_dot_segment(key: str) -> bool:
    """Return whether a key has a ``.`` or ``..`` between its slashes once a proxy has decoded it, however often.

    A proxy that resolves such a segment turns the key into one of another folder or bucket.
    """
    text, former = key, ""
    while text != former:
        text, former = unquote(text, errors="replace"), text
    return not {".", ".."}.isdisjoint(text.replace("\\", "/").split("/"))


def spellings(key: str) -> list[str]:
    """Return a key, then the same text in the other normal forms of Unicode, for the whole and for the name alone.

    Tools of macOS write names decomposed (NFD), others composed (NFC).
    """
    folder, slash, name = key.rpartition("/")
    forms = [normalize("NFC", key), normalize("NFD", key)]
    forms += [normalize(outer, folder) + slash + normalize(inner, name) for outer, inner in _MIXED]
    return list(dict.fromkeys([key, *forms]))


def folder_names(key: str) -> tuple[str, ...] | None:
    """Return the folders and the file name of a key that is stored as a file, or `None` if no file can have it."""
    names = tuple(key.split("/"))
    return None if key_problem(key) or "" in names else names


def is_managed_key(key: str) -> bool:
    """Return whether the key may be used in the managed store."""
    return len(key) <= MAX_MANAGED_KEY_BYTES and bool(_MANAGED_KEY.fullmatch(key))


def require_managed_key(key: str) -> None:
    """Raise `ManagedKeyInvalid` for other characters, an empty or hidden name, or more than 512 bytes."""
    if not is_managed_key(key):
        raise ManagedKeyInvalid(repr(key[:80]))


def require_managed_prefix(prefix: str, *, allow_empty: bool) -> None:
    """Raise `ManagedKeyInvalid` unless the text is a folder of the managed store with its closing slash."""
    if not prefix and allow_empty:
        return
    if not prefix.endswith("/") or not is_managed_key(prefix[:-1]):
        raise ManagedKeyInvalid(repr(prefix[:80]))
