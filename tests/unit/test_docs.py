"""The documentation says what is so: generated pages are current, commands exist, links lead somewhere."""

from __future__ import annotations

import re
import runpy
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote

import pytest
import typer
from pydantic import BaseModel

from scenedex.cli import app
from scenedex.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pydantic.fields import FieldInfo

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
MARKDOWN = sorted(
    [
        *ROOT.glob("*.md"),
        *(file for folder in ("docs", "deploy", "benchmarks") for file in (ROOT / folder).rglob("*.md")),
    ]
)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
CODE_BLOCK = re.compile(r"^```(?:sh|text)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CODE_SPAN = re.compile(r"`([^`\n]+)`")
COMMAND = re.compile(r"^(?:\S*/)?scenedex (?=[a-z])")
MACHINE_PATH = re.compile(
    r"(?<![\w.…/:-])/(?:home|root|work|Users|tmp|var|usr|opt|mnt|srv|etc)/"
    r"(?!scenedex|lib/scenedex|systemd/system/)\w"  # where an installation is
)


def shown(file: Path) -> str:
    return str(file.relative_to(ROOT))


@pytest.fixture(scope="module")
def pages() -> Mapping[str, str]:
    """What the script writes, by file name."""
    script = runpy.run_path(str(ROOT / "docs" / "generate.py"))
    return cast("Callable[[], Mapping[str, str]]", script["pages"])()


@pytest.mark.parametrize("file", sorted(REFERENCE.iterdir()), ids=shown)
def test_a_page_of_the_reference_is_what_is_generated(file: Path, pages: Mapping[str, str]) -> None:
    assert file.read_text(encoding="utf-8") == pages[file.name], "run: make docs"


def test_no_page_of_the_reference_is_missing(pages: Mapping[str, str]) -> None:
    assert set(pages) == {file.name for file in REFERENCE.iterdir()}


def options_of(settings: type[BaseModel], path: str = "") -> Iterator[tuple[str, FieldInfo]]:
    for name, field in settings.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from options_of(kind, f"{path}{name}.")
        else:
            yield f"{path}{name}", field


OPTIONS = [pytest.param(name, field, id=name) for name, field in options_of(Settings)]


@pytest.mark.parametrize(("name", "field"), OPTIONS)
def test_a_setting_has_a_description_and_a_line_in_the_reference(name: str, field: FieldInfo) -> None:
    line = f"| `SCENEDEX_{name.upper().replace('.', '_')}` | `{name}` |"

    assert field.description
    assert line in (REFERENCE / "settings.md").read_text(encoding="utf-8")


def test_no_two_service_errors_share_a_code() -> None:
    text = (REFERENCE / "errors.md").read_text(encoding="utf-8")
    codes = re.findall(r"^\| `(\d{5})` \|", text, re.MULTILINE)

    assert codes == sorted(set(codes))


def commands_in(text: str) -> Iterator[str]:
    """The `scenedex …` lines of a page's code, without their comments."""
    lines = [line for block in CODE_BLOCK.findall(text) for line in block.splitlines()]
    for line in [*lines, *CODE_SPAN.findall(CODE_BLOCK.sub("", text))]:
        if COMMAND.match(line) and "…" not in line:
            yield line


COMMANDS = [
    pytest.param(line, id=f"{shown(file)}: {line.partition('  ')[0]}")
    for file in MARKDOWN
    for line in {line.partition("  ")[0]: line for line in commands_in(file.read_text(encoding="utf-8"))}.values()
]


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_in_the_documentation_is_one_that_scenedex_takes(line: str) -> None:
    words = shlex.split(COMMAND.sub("", line), comments=True)
    command: Any = typer.main.get_command(app)
    while words and (commands := getattr(command, "commands", None)):
        if words[0] not in commands and (default := getattr(command, "default_command", None)):
            words.insert(0, default)
        name = words.pop(0)
        assert name in commands
        command = commands[name]

    # Prose may name a group of commands; a command must take the words behind it.
    if not hasattr(command, "commands"):
        command.make_context(command.name, words)


def test_readme_shows_the_whole_way_from_a_server_to_an_index() -> None:
    shown_commands = [
        " ".join(line.split()[1:3]) for line in commands_in((ROOT / "README.md").read_text(encoding="utf-8"))
    ]

    assert [command for command in shown_commands if not command.startswith(("serve", "doctor"))] == [
        "keys create",
        "workspaces create",
        "projects create",
        "assets import",
        "index request",
        "index show",
        'search "ship',
    ]


@pytest.mark.parametrize("file", MARKDOWN, ids=shown)
def test_relative_links_lead_to_files(file: Path) -> None:
    targets = [unquote(target.partition("#")[0]) for target in LINK.findall(file.read_text(encoding="utf-8"))]

    assert [target for target in targets if "://" not in target and not (file.parent / target).exists()] == []


@pytest.mark.parametrize("file", MARKDOWN, ids=shown)
def test_links_within_a_page_lead_to_headings(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    headings = {
        re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^#+ (.*)$", CODE_BLOCK.sub("", text), re.MULTILINE)
    }

    assert {target[1:] for target in LINK.findall(text) if target.startswith("#")} <= headings


@pytest.mark.parametrize("file", MARKDOWN, ids=shown)
def test_no_page_names_a_path_of_the_machine_it_was_written_on(file: Path) -> None:
    assert MACHINE_PATH.findall(file.read_text(encoding="utf-8")) == []
