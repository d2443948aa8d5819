"""Filter of system calls, evaluated as the kernel does it."""

from __future__ import annotations

import errno
import struct

import pytest

from scenedex.media.seccomp import instructions

ALLOW, KILL = 0x7FFF0000, 0x80000000
REFUSE, UNKNOWN = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
OWN_PID = 4711
THREAD, PROCESS = 0x3D0F00, 0x1200011


def verdict(machine: str, call: int, argument: int = 0, architecture: int | None = None) -> int:
    """Return the verdict of the filter about a call with that first argument."""
    data = {0: call, 4: AUDIT[machine] if architecture is None else architecture, 16: argument}
    code = [struct.unpack("=HBBI", instruction) for instruction in instructions(machine, OWN_PID)]
    accumulator, at = 0, 0
    while True:
        operation, then, otherwise, value = code[at]
        at += 1
        match operation:
            case 0x20:
                accumulator = data[value]
            case 0x06:
                return value
            case 0x05:
                at += value
            case 0x15:
                at += then if accumulator == value else otherwise
            case 0x35:
                at += then if accumulator >= value else otherwise
            case 0x45:
                at += then if accumulator & value else otherwise
            case _:
                pytest.fail(f"unknown operation {operation:#x}")


@pytest.mark.parametrize(
    ("machine", "call"),
    [
        *(("x86_64", call) for call in (0, 1, 3, 9, 10, 11, 12, 202, 231, 257, 262, 318)),
        *(("aarch64", call) for call in (63, 64, 57, 222, 226, 215, 214, 98, 94, 56, 79, 278)),
    ],
)
def test_reading_memory_and_waiting_are_allowed(machine: str, call: int) -> None:
    assert verdict(machine, call) == ALLOW


@pytest.mark.parametrize(
    ("machine", "call"),
    [
        *(("x86_64", call) for call in (41, 42, 49, 57, 58, 59, 62, 101, 310, 321, 322, 425, 434)),
        *(("aarch64", call) for call in (198, 203, 200, 221, 129, 117, 270, 280, 281, 425, 434)),
    ],
)
def test_network_programs_and_other_processes_are_refused(machine: str, call: int) -> None:
    assert verdict(machine, call) == REFUSE


@pytest.mark.parametrize(("machine", "clone"), [("x86_64", 56), ("aarch64", 220)])
def test_threads_are_allowed_and_processes_are_not(machine: str, clone: int) -> None:
    assert verdict(machine, clone, THREAD) == ALLOW
    assert verdict(machine, clone, PROCESS) == REFUSE
    assert verdict(machine, 435) == UNKNOWN


@pytest.mark.parametrize(("machine", "signal", "limits"), [("x86_64", 234, 302), ("aarch64", 131, 261)])
def test_signals_and_limits_are_for_the_process_itself(machine: str, signal: int, limits: int) -> None:
    assert verdict(machine, signal, OWN_PID) == ALLOW
    assert verdict(machine, signal, OWN_PID + 1) == REFUSE
    assert verdict(machine, limits, 0) == ALLOW
    assert verdict(machine, limits, OWN_PID + 1) == REFUSE


def test_calls_by_another_interface_end_the_process_or_are_refused() -> None:
    assert verdict("x86_64", 1, architecture=0x40000003) == KILL
    assert verdict("x86_64", 0x40000001) == REFUSE
