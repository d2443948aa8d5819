"""Seccomp filter that allows the calls of `system_calls` and refuses all others. Source: seccomp(2)."""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from typing import TYPE_CHECKING

from scenedex.media.system_calls import (
    ALLOWED,
    CLONE3,
    FIRST_WITH_FALLBACK,
    MACHINES,
    Among,
    Null,
    Without,
    checked_calls,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_PR_GET_SECCOMP = 21
_SET_MODE_FILTER = 1
_FOR_ALL_THREADS = 1
_ALLOW = 0x7FFF0000
_ERRNO = 0x00050000
_KILL = 0x80000000
_LOAD_WORD = 0x20  # BPF_LD | BPF_W | BPF_ABS
_IF_EQUAL = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_IF_AT_LEAST = 0x35  # BPF_JMP | BPF_JGE | BPF_K
_IF_BITS = 0x45  # BPF_JMP | BPF_JSET | BPF_K
_RETURN = 0x06
_CALL_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
# Calls of the x32 interface have this bit set.
_X32 = 0x40000000

_AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_SECCOMP = {"x86_64": 317, "aarch64": 277}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def has_seccomp(libc: ctypes.CDLL) -> bool:
    """Return whether `refuse_system_calls` can work on this machine. A container may still forbid it."""
    return os.uname().machine in MACHINES and libc.prctl(_PR_GET_SECCOMP, 0, 0, 0, 0) >= 0


def refuse_system_calls(libc: ctypes.CDLL) -> bool:
    """Install the filter permanently for this process and its threads. Return whether it is in force."""
    machine = os.uname().machine
    if machine not in MACHINES:
        return False
    code = b"".join(instructions(machine, os.getpid()))
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    # A container may forbid filters. The other restrictions still apply.
    return libc.syscall(_SECCOMP[machine], _SET_MODE_FILTER, _FOR_ALL_THREADS, ctypes.byref(program)) == 0


def instructions(machine_name: str, own_pid: int) -> list[bytes]:
    """Return the filter as BPF instructions."""
    machine = MACHINES.index(machine_name)
    allowed = [numbers[machine] for numbers in ALLOWED.values()]
    plain = [number for number in allowed if number is not None]
    checked = [
        instruction
        for call in checked_calls(own_pid).values()
        if (number := call.numbers[machine]) is not None
        for instruction in _checked(number, call.ways)
    ]
    refused = _instruction(_RETURN, value=_ERRNO | errno.EPERM)
    unknown = _instruction(_RETURN, value=_ERRNO | errno.ENOSYS)
    return [
        _instruction(_LOAD_WORD, value=_ARCHITECTURE),
        _instruction(_IF_EQUAL, value=_AUDIT[machine_name], then=1),
        _instruction(_RETURN, value=_KILL),
        _instruction(_LOAD_WORD, value=_CALL_NUMBER),
        # A plain call jumps over the rest of the plain ones, to the permission after them.
        *(_instruction(_IF_EQUAL, value=number, then=len(plain) - place) for place, number in enumerate(plain)),
        _instruction(_IF_AT_LEAST, value=0, then=1),
        _instruction(_RETURN, value=_ALLOW),
        *checked,
        _instruction(_IF_AT_LEAST, value=_X32, then=3),
        # A filter cannot read the flags of clone3, which are in memory. Libraries then fall back to clone.
        _instruction(_IF_EQUAL, value=CLONE3, then=1),
        _instruction(_IF_AT_LEAST, value=FIRST_WITH_FALLBACK, otherwise=1),
        unknown,
        refused,
    ]


def _checked(number: int, ways: Sequence[Sequence[Among | Without | Null]]) -> list[bytes]:
    """Allow a call if all conditions of one of the ways hold, and refuse it otherwise."""
    body = [
        *(instruction for way in ways for instruction in _way(way)),
        _instruction(_RETURN, value=_ERRNO | errno.EPERM),
    ]
    return [_instruction(_IF_EQUAL, value=number, otherwise=len(body)), *body]


def _way(conditions: Sequence[Among | Without | Null]) -> list[bytes]:
    """Allow if all conditions hold, and go on after these instructions otherwise."""
    code = [_instruction(_RETURN, value=_ALLOW)]
    for condition in reversed(conditions):
        code = [*_condition(condition, len(code)), *code]
    return code


def _condition(condition: Among | Without | Null, rest: int) -> list[bytes]:
    """Skip ``rest`` instructions unless the condition holds."""
    low = _ARGUMENTS + 8 * condition.argument
    match condition:
        case Among(values=values):
            last = len(values) - 1
            return [
                _instruction(_LOAD_WORD, value=low),
                *(
                    _instruction(_IF_EQUAL, value=value, then=last - place, otherwise=rest if place == last else 0)
                    for place, value in enumerate(values)
                ),
            ]
        case Without(bits=bits):
            return [_instruction(_LOAD_WORD, value=low), _instruction(_IF_BITS, value=bits, then=rest)]
        case Null():
            return [
                _instruction(_LOAD_WORD, value=low),
                _instruction(_IF_EQUAL, value=0, otherwise=rest + 2),
                _instruction(_LOAD_WORD, value=low + 4),
                _instruction(_IF_EQUAL, value=0, otherwise=rest),
            ]


def _instruction(operation: int, *, value: int, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("=HBBI", operation, then, otherwise, value)
