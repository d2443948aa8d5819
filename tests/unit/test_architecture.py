"""What keeps the tree readable, where the linters do not look."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import scenedex

ROOT = Path(scenedex.__file__).parent
PACKAGES = sorted(path.parent for path in ROOT.rglob("__init__.py") if "migrations" not in path.parts)
MODULES = sorted(ROOT.rglob("*.py"))
# The layout of ARCHITECTURE.md: the tree is the glossary.
LAYOUT = {
    "settings",
    "wiring.py",
    "app",
    "worker",
    "cli",
    "client",
    "legacy",
    "reconciling",
    "steering",
    "search",
    "analysis",
    "index",
    "exports",
    "persons",
    "pictures",
    "assets",
    "projects",
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
    "timeline.py",
}
VAGUE = {"utils", "helpers", "common", "base", "manager", "misc"}
HEAVY = ("av", "PIL", "pillow_heif", "numpy", "scenedex.media", "scenedex.engines", "scenedex.analysis.stages")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT.parent))


@pytest.mark.parametrize("package", PACKAGES, ids=named)
def test_a_package_says_in_eight_lines_what_it_is(package: Path) -> None:
    text = ast.get_docstring(ast.parse((package / "__init__.py").read_text(encoding="utf-8")))

    assert text
    assert len(text.splitlines()) <= 8


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_a_module_is_of_at_most_400_lines(module: Path) -> None:
    assert len(module.read_text(encoding="utf-8").splitlines()) <= 400


def test_the_tree_is_that_of_the_architecture() -> None:
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(("_", "py.typed"))}

    assert found == LAYOUT


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [named(path) for path in ROOT.rglob("*.py") if path.stem in VAGUE or path.parent.name in VAGUE] == []


def test_the_api_process_loads_no_decoder_and_no_engine() -> None:
    program = "import sys, scenedex.app, scenedex.wiring; print(*sys.modules)"

    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.split()

    assert [name for name in HEAVY if name in loaded] == []
