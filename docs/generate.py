# ruff: noqa: INP001  # a script beside the pages that it writes, no package
"""Writes the pages of docs/reference from the code: settings, errors, commands, exit codes, calls.

``make docs`` runs it; a test compares the pages with what it would write. Reads no settings, so that the pages are
the same on every machine.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import types
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, Union, cast, get_args, get_origin

import typer
from cryptography.fernet import Fernet
from pydantic import BaseModel, SecretStr

import scenedex
from scenedex.app import create_app
from scenedex.app import openapi as app_openapi
from scenedex.auth.secrets import SecretBox
from scenedex.cli import app as command_line
from scenedex.cli.user.exit_codes import HELP, ExitCode
from scenedex.db.database import Database
from scenedex.engines.registry import EngineRegistry
from scenedex.jobs.queue import JobQueue
from scenedex.metrics import Metrics
from scenedex.settings import Settings
from scenedex.storage.memory import MemoryBuckets, MemoryStore
from scenedex.wire.errors import GatewayFault, error_table
from scenedex.wiring import Platform

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from litestar import Litestar
    from pydantic.fields import FieldInfo
    from typer.core import TyperCommand, TyperGroup

    from scenedex.app.representations import Representations
    from scenedex.app.tracing import Tracing

REFERENCE: Final = Path(__file__).parent / "reference"
HELP_COLUMNS: Final = 100
_GENERATED: Final = "<!-- Written by docs/generate.py: `make docs`. -->"
_SHOWN_TYPES: Final = {str: "text", int: "integer", float: "number", bool: "`true` or `false`", Path: "path"}
_BOUNDS: Final = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}
_PUBLIC_CALLS: Final = (
    ("GET", "/", "Leads a browser to `/console/`, and names these addresses to other clients."),
    ("GET", "/console/", "The page on which people work."),
    ("GET", "/healthz", "The process is alive."),
    ("GET", "/readyz", "The database answers; 503 where it does not."),
    ("GET", "/metrics", "Metrics in Prometheus' text format."),
    ("GET", "/schema", "The OpenAPI 3.1 document."),
    ("GET", "/docs", "The same as a page to read."),
)


def pages() -> Mapping[str, str]:
    """Every page of the reference, by its file name."""
    return {
        "README.md": _overview(),
        "api.md": _api(),
        "commands.md": _commands(),
        "errors.md": _errors(),
        "exit-codes.md": _exit_codes(),
        "settings.md": _settings(),
    }


def _overview() -> str:
    return _page(
        "Reference",
        "- [Settings](settings.md): every option, its variable, default and meaning\n"
        "- [Commands](commands.md): every command of `scenedex` and its options\n"
        "- [Exit codes](exit-codes.md) of the users' commands\n"
        "- [Calls](api.md) of the API\n"
        "- [Errors](errors.md) that a call may answer",
    )


def _settings() -> str:
    groups = [_settings_group(name, kind) for name, kind in _groups(Settings)]
    own = {name: field for name, field in Settings.model_fields.items() if name not in dict(_groups(Settings))}
    return _page(
        "Settings",
        "An option is set by its variable or in a TOML file; the variable wins. The file is `scenedex.toml` in the\n"
        "data folder, or the one that `SCENEDEX_CONFIG` names. `scenedex config` prints what is in force, without\n"
        "secrets.",
        "## Folders\n\n" + _settings_table(own, variable="SCENEDEX_", key=""),
        *groups,
    )


def _groups(settings: type[BaseModel]) -> Iterator[tuple[str, type[BaseModel]]]:
    for name, field in settings.model_fields.items():
        kind = field.annotation
        if inspect.isclass(kind) and issubclass(kind, BaseModel):
            yield name, kind


def _settings_group(name: str, kind: type[BaseModel]) -> str:
    table = _settings_table(kind.model_fields, variable=f"SCENEDEX_{name.upper()}_", key=f"{name}.")
    return f"## `[{name}]`\n\n{inspect.cleandoc(kind.__doc__ or '')}\n\n{table}"


def _settings_table(fields: Mapping[str, FieldInfo], *, variable: str, key: str) -> str:
    return _table(
        ("Variable", "TOML", "Type", "Default", "Meaning"),
        (
            (
                f"`{variable}{name.upper()}`",
                f"`{key}{name}`",
                _engine_choices().get(f"{key}{name}") or _type(field),
                _default(field),
                field.description or "",
            )
            for name, field in fields.items()
        ),
    )


def _engine_choices() -> Mapping[str, str]:
    """The values of the settings that name an engine, without those of other packages."""
    registry = EngineRegistry()
    return {
        f"engines.{port.name}": " or ".join(f"`{choice}`" for choice in registry.setting_choices(port))
        for port in registry.ports
    }


def _type(field: FieldInfo) -> str:
    """The type of a setting in words, with its bounds."""
    annotation: Any = field.annotation
    if get_origin(annotation) in {Union, types.UnionType}:
        (annotation,) = (part for part in get_args(annotation) if part is not types.NoneType)
    if get_origin(annotation) is Literal:
        return " or ".join(f"`{value}`" for value in get_args(annotation))
    if get_origin(annotation) is dict:
        return "table of text" if get_args(annotation)[1] is str else "table of positive integers"
    words = "text, secret" if annotation is SecretStr else _SHOWN_TYPES[annotation]
    bounds = [
        f"{sign} {getattr(rule, name)}"
        for rule in field.metadata
        for name, sign in _BOUNDS.items()
        if hasattr(rule, name)
    ]
    return ", ".join([words, *bounds])


def _default(field: FieldInfo) -> str:
    match field.default:
        case None:
            return "not set"
        case bool(value):
            return f"`{str(value).lower()}`"
        case value:
            return f"`{value}`"


def _errors() -> str:
    for module in pkgutil.iter_modules(scenedex.__path__):
        if module.ispkg and (Path(scenedex.__path__[0]) / module.name / "errors.py").exists():
            importlib.import_module(f"scenedex.{module.name}.errors")
    # Tests define errors of their own; those are not answers of the service.
    found = [error for error in error_table() if error.__module__.startswith("scenedex.")]
    found.sort(key=lambda error: (error.code, error.__name__))
    return _page(
        "Errors",
        "## Of the service\n\nThe answer to a call that the service refuses:\n"
        '`{"code": "40403", "message": "…", "responseError": {"code": "40403", "message": "…", "details": '
        '[{"field": "…", "reason": "…"}], "returnCode": "40403", "returnMessage": "…"}}`.\n\n'
        + _table(
            ("Code", "HTTP", "Message", "Class"),
            (
                (f"`{error.code}`", str(error.status()), error.message(), f"`{error.__module__}.{error.__name__}`")
                for error in found
            ),
        ),
        "## Of the gateway\n\nThe answer to a call that does not reach the service:\n"
        '`{"error": {"errorCode": "200", "message": "Authentication Failed", "details": "…"}}`.\n\n'
        + _table(
            ("errorCode", "HTTP", "Message"),
            ((f"`{fault.code}`", str(fault.status), fault.message) for fault in GatewayFault),
        ),
        "Rate Limited and Endpoint Error carry the header `Retry-After`: the seconds after which to call again.\n\n"
        "Every answer carries the header `x-ncp-trace-id`, and the same id as `x-ncp-request-id`. "
        "The server's log has it too.",
    )


def _commands() -> str:
    sections = [_command(path, command) for path, command in walk_commands()]
    return _page("Commands", *sections)


def walk_commands() -> Iterator[tuple[tuple[str, ...], TyperGroup | TyperCommand]]:
    """Every command with the words that call it, groups before their commands."""
    pending: list[tuple[tuple[str, ...], TyperGroup | TyperCommand]] = [(("scenedex",), _root())]
    while pending:
        path, command = pending.pop(0)
        yield path, command
        pending[:0] = [((*path, name), child) for name, child in _children(command).items()]


def _root() -> TyperGroup:
    return cast("TyperGroup", typer.main.get_command(command_line))


def _children(command: TyperGroup | TyperCommand) -> Mapping[str, TyperGroup | TyperCommand]:
    return cast("Mapping[str, TyperGroup | TyperCommand]", getattr(command, "commands", {}))


def _command(path: tuple[str, ...], command: TyperGroup | TyperCommand) -> str:
    title = f"{'#' * (len(path) + 1)} {' '.join(path)}"
    children = _children(command)
    if not children:
        return f"{title}\n\n```text\n{_help(path, command)}\n```"
    listed = "\n".join(
        f"- [{' '.join((*path, name))}](#{'-'.join((*path, name))}): {_first_line(child.help)}"
        for name, child in children.items()
    )
    exits = "\n\n[What the exit status says](exit-codes.md)" if command.epilog == HELP else ""
    return f"{title}\n\n{command.help}\n\n{listed}{exits}"


def _help(path: tuple[str, ...], command: TyperGroup | TyperCommand) -> str:
    command.rich_markup_mode = None  # plain text, without boxes as wide as the terminal
    context = command.context_class(command, info_name=" ".join(path), terminal_width=HELP_COLUMNS, color=False)
    return "\n".join(line.rstrip() for line in command.get_help(context).splitlines())


def _first_line(text: str | None) -> str:
    return (text or "").partition("\n")[0]


def _exit_codes() -> str:
    return _page(
        "Exit codes",
        "Of `scenedex workspaces`, `projects`, `assets`, `index`, `persons`, `search` and `audit`:\n\n"
        + _table(("Status", "Name", "Meaning"), ((str(code.value), code.name, code.meaning) for code in ExitCode)),
        "Of the operators' commands: 0 done, 1 failed with one line on standard error that says why, 2 the command\n"
        "line is not right.",
    )


def _api() -> str:
    schema = openapi_document()
    operations = [
        (method.upper(), path, operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]
    codes = [_service_codes(operation) for _, _, operation in operations]
    everywhere = set[str].intersection(*codes)
    rows = [
        (
            method,
            f"`{path}`",
            (operation.get("description") if operation.get("deprecated") else None) or operation["summary"],
            ", ".join(sorted(own - everywhere)),
        )
        for (method, path, operation), own in zip(operations, codes, strict=True)
    ]
    return _page(
        "Calls",
        "The whole description, with parameters, bodies, answers and examples, is the OpenAPI document that a server\n"
        "has at `/schema` and, as a page, at `/docs`. Besides the [errors](errors.md) named here any call may answer\n"
        f"{', '.join(f'`{code}`' for code in sorted(everywhere))} or an error of the gateway.",
        _table(("Method", "Path", "Call", "Errors"), rows),
        "## Without a signature\n\n"
        + _table(("Method", "Path", "Call"), ((method, f"`{path}`", said) for method, path, said in _PUBLIC_CALLS)),
    )


def openapi_document() -> dict[str, Any]:
    """The OpenAPI document of the default settings."""
    settings = Settings.model_construct()  # the defaults, whatever the environment says
    platform = Platform(
        settings,
        Database(""),
        JobQueue(),
        MemoryBuckets(),
        MemoryStore(),
        SecretBox(Fernet.generate_key()),
        Metrics("api"),
    )
    application = cast(
        "Litestar", cast("Representations", cast("Tracing", create_app(platform)).application).application
    )
    return app_openapi.openapi_document(application, application.openapi_schema.to_schema())


def _service_codes(operation: Mapping[str, Any]) -> set[str]:
    """The codes of the service errors that an operation documents."""
    examples = [
        example["value"]
        for answer in operation["responses"].values()
        for content in answer.get("content", {}).values()
        for example in content.get("examples", {}).values()
    ]
    return {example["code"] for example in examples if "responseError" in example}


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def _page(title: str, *sections: str) -> str:
    return "\n\n".join([_GENERATED, f"# {title}", *sections]) + "\n"


def main() -> None:
    """Write every page."""
    for name, text in pages().items():
        (REFERENCE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
