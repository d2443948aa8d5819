"""Filter of system calls, evaluated as the kernel does it."""

from __future__ import annotations

import errno
import re
import struct
from pathlib import Path

import pytest

from scenedex.media.seccomp import instructions
from scenedex.media.system_calls import ALLOWED, MACHINES, checked_calls

ALLOW, KILL = 0x7FFF0000, 0x80000000
REFUSE, UNKNOWN = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
OWN_PID = 4711
CHECKED = checked_calls(OWN_PID)
GLIBC_THREAD, MUSL_THREAD, PROCESS, THREAD_IN_A_NAMESPACE = 0x3D0F00, 0x7D0F00, 0x1200011, 0x403D0F00
HEADERS = {
    "x86_64": (Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), Path("/usr/include/asm/unistd_64.h")),
    "aarch64": (Path("/usr/include/asm-generic/unistd.h"),),
}
# The table of the other machines names these differently.
OTHER_NAMES = {"newfstatat": "fstatat"}


def verdict(machine: str, call: int, *arguments: int, architecture: int | None = None) -> int:
    """Return the verdict of the filter about a call with these arguments."""
    data = {0: call, 4: AUDIT[machine] if architecture is None else architecture}
    for place in range(6):
        value = arguments[place] if place < len(arguments) else 0
        data[16 + 8 * place], data[20 + 8 * place] = value & 0xFFFFFFFF, value >> 32
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
            case 0x15:
                at += then if accumulator == value else otherwise
            case 0x35:
                at += then if accumulator >= value else otherwise
            case 0x45:
                at += then if accumulator & value else otherwise
            case _:
                pytest.fail(f"unknown operation {operation:#x}")


def number(machine: str, name: str) -> int:
    found = CHECKED[name].numbers[MACHINES.index(machine)]
    assert found is not None
    return found


@pytest.mark.parametrize("machine", MACHINES)
def test_of_all_calls_only_those_of_the_table_are_allowed(machine: str) -> None:
    place = MACHINES.index(machine)
    allowed = {numbers[place] for numbers in ALLOWED.values()} - {None}
    checked = {call.numbers[place] for call in CHECKED.values()} - {None}
    # These values of the arguments satisfy no condition of a checked call.
    refused = (0xFFFFFFFF,) * 6

    verdicts = {call: verdict(machine, call, *refused) for call in range(1024)}

    assert {call for call, found in verdicts.items() if found == ALLOW} == allowed
    assert {verdicts[call] for call in checked if call is not None} == {REFUSE}
    assert {found for call, found in verdicts.items() if call < 424} == {ALLOW, REFUSE}
    assert {found for call, found in verdicts.items() if call >= 500} == {UNKNOWN}


@pytest.mark.parametrize("machine", MACHINES)
def test_the_numbers_are_those_of_the_kernel(machine: str) -> None:
    header = next((path for path in HEADERS[machine] if path.exists()), None)
    if header is None:
        pytest.skip(f"the kernel's headers for {machine} are not installed")
    lines = re.findall(r"^#define __NR(?:3264)?_(\w+)\s+(\d+)$", header.read_text(), re.MULTILINE)
    known = {name: int(value) for name, value in lines}
    if machine == "aarch64":
        known = {**known, **{name: known[other] for name, other in OTHER_NAMES.items()}}
    table = {**ALLOWED, **{name: call.numbers for name, call in CHECKED.items()}}

    ours = {name: numbers[MACHINES.index(machine)] for name, numbers in table.items()}

    assert ours == {name: known.get(name) for name in ours}


@pytest.mark.parametrize("machine", MACHINES)
def test_threads_are_allowed_and_processes_are_not(machine: str) -> None:
    clone = number(machine, "clone")
    assert verdict(machine, clone, GLIBC_THREAD) == ALLOW
    assert verdict(machine, clone, MUSL_THREAD) == ALLOW
    assert verdict(machine, clone, PROCESS) == REFUSE
    assert verdict(machine, clone, THREAD_IN_A_NAMESPACE) == REFUSE
    assert verdict(machine, 435) == UNKNOWN


@pytest.mark.parametrize("machine", MACHINES)
def test_signals_are_for_the_process_itself(machine: str) -> None:
    sigabrt, sigkill = 6, 9
    assert verdict(machine, number(machine, "tgkill"), OWN_PID, OWN_PID, sigabrt) == ALLOW
    assert verdict(machine, number(machine, "tgkill"), OWN_PID, OWN_PID, sigkill) == REFUSE
    assert verdict(machine, number(machine, "tgkill"), OWN_PID + 1, OWN_PID + 1, sigabrt) == REFUSE


@pytest.mark.parametrize("machine", MACHINES)
def test_limits_are_read_and_never_set(machine: str) -> None:
    prlimit = number(machine, "prlimit64")
    assert verdict(machine, prlimit, 0, 7, 0, 1) == ALLOW
    assert verdict(machine, prlimit, OWN_PID + 1, 7, 0, 1) == REFUSE
    assert verdict(machine, prlimit, 0, 7, 1) == REFUSE
    assert verdict(machine, prlimit, 0, 7, 1 << 32) == REFUSE


@pytest.mark.parametrize("machine", MACHINES)
def test_a_file_has_no_owner_that_is_signalled(machine: str) -> None:
    fcntl, f_setfl, f_setown, o_async = number(machine, "fcntl"), 4, 8, 0x2000
    assert verdict(machine, fcntl, 3, f_setfl, 0x8000) == ALLOW
    assert verdict(machine, fcntl, 3, f_setfl, o_async) == REFUSE
    assert verdict(machine, fcntl, 3, f_setown, 1) == REFUSE


@pytest.mark.parametrize("machine", MACHINES)
def test_the_signal_at_the_death_of_the_worker_stays(machine: str) -> None:
    set_name, set_pdeathsig = 15, 1
    assert verdict(machine, number(machine, "prctl"), set_name) == ALLOW
    assert verdict(machine, number(machine, "prctl"), set_pdeathsig) == REFUSE


@pytest.mark.parametrize("machine", MACHINES)
def test_every_file_has_a_name(machine: str) -> None:
    assert verdict(machine, number(machine, "openat"), 0, 0, 0o1101) == ALLOW
    assert verdict(machine, number(machine, "openat"), 0, 0, 0o20200002) == REFUSE


def test_calls_by_another_interface_end_the_process_or_are_refused() -> None:
    assert verdict("x86_64", 1, architecture=0x40000003) == KILL
    assert verdict("x86_64", 0x40000001) == REFUSE
