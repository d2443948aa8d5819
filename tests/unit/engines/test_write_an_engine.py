"""Guide to writing an engine: the files on the page work as they are."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "write-an-engine.md"
BLOCK = re.compile(r"^```(?:python|toml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LISTED = """\
from scenedex.engines.registry import EngineRegistry

registry = EngineRegistry.installed()
print(*registry.rejected, *(spec.setting for spec in registry.all_specs), sep="\\n")
"""


def run(folder: Path, *arguments: str) -> str:
    """Run Python in a folder that can be imported from, and return its output."""
    done = subprocess.run(
        [sys.executable, "-B", *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def files() -> Mapping[str, str]:
    """Text of each file on the page, by its path."""
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    return {block.partition("\n")[0].removeprefix("# "): block for block in blocks}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory, files: Mapping[str, str]) -> Path:
    """Folder with the files of the page."""
    folder = tmp_path_factory.mktemp("package")
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_every_snippet_names_its_file(files: Mapping[str, str]) -> None:
    assert [*files] == [
        "scenedex_tones/tones.py",
        "scenedex_tones/words.py",
        "scenedex_tones/__init__.py",
        "pyproject.toml",
        "test_engines.py",
    ]


@pytest.mark.parametrize("module", ["scenedex_tones.tones", "scenedex_tones.words", "scenedex_tones", "test_engines"])
def test_a_module_can_be_imported(package: Path, module: str) -> None:
    run(package, "-W", "error", "-c", f"import {module}")


def test_the_engines_pass_their_contract_suites(package: Path) -> None:
    output = run(package, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(package), "test_engines.py")

    assert " passed" in output


def test_the_engines_are_registered(package: Path, files: Mapping[str, str]) -> None:
    project = tomllib.loads(files["pyproject.toml"])["project"]
    metadata = package / f"scenedex_tones-{project['version']}.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n", encoding="utf-8"
    )
    (metadata / "entry_points.txt").write_text(
        "".join(
            f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in points.items())
            for group, points in project["entry-points"].items()
        ),
        encoding="utf-8",
    )

    assert run(package, "-c", LISTED).splitlines()[:2] == ["pure-tones", "tone-words-en"]


def test_declarations_load_no_slow_library(package: Path) -> None:
    run(package, "-c", "import sys, scenedex_tones; assert 'numpy' not in sys.modules")
