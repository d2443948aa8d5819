"""System calls that a media child may make after its imports. Every other call is refused.

Measured with strace on x86_64: probes and all stages with every bundled engine, random networks in the form of every
downloadable one, and thousands of broken files. Numbers are those of the kernel's headers, which a test compares.
"""

from __future__ import annotations

from typing import Final

import msgspec

MACHINES: Final = ("x86_64", "aarch64")
"""Machines whose numbers are known, in the order of the numbers below."""

Numbers = tuple[int | None, int | None]
"""Numbers of one call by machine, `None` where a machine has no such call."""

CLONE3: Final = 435
FIRST_WITH_FALLBACK: Final = 424
"""Calls from this number on are the same on all machines. Libraries do without them if the kernel knows none."""

ALLOWED: Final[dict[str, Numbers]] = {
    # Most frequent first: the filter compares in this order.
    "futex": (202, 98),
    "read": (0, 63),
    "write": (1, 64),
    "mmap": (9, 222),
    "munmap": (11, 215),
    "mprotect": (10, 226),
    "madvise": (28, 233),
    "brk": (12, 214),
    "mremap": (25, 216),
    "lseek": (8, 62),
    "sched_yield": (24, 124),
    "clock_gettime": (228, 113),
    "rt_sigprocmask": (14, 135),
    # Files. Landlock decides which, and neither removes, renames nor links any.
    "close": (3, 57),
    "newfstatat": (262, 79),
    "fstat": (5, 80),
    "stat": (4, None),
    "lstat": (6, None),
    "statx": (332, 291),
    "access": (21, None),
    "faccessat": (269, 48),
    "faccessat2": (439, 439),
    "readlink": (89, None),
    "readlinkat": (267, 78),
    "getdents64": (217, 61),
    "getcwd": (79, 17),
    "pread64": (17, 67),
    "pwrite64": (18, 68),
    "readv": (19, 65),
    "writev": (20, 66),
    "fadvise64": (221, 223),
    "ftruncate": (77, 46),
    "dup": (32, 23),
    # Threads of this process: of decoders, of numerical libraries, and of the C library itself.
    "set_robust_list": (273, 99),
    "rseq": (334, 293),
    "exit": (60, 93),
    "exit_group": (231, 94),
    "gettid": (186, 178),
    "getpid": (39, 172),
    "getcpu": (309, 168),
    # Numerical libraries count processors by the affinity of their threads.
    "sched_getaffinity": (204, 123),
    # Signals that this process raises against itself when it crashes.
    "rt_sigaction": (13, 134),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    "restart_syscall": (219, 128),
    # Waiting, and the time.
    "nanosleep": (35, 101),
    "clock_nanosleep": (230, 115),
    "clock_getres": (229, 114),
    "gettimeofday": (96, 169),
    "time": (201, None),
    "times": (100, 153),
    "getrusage": (98, 165),
    "poll": (7, None),
    "ppoll": (271, 73),
    "select": (23, None),
    "pselect6": (270, 72),
    # Questions about this process and machine that libraries ask when they are loaded.
    "getuid": (102, 174),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getegid": (108, 177),
    "getppid": (110, 173),
    "uname": (63, 160),
    "sysinfo": (99, 179),
    "getrlimit": (97, 163),
    "getrandom": (318, 278),
}  # fmt: skip


class Among(msgspec.Struct, frozen=True):
    """Condition that the lower half of an argument is one of these values."""

    argument: int
    values: tuple[int, ...]


class Without(msgspec.Struct, frozen=True):
    """Condition that an argument has none of these bits."""

    argument: int
    bits: int


class Null(msgspec.Struct, frozen=True):
    """Condition that an argument is a null pointer."""

    argument: int


class Checked(msgspec.Struct, frozen=True):
    """Call that is allowed with some arguments.

    Attributes:
        numbers: its numbers.
        ways: alternatives, each a tuple of conditions that must all hold.
    """

    numbers: Numbers
    ways: tuple[tuple[Among | Without | Null, ...], ...]


# Flags with which glibc and musl start a thread. Other flags make processes, namespaces and tracers.
_THREADS = (0x3D0F00, 0x7D0F00)
# Files without a name would be bytes on disk that nobody can count.
_UNNAMED = 0x400000
_ASYNC = 0x2000
_F_DUPFD, _F_GETFD, _F_SETFD, _F_GETFL, _F_SETFL, _F_DUPFD_CLOEXEC = 0, 1, 2, 3, 4, 1030
_TCGETS, _FIONCLEX, _FIOCLEX = 0x5401, 0x5450, 0x5451
_PR_SET_NAME, _PR_GET_NAME, _PR_CAPBSET_READ, _PR_SET_VMA = 15, 16, 23, 0x53564D41


def checked_calls(own_pid: int) -> dict[str, Checked]:
    """Return the calls that are allowed with some arguments, for the process of that id."""
    return {
        "openat": Checked((257, 56), ((Without(2, _UNNAMED | _ASYNC),),)),
        "open": Checked((2, None), ((Without(1, _UNNAMED | _ASYNC),),)),
        # Every file that Python opens is asked whether it is a terminal.
        "ioctl": Checked((16, 29), ((Among(1, (_TCGETS, _FIOCLEX, _FIONCLEX)),),)),
        # No owners, signals, leases, locks and notices, by which processes outside are reached or held up.
        # onnxruntime sets the flags of a file of weights.
        "fcntl": Checked(
            (72, 25),
            (
                (Among(1, (_F_GETFL, _F_GETFD, _F_SETFD, _F_DUPFD, _F_DUPFD_CLOEXEC)),),
                (Among(1, (_F_SETFL,)), Without(2, _ASYNC)),
            ),
        ),
        "clone": Checked((56, 220), ((Among(0, _THREADS),),)),
        # Abort, and two signals of the C library. With others it could pass for killed by the system.
        "tgkill": Checked((234, 131), ((Among(0, (own_pid,)), Among(2, (6, 32, 33))),)),
        # Limits can be read, those of this process alone.
        "prlimit64": Checked((302, 261), ((Among(0, (0,)), Null(2)),)),
        # Decoders name their threads, the C library its memory. onnxruntime asks for the number of privileges.
        "prctl": Checked((157, 167), ((Among(0, (_PR_SET_NAME, _PR_GET_NAME, _PR_CAPBSET_READ, _PR_SET_VMA)),),)),
    }
