"""Breaches of the sandbox by media children, from the system calls that strace saw. Pure: lines in, breaches out.

The lines are those of ``strace -f -y -e trace=COMMANDS``, with `TRACED` for the commands. ``-y`` shows the real path of
an opened file, with links followed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_OPENING: Final = frozenset({"open", "openat", "openat2", "creat", "open_by_handle_at", "name_to_handle_at"})
_REACHING_OUT: Final = frozenset(
    {"socket", "socketpair", "connect", "bind", "listen", "accept", "accept4"}
    | {"execve", "execveat", "ptrace", "kill", "tkill", "process_vm_readv", "process_vm_writev"}
)
_MULTIPLYING: Final = frozenset({"clone", "clone3", "fork", "vfork"})
TRACED: Final = ",".join(sorted({*_OPENING, *_REACHING_OUT, *_MULTIPLYING, "seccomp"}))

_LINE: Final = re.compile(r"^(\d+) +(?:<\.\.\. )?(\w+)(?:\(| resumed>)(.*)$")
_RESULT: Final = re.compile(r"\) += (-?\d+)(?:<(.*)>)?(?: E\w+ \(.*\))?$")
_ENDED: Final = re.compile(r"^(\d+) +\+\+\+ ")


@dataclass
class Watched:
    """All traced processes, fed line by line.

    Attributes:
        allowed: paths that may be opened in the sandbox, with everything below them.
        known: processes and threads at the start. If empty, the first process of the trace.
        behind_walls: number of processes that entered the sandbox.
        opened: number of files opened in the sandbox.
        breaches: lines of forbidden calls.
    """

    allowed: tuple[str, ...]
    known: set[str] = field(default_factory=set[str])
    behind_walls: int = 0
    opened: int = 0
    breaches: list[str] = field(default_factory=list[str])
    _walled: set[str] = field(default_factory=set[str])
    _early: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    _began: dict[str, str] = field(default_factory=dict[str, str])

    def feed(self, lines: Iterable[str]) -> None:
        """Look at some more lines."""
        for line in lines:
            self._look(line.rstrip("\n"))

    def finish(self) -> None:
        """End the trace. Lines of processes without a known parent are breaches."""
        for lines in self._early.values():
            self.breaches += [f"of an unknown process: {line}" for line in lines]

    def _look(self, line: str) -> None:
        if ended := _ENDED.match(line):
            self._walled.discard(ended[1])
            self.known.discard(ended[1])
            return
        found = _LINE.match(line)
        if found is None:
            return
        pid, call, rest = found.groups()
        if not self.known:
            self.known.add(pid)
        if pid not in self.known:
            # A child may be heard before its parent's call that made it returns.
            self._early.setdefault(pid, []).append(line)
            return
        if rest.endswith("<unfinished ...>"):
            self._began[pid] = rest
            if call in _REACHING_OUT and pid in self._walled:
                self.breaches.append(line)
            return
        result = _RESULT.search(rest)
        value, path = (int(result[1]), result[2]) if result else (-1, None)
        begun = self._began.pop(pid, "")
        if call in _MULTIPLYING and value > 0:
            self._born(pid, str(value))
        elif call == "seccomp" and value == 0 and "SECCOMP_SET_MODE_FILTER" in begun + rest:
            self._walled.add(pid)
            self.behind_walls += 1
        elif pid in self._walled:
            self._judge(line, call, value, path, begun + rest)

    def _born(self, parent: str, child: str) -> None:
        self.known.add(child)
        if parent in self._walled:
            self._walled.add(child)
        self.feed(self._early.pop(child, []))

    def _judge(self, line: str, call: str, value: int, path: str | None, said: str) -> None:
        if call in _REACHING_OUT and line not in self.breaches:
            self.breaches.append(line)
        # A descriptor of a path alone reads nothing, and nothing can be read by it.
        if call in _OPENING and value >= 0 and "O_PATH" not in said:
            self.opened += 1
            if path is None or not any(path == one or path.startswith(one.rstrip("/") + "/") for one in self.allowed):
                self.breaches.append(line)
