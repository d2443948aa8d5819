from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scenedex.cli.invocation import Invocation, program_as_typed

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for script in (tmp_path / ".venv" / "bin" / "scenedex", tmp_path / "my tools" / "scenedex"):
        script.parent.mkdir(parents=True)
        script.touch()
    return tmp_path


def nowhere(_name: str) -> None:
    """Find no program."""


def test_a_command_outside_the_path_is_named_by_its_path(folder: Path) -> None:
    script, python = folder / ".venv/bin/scenedex", str(folder / ".venv/bin/python")

    assert program_as_typed(".venv/bin/scenedex", python, folder, nowhere) == ".venv/bin/scenedex"
    assert program_as_typed(str(script), python, folder, nowhere) == ".venv/bin/scenedex"
    assert program_as_typed(str(script), python, folder / "elsewhere", nowhere) == str(script)
    assert program_as_typed("/x/scenedex/__main__.py", python, folder, nowhere) == ".venv/bin/scenedex"
    assert program_as_typed(str(folder / "my tools/scenedex"), python, folder, nowhere) == "'my tools/scenedex'"


def test_a_command_of_the_path_is_named_by_its_name(folder: Path) -> None:
    script = str(folder / ".venv/bin/scenedex")

    assert program_as_typed(script, script, folder, lambda _name: script) == "scenedex"
    assert program_as_typed(script, script, folder, lambda _name: "/usr/bin/scenedex") == ".venv/bin/scenedex"


def test_without_a_script_the_module_is_named(tmp_path: Path) -> None:
    called = program_as_typed("/x/scenedex/__main__.py", "/usr/bin/python3", tmp_path, nowhere)

    assert called == "/usr/bin/python3 -m scenedex"


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Run: scenedex search reindex", "Run: bin/scenedex search reindex --data-dir data"),
        ("scenedex weights pull ced-tiny", "bin/scenedex weights pull --data-dir data ced-tiny"),
        (
            "scenedex serve or scenedex worker",
            "bin/scenedex serve --data-dir data or bin/scenedex worker --data-dir data",
        ),
        ("Next: scenedex index show 1", "Next: bin/scenedex index show 1"),
        ("the same version of scenedex everywhere", "the same version of scenedex everywhere"),
        ("scenedex: no data", "scenedex: no data"),
        ("in /opt/scenedex serve", "in /opt/scenedex serve"),
    ],
)
def test_commands_in_texts_work_as_typed(text: str, typed: str) -> None:
    assert Invocation("bin/scenedex", "data").typed(text) == typed


def test_the_default_folder_is_not_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert Invocation.of_process(tmp_path / "scenedex-data").data_dir is None
    assert Invocation.of_process(tmp_path / "other").data_dir == "other"
