"""Messages for values of settings that cannot be used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic import SecretStr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

_MAX_SHOWN: Final = 60
_OWN: Final = "value_error"
_BOUNDS: Final = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}
_KINDS: Final = {
    "int": "a whole number",
    "float": "a number",
    "finite": "a number",
    "bool": "true or false",
    "string": "a text",
    "path": "a path",
    "dict": "a table",
    "model": "a table",
}


def in_words(problem: ErrorDetails, settings: type[BaseModel]) -> str:
    """Return the setting, what its value must be, and the value unless it is a secret.

    ``settings`` declares the setting that the problem names.
    """
    name = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return f"{name}: there is no such setting"
    if problem["type"] == _OWN:
        text = problem["msg"].removeprefix("Value error, ")
        # A rule for settings of several groups names them itself.
        return f"{name}: {text}" if name else text
    value = "" if _is_secret(problem["loc"], settings) else f", not {_shown(problem['input'])}"
    return f"{name}: must be {_requirement(problem['type'], problem.get('ctx', {}))}{value}"


def _requirement(kind: str, context: Mapping[str, object]) -> str:
    if kind in _BOUNDS:
        bound, words = _BOUNDS[kind]
        return f"{words} {str(context[bound]).removesuffix('.0')}"
    if kind == "literal_error":
        return str(context["expected"]).replace("'", "")
    return _KINDS.get(kind.partition("_")[0], "another value")


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}…"


def _is_secret(place: tuple[int | str, ...], settings: type[BaseModel]) -> bool:
    """Return whether the setting at a place is a secret, or a group, which may have one."""
    group = settings.model_fields[str(place[0])].annotation
    fields = getattr(group, "model_fields", None)
    if fields is None or len(place) == 1:
        return fields is not None
    return SecretStr.__name__ in str(fields[place[1]].annotation)
