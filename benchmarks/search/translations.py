"""Real sentences in four languages: messages of Django (BSD-3-Clause), read from its wheel and not copied.

Download the wheel with ``pip download --no-deps django==5.2.1``.
"""

from __future__ import annotations

import io
import re
import zipfile
from gettext import GNUTranslations
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from pathlib import Path

ENGLISH: Final = "EN"
_FOLDERS: Final = {"KO": "ko", "JA": "ja", "ZH": "zh_Hans"}
_MIN_WORDS: Final = 5
_PLACEHOLDER: Final = re.compile(r"[%{<&\n]")
_QUOTES: Final = re.compile('["\u201c\u201d\u300c\u300d\u300e\u300f]')


def translations(wheel: Path) -> dict[str, list[str]]:
    """Return the messages of some words and without placeholders that all languages have, by language, in one order."""
    with zipfile.ZipFile(wheel) as archive:
        known = {language: _messages(archive, folder) for language, folder in _FOLDERS.items()}
    first, *others = known.values()
    shared = [one for one in first if all(one in messages for messages in others)]
    chosen = sorted(one for one in shared if len(one.split()) >= _MIN_WORDS and not _PLACEHOLDER.search(one))
    texts = {ENGLISH: chosen, **{language: [known[language][one] for one in chosen] for language in _FOLDERS}}
    # Quoted words of a query are a condition.
    return {language: [_QUOTES.sub(" ", one) for one in found] for language, found in texts.items()}


def _messages(archive: zipfile.ZipFile, folder: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in sorted(archive.namelist()):
        if name.endswith(f"/locale/{folder}/LC_MESSAGES/django.mo"):
            catalog = GNUTranslations(io.BytesIO(archive.read(name)))._catalog  # type: ignore[attr-defined]  # noqa: SLF001  # it has no list of messages
            for message, translated in cast("dict[object, str]", catalog).items():
                if isinstance(message, str) and message and translated:
                    found.setdefault(message.rpartition("\x04")[2], translated)
    return found
