"""System calls that a decoder never needs are refused with EPERM. Sources: seccomp(2), the kernel's call tables."""

from __future__ import annotations

import ctypes
import errno
import platform
import struct

_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_ALLOW = 0x7FFF0000
_ERRNO = 0x00050000
_KILL = 0x80000000
_CLONE_THREAD = 0x00010000
_LOAD_WORD = 0x20  # BPF_LD | BPF_W | BPF_ABS
_IF_EQUAL = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_IF_BITS = 0x45  # BPF_JMP | BPF_JSET | BPF_K
_RETURN = 0x06
_CALL_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16

# By architecture: its audit number, the number of clone, and the refused calls that differ between architectures:
# fork, vfork, execve, ptrace, kill, socket, connect, accept, bind, listen, mount, umount2, unshare, setns,
# process_vm_readv, process_vm_writev, keyctl, add_key, perf_event_open, bpf, userfaultfd, init_module, finit_module,
# reboot, swapon, chroot, pivot_root, accept4, open_by_handle_at, execveat, personality, kexec_load.
_CALLS: dict[str, tuple[int, int, tuple[int, ...]]] = {
    "x86_64": (
        0xC000003E,
        56,
        (57, 58, 59, 101, 62, 41, 42, 43, 49, 50, 165, 166, 272, 308, 310, 311, 250, 248, 298, 321, 323, 175, 313, 169,
         167, 161, 155, 288, 304, 322, 135, 246),
    ),
    "aarch64": (
        0xC00000B7,
        220,
        (221, 117, 129, 198, 203, 202, 200, 201, 40, 39, 97, 268, 270, 271, 219, 217, 241, 280, 282, 105, 273, 142, 224,
         51, 41, 242, 265, 281, 92, 104),
    ),
}  # fmt: skip
# The same everywhere: io_uring, pidfd_open, pidfd_getfd, the mount calls of today.
_COMMON = (425, 426, 427, 434, 438, 428, 429, 430, 431, 432, 433)
_CLONE3 = 435


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def refuse_system_calls(libc: ctypes.CDLL) -> None:
    """Install the filter for this process and its threads, for good; a machine of another kind goes without."""
    known = _CALLS.get(platform.machine())
    if known is None:
        return
    code = b"".join(_instructions(*known))
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    # A container may forbid filters; the other walls stand.
    libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0)


def _instructions(architecture: int, clone: int, refused: tuple[int, ...]) -> list[bytes]:
    code = [
        _instruction(_LOAD_WORD, value=_ARCHITECTURE),
        _instruction(_IF_EQUAL, value=architecture, then=1),
        _instruction(_RETURN, value=_KILL),
        _instruction(_LOAD_WORD, value=_CALL_NUMBER),
    ]
    for number in (*refused, *_COMMON):
        code += [
            _instruction(_IF_EQUAL, value=number, otherwise=1),
            _instruction(_RETURN, value=_ERRNO | errno.EPERM),
        ]
    # Its flags lie in memory, out of a filter's sight; without it, libraries use clone, whose flags can be seen.
    code += [
        _instruction(_IF_EQUAL, value=_CLONE3, otherwise=1),
        _instruction(_RETURN, value=_ERRNO | errno.ENOSYS),
    ]
    # Threads are allowed, processes are not.
    code += [
        _instruction(_IF_EQUAL, value=clone, otherwise=3),
        _instruction(_LOAD_WORD, value=_FIRST_ARGUMENT),
        _instruction(_IF_BITS, value=_CLONE_THREAD, then=1),
        _instruction(_RETURN, value=_ERRNO | errno.EPERM),
        _instruction(_RETURN, value=_ALLOW),
    ]
    return code


def _instruction(operation: int, *, value: int, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("=HBBI", operation, then, otherwise, value)
