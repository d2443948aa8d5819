"""Vocabularies of labels: text files with one label a line."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

MAX_LABELS: Final = 5000
LONGEST_LABEL: Final = 100
_COMMENT = "#"


class VocabularyUnreadable(ValueError):
    """The vocabulary cannot be used: it is a text file in UTF-8 with one label a line, at most 5000."""


def bundled_vocabulary() -> tuple[str, ...]:
    """Return some 370 everyday words for places, things, persons, actions, weather and kinds of pictures."""
    return _labels(files("scenedex.engines.keywords").joinpath("vocabulary.txt").read_text("utf-8"))


def read_vocabulary(path: Path) -> tuple[str, ...]:
    """Return the labels of a file in its order, each once. Empty lines and lines that begin with ``#`` are skipped.

    Raises:
        VocabularyUnreadable: the file does not exist or is not a vocabulary.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_LABELS * LONGEST_LABEL * 4 + 1)
        labels = _labels(content.decode("utf-8-sig"))
    except OSError as error:
        raise VocabularyUnreadable(f"The vocabulary {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise VocabularyUnreadable(f"The vocabulary {path} is not in UTF-8.") from error
    if not labels:
        raise VocabularyUnreadable(f"The vocabulary {path} has no labels.")
    if len(labels) > MAX_LABELS:
        raise VocabularyUnreadable(f"The vocabulary {path} has more than {MAX_LABELS} labels.")
    if any(len(label) > LONGEST_LABEL for label in labels):
        raise VocabularyUnreadable(f"The vocabulary {path} has labels of more than {LONGEST_LABEL} characters.")
    return labels


def _labels(text: str) -> tuple[str, ...]:
    lines = (" ".join(line.split()) for line in text.splitlines())
    return tuple(dict.fromkeys(line for line in lines if line and not line.startswith(_COMMENT)))
