"""Plain English: shares of docstrings, descriptions, comments and pages that break the rules of CONTRIBUTING.md."""

from __future__ import annotations

import ast
import gc
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence

ROOT = Path(__file__).parents[2]
LIMIT = 0.03
# Ceilings of texts that are above the limit: each entry may only shrink, and goes when its text is within the limit.
CEILINGS: dict[tuple[str, str], float] = {}

RELATIVE = re.compile(r"(?:What|Who|Whom|Whose|Where|How|Whether|Which|That which|Those|Of|From|With what)\b")
ODD = re.compile(
    r"\b(?:whoever|whom|(?:no|some|any)body|told|deeds?|bears?|goes away|gone|lies|begun|anew|whence|thereby"
    r"|(?:furnish|foretell|mend)\w*|stands for|as it is|who is who|keep house|is let|had had)\b",
    re.IGNORECASE,
)
COMMENT = re.compile(r"(?:^|\s\s)# (?!noqa|type: |pyright: |fmt: )(.+)")
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`|&\w+;")


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of prose and its place."""

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place} {self.first_line}"

    @property
    def first_line(self) -> str:
        return self.text.partition("\n")[0]


def docstrings(folder: Path) -> Iterator[Passage]:
    """Docstrings of all modules, classes and functions."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                text = ast.get_docstring(node)
                if text:
                    yield Passage(f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}", text)


def descriptions(folder: Path) -> Iterator[Passage]:
    """Texts for users of the API and the commands: descriptions, helps and summaries, without their code."""
    for path in sorted(folder.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(call, ast.Call):
                for node in _descriptions(call):
                    if text := _literal(node):
                        yield Passage(f"{path.relative_to(ROOT)}:{node.lineno}", CODE.sub("", text))


def _descriptions(call: ast.Call) -> Iterator[ast.expr]:
    yield from (keyword.value for keyword in call.keywords if keyword.arg in {"description", "help", "summary"})
    if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "described":
        yield from call.args[:1]


def _literal(node: ast.expr) -> str:
    """Return the constant parts of a text."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_literal(part) or "`…`" for part in parts)
        case _:
            return ""


def comments(folder: Path) -> Iterator[Passage]:
    """Lines of comments, without their marks for tools."""
    for path in sorted(folder.rglob("*.py")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if "# " in line and (found := COMMENT.search(line)):
                yield Passage(f"{path.relative_to(ROOT)}:{number}", found[1])


def pages(files: Sequence[Path]) -> Iterator[Passage]:
    """Lines of Markdown, without their code."""
    for path in sorted(files):
        text = FENCE.sub(lambda block: "\n" * block[0].count("\n"), path.read_text(encoding="utf-8"))
        for number, line in enumerate(CODE.sub("", text).splitlines(), 1):
            if line.strip():
                yield Passage(f"{path.relative_to(ROOT)}:{number}", line)


def faults(passages: Sequence[Passage], *, have_openings: bool) -> Iterator[tuple[str, list[Passage]]]:
    """The passages with each fault, one for each time that it occurs."""
    if have_openings:
        yield "relative openings", [passage for passage in passages if RELATIVE.match(passage.first_line)]
    yield "semicolons", [passage for passage in passages if ";" in passage.first_line]
    yield "odd words", [passage for passage in passages for _ in ODD.findall(passage.text)]


@pytest.fixture(scope="module")
def texts() -> Generator[Mapping[str, Sequence[Passage]]]:
    """All prose of the repository by kind."""
    gc.disable()  # syntax trees are many small objects without cycles
    guides = [file for folder in ("deploy", "benchmarks") for file in (ROOT / folder).rglob("*.md")]
    yield {
        "docstrings of src": list(docstrings(ROOT / "src")),
        "docstrings of tests": list(docstrings(ROOT / "tests")),
        "docstrings of benchmarks": list(docstrings(ROOT / "benchmarks")),
        "descriptions of src": list(descriptions(ROOT / "src")),
        "comments of src": list(comments(ROOT / "src")),
        "comments of tests": list(comments(ROOT / "tests")),
        "comments of benchmarks": list(comments(ROOT / "benchmarks")),
        "pages at the root": list(pages(list(ROOT.glob("*.md")))),
        "pages of docs": list(pages(list((ROOT / "docs").rglob("*.md")))),
        "pages of deploy and benchmarks": list(pages(guides)),
    }
    gc.enable()


def test_prose_is_plain(texts: Mapping[str, Sequence[Passage]]) -> None:
    above: list[str] = []
    for name, passages in texts.items():
        for fault, found in faults(passages, have_openings=name.startswith(("docstrings", "descriptions"))):
            ceiling = max(LIMIT, CEILINGS.get((name, fault), 0))
            if len(found) > ceiling * len(passages):
                above += [f"{name}: {len(found) / len(passages):.1%} {fault}, at most {ceiling:.0%}", *map(str, found)]

    assert not above, "\n".join(above)
