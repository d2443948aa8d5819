"""Checks of the documentation: generated pages are current, commands and modules exist, links have targets."""

from __future__ import annotations

import re
import runpy
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote

import pytest
import typer
from click import UsageError
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
PICTURE = re.compile(r"!\[[^\]]+\]\(([^)\s]+\.webp)\)")
MAX_PICTURES, MAX_PICTURE_BYTES = 8, 150_000
CODE_BLOCK = re.compile(r"^```(?:sh|text)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ANY_CODE_BLOCK = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
CODE_SPAN = re.compile(r"`([^`\n]+)`")
MODULE = re.compile(r"`([a-z_0-9]+(?:/[a-z_0-9]+)+\.py)`")
COMMAND = re.compile(r"^(?:\S*/)?scenedex (?=[a-z])")
EVALUATED = re.compile(r'^eval "\$\((.*)\)"$')
MACHINE_PATH = re.compile(
    r"(?<![\w.…/:-])/(?:home|root|work|Users|tmp|var|usr|opt|mnt|srv|etc)/"
    r"(?!scenedex|lib/scenedex|systemd/system/)\w"  # where an installation is
)


def shown(file: Path) -> str:
    return str(file.relative_to(ROOT))


@pytest.fixture(scope="module")
def pages() -> Mapping[str, str]:
    """Return the pages that the script writes, by file name."""
    script = runpy.run_path(str(ROOT / "docs" / "generate.py"))
    return cast("Callable[[], Mapping[str, str]]", script["pages"])()


def test_the_reference_is_what_is_generated(pages: Mapping[str, str]) -> None:
    written = {file.name: file.read_text(encoding="utf-8") for file in REFERENCE.iterdir()}

    assert [name for name in pages.keys() | written.keys() if written.get(name) != pages.get(name)] == [], (
        "run: make docs"
    )


def options_of(settings: type[BaseModel], path: str = "") -> Iterator[tuple[str, FieldInfo]]:
    for name, field in settings.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from options_of(kind, f"{path}{name}.")
        else:
            yield f"{path}{name}", field


def test_every_setting_has_a_description_and_a_line_in_the_reference() -> None:
    text = (REFERENCE / "settings.md").read_text(encoding="utf-8")
    options = dict(options_of(Settings))
    lines = {name: f"| `SCENEDEX_{name.upper().replace('.', '_')}` | `{name}` |" for name in options}

    assert [name for name, field in options.items() if not field.description] == []
    assert [name for name, line in lines.items() if line not in text] == []


def test_no_two_service_errors_share_a_code() -> None:
    text = (REFERENCE / "errors.md").read_text(encoding="utf-8")
    codes = re.findall(r"^\| `(\d{5})` \|", text, re.MULTILINE)

    assert codes == sorted(set(codes))


def commands_in(text: str) -> Iterator[str]:
    """The `scenedex …` lines of a page's code, without their comments."""
    lines = [line for block in CODE_BLOCK.findall(text) for line in block.splitlines()]
    for typed in [*lines, *CODE_SPAN.findall(CODE_BLOCK.sub("", text))]:
        line = EVALUATED.sub(r"\1", typed)
        if COMMAND.match(line) and "…" not in line:
            yield line


def refusal_of(line: str, command: Any) -> str:
    """Return the reason why a command does not accept the words of a line, or an empty text."""
    words = shlex.split(COMMAND.sub("", line), comments=True)
    while words and (commands := getattr(command, "commands", None)):
        if words[0] not in commands and (default := getattr(command, "default_command", None)):
            words.insert(0, default)
        name = words.pop(0)
        if name not in commands:
            return f"{name} is no command"
        command = commands[name]
    # Prose may name a group of commands. A command must accept the words behind it.
    if not hasattr(command, "commands"):
        try:
            command.make_context(command.name, words)
        except UsageError as error:
            return error.format_message()
    return ""


def test_commands_in_the_documentation_are_those_of_scenedex() -> None:
    found = [(shown(file), line) for file in MARKDOWN for line in commands_in(file.read_text(encoding="utf-8"))]
    command = typer.main.get_command(app)

    assert len(found) > 100
    assert [(page, line, reason) for page, line in found if (reason := refusal_of(line, command))] == []


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


def test_relative_links_have_files_as_targets() -> None:
    targets = [
        (file, unquote(target.partition("#")[0]))
        for file in MARKDOWN
        for target in LINK.findall(file.read_text("utf-8"))
    ]

    assert [
        f"{shown(file)}: {target}"
        for file, target in targets
        if "://" not in target and not (file.parent / target).exists()
    ] == []


def test_links_within_a_page_have_headings_as_targets() -> None:
    missing: list[str] = []
    for file in MARKDOWN:
        text = file.read_text(encoding="utf-8")
        headings = {
            re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
            for title in re.findall(r"^#+ (.*)$", ANY_CODE_BLOCK.sub("", text), re.MULTILINE)
        }
        anchors = {target[1:] for target in LINK.findall(text) if target.startswith("#")}
        missing += [f"{shown(file)}: {anchor}" for anchor in anchors - headings]

    assert missing == []


def test_modules_that_pages_name_exist() -> None:
    named = [(file, path) for file in MARKDOWN for path in MODULE.findall(file.read_text(encoding="utf-8"))]

    assert len(named) > 50
    assert [
        f"{shown(file)}: {path}"
        for file, path in named
        if not (ROOT / "src" / "scenedex" / path).exists() and not (ROOT / path).exists()
    ] == []


def test_no_page_names_a_path_of_a_certain_machine() -> None:
    named = {shown(file): MACHINE_PATH.findall(file.read_text(encoding="utf-8")) for file in MARKDOWN}

    assert {page: paths for page, paths in named.items() if paths} == {}


def test_pictures_exist_and_are_small() -> None:
    tutorial = ROOT / "docs" / "tutorial"
    named = {
        (page.parent / name).resolve()
        for page in (tutorial / "console.md", ROOT / "README.md")
        for name in PICTURE.findall(page.read_text(encoding="utf-8"))
    }

    assert named == {file.resolve() for file in tutorial.glob("*.webp")}
    assert len(named) <= MAX_PICTURES
    assert max(file.stat().st_size for file in named) <= MAX_PICTURE_BYTES
