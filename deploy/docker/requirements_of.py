"""Prints the part of requirements.lock that one package needs, hashes and all; the lock also has what developers need.

    python requirements_of.py LOCK NAME [NAME …]

A name is that of a package in the lock, or ``scenedex`` for all that the product itself needs. Runs before anything is
installed, on the standard library alone.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

_PRODUCT = "scenedex (pyproject.toml)"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True)
class Requirement:
    """One entry of the lock."""

    name: str
    text: str
    wanted_by: frozenset[str]


def read_lock(lock: str) -> list[Requirement]:
    """The entries of a lock as `uv pip compile` writes it, with the names of those that want each."""
    entries = re.split(r"(?m)^(?=[A-Za-z0-9])", lock)
    return [_read(entry) for entry in entries if _NAME.match(entry)]


def needed_by(names: set[str], entries: list[Requirement]) -> list[Requirement]:
    """The entries that these names stand for, and all that those want, however far."""
    wanted = {_PRODUCT if name == "scenedex" else name for name in names}
    while True:
        found = {entry.name for entry in entries if entry.name in wanted or entry.wanted_by & wanted}
        if found <= wanted:
            return [entry for entry in entries if entry.name in found]
        wanted |= found


def _read(entry: str) -> Requirement:
    name = _NAME.match(entry)
    assert name is not None  # noqa: S101  # the caller has looked
    requirement, _, notes = entry.partition("    # via")
    by = (line.strip().lstrip("#").strip() for line in notes.splitlines())
    return Requirement(name.group().lower(), requirement, frozenset(who for who in by if who))


def main() -> None:
    """Print the entries."""
    lock, *names = sys.argv[1:]
    entries = needed_by(set(names), read_lock(Path(lock).read_text(encoding="utf-8")))
    sys.stdout.write("".join(entry.text for entry in entries))


if __name__ == "__main__":
    main()
