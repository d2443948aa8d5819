"""Real questions with real answers from installed packages: the first line of a text, and its rest."""

from __future__ import annotations

import ast
import random
import re
import sysconfig
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_CHARACTERS = 1500
_SKIPPED_FOLDERS = frozenset({"site-packages", "test", "tests", "idlelib", "lib2to3", "pydoc_data", "__pycache__"})
_MIN_WORDS, _MIN_CHARACTERS, _MAX_QUERY_LENGTH = 3, 120, 150
_BARE = re.compile(r"https?://\S+|[|<>*`#=~]+|!?\[[^\]]*\]\([^)]*\)|\.\. \S+::.*")


@dataclass(frozen=True, slots=True)
class Document:
    """A text, and the query that it answers."""

    query: str
    text: str


def docstrings(count: int) -> list[Document]:
    """Return docstrings of the standard library. The first line is the query for the rest."""
    found: dict[str, Document] = {}
    for document in _docstrings():
        found.setdefault(document.query.casefold(), document)
    return random.Random(1).sample(list(found.values()), count)  # noqa: S311  # the same ones each time


def descriptions() -> list[Document]:
    """Return descriptions of the installed packages. The summary is the query for the rest."""
    found: dict[str, Document] = {}
    for package in metadata.distributions():
        about = package.metadata.json
        query, whole = str(about.get("summary", "")), str(about.get("description", ""))
        # Many descriptions start with their summary.
        text = _BARE.sub(" ", whole).replace(query, " ")
        if len(query.split()) >= _MIN_WORDS and len(text.split()) >= _MIN_CHARACTERS // 4:
            found.setdefault(package.name, Document(query, text[:MAX_CHARACTERS]))
    return [found[name] for name in sorted(found)]


def _docstrings() -> Iterator[Document]:
    library = Path(sysconfig.get_path("stdlib"))
    for path in sorted(library.rglob("*.py")):
        if _SKIPPED_FOLDERS.intersection(path.relative_to(library).parts):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                first, _, rest = (ast.get_docstring(node) or "").partition("\n")
                is_query = len(first.split()) >= _MIN_WORDS and len(first) <= _MAX_QUERY_LENGTH
                if is_query and len(rest.strip()) >= _MIN_CHARACTERS:
                    yield Document(first.strip(), rest.strip()[:MAX_CHARACTERS])
