"""Rules of the source tree that linters do not check."""

from __future__ import annotations

import ast
import gc
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import scenedex

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping

ROOT = Path(scenedex.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))
# The layout of ARCHITECTURE.md: the tree is the glossary.
LAYOUT = {
    "calibration.py",
    "settings",
    "wiring.py",
    "app",
    "worker",
    "cli",
    "client",
    "legacy",
    "statistics",
    "webhooks",
    "console",
    "reconciliation",
    "job_control",
    "questions",
    "search",
    "summaries",
    "analysis",
    "imports",
    "index",
    "exports",
    "persons",
    "pictures",
    "playback",
    "assets",
    "projects",
    "watches",
    "workspaces",
    "audit",
    "auth",
    "wire",
    "jobs",
    "engines",
    "media",
    "storage",
    "metrics",
    "db",
    "media_formats.py",
    "timeline.py",
}
SQL = re.compile(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|FROM|WHERE|JOIN|AND|OR|SET|ORDER BY|LIMIT|FOR SHARE)\b")
VAGUE = {"utils", "helpers", "common", "base", "manager", "misc"}


def named(path: Path) -> str:
    return str(path.relative_to(ROOT.parent))


@pytest.fixture(scope="module")
def trees() -> Generator[Mapping[Path, ast.Module]]:
    """Syntax trees of all modules."""
    gc.disable()  # they are many small objects without cycles
    yield {module: ast.parse(module.read_bytes()) for module in MODULES}
    gc.enable()


def test_every_package_says_in_eight_lines_what_it_is(trees: Mapping[Path, ast.Module]) -> None:
    texts = {
        named(module.parent): ast.get_docstring(tree) or ""
        for module, tree in trees.items()
        if module.name == "__init__.py" and "migrations" not in module.parts
    }

    assert [package for package, text in texts.items() if not 1 <= len(text.splitlines()) <= 8] == []


def test_every_module_has_at_most_400_lines() -> None:
    assert [named(module) for module in MODULES if module.read_bytes().count(b"\n") > 400] == []


def test_every_file_of_tests_has_at_most_400_lines() -> None:
    tests = Path(__file__).parents[1]

    assert [str(path) for path in tests.rglob("*.py") if path.read_bytes().count(b"\n") > 400] == []


def test_a_public_class_of_the_server_has_a_name_of_its_own(trees: Mapping[Path, ast.Module]) -> None:
    names = Counter(
        node.name
        for module, tree in trees.items()
        if "client" not in module.relative_to(ROOT).parts
        for node in tree.body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )

    assert {name for name, count in names.items() if count > 1} == set()


def test_the_tree_is_that_of_the_architecture() -> None:
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(("_", "py.typed"))}

    assert found == LAYOUT


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [named(path) for path in ROOT.rglob("*.py") if path.stem in VAGUE or path.parent.name in VAGUE] == []


def test_statements_of_a_slice_are_closed_to_other_slices_by_a_contract() -> None:
    project = tomllib.loads((ROOT.parents[1] / "pyproject.toml").read_text())
    contracts = project["tool"]["importlinter"]["contracts"]
    closed = {
        module
        for contract in contracts
        if contract["id"].startswith("queries-")
        for module in contract["protected_modules"]
        if contract["allowed_importers"] == [".".join(module.split(".")[:2])]
    }
    statements = {".".join(path.relative_to(ROOT.parent).with_suffix("").parts) for path in ROOT.rglob("*queries.py")}

    assert closed == statements


def test_only_listed_modules_compose_statements(trees: Mapping[Path, ast.Module]) -> None:
    project = tomllib.loads((ROOT.parents[1] / "pyproject.toml").read_text())
    ignored = project["tool"]["ruff"]["lint"]["per-file-ignores"]
    listed = {path for path, rules in ignored.items() if path.startswith("src/") and "S608" in rules}

    composing = {
        f"src/{named(module)}"
        for module, tree in trees.items()
        if any(SQL.search(text) for node in ast.walk(tree) for text in composed(node))
    }

    assert composing == listed


def test_only_jobs_and_migrations_name_the_tables_of_the_queue() -> None:
    naming = {path for path in ROOT.rglob("*.py") if "procrastinate_" in path.read_text()}

    assert {path for path in naming if path.parent != ROOT / "jobs" and "migrations" not in path.parts} == set()


def composed(node: ast.AST) -> Iterator[str]:
    """Literal texts of an f-string or of a concatenation."""
    match node:
        case ast.JoinedStr(values):
            parts = values
        case ast.BinOp(left, ast.Add() | ast.Mod(), right):
            parts = [left, right]
        case _:
            parts = []
    for part in parts:
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value
