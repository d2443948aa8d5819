"""Seccomp filter that refuses unnecessary system calls with EPERM. Sources: seccomp(2), the kernel's call tables."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct

_PR_GET_SECCOMP = 21
_SET_MODE_FILTER = 1
_FOR_ALL_THREADS = 1
_ALLOW = 0x7FFF0000
_ERRNO = 0x00050000
_KILL = 0x80000000
_CLONE_THREAD = 0x00010000
_LOAD_WORD = 0x20  # BPF_LD | BPF_W | BPF_ABS
_IF_EQUAL = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_IF_AT_LEAST = 0x35  # BPF_JMP | BPF_JGE | BPF_K
_IF_BITS = 0x45  # BPF_JMP | BPF_JSET | BPF_K
_JUMP = 0x05  # BPF_JMP | BPF_JA
_RETURN = 0x06
_CALL_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
# Calls of the x32 interface have this bit set and would match none of the numbers below.
_X32 = 0x40000000

_MACHINES = ("x86_64", "aarch64")
_AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
# Numbers on x86_64 and aarch64; None where a machine has no such call.
_SECCOMP = (317, 277)
_CLONE = (56, 220)
_TGKILL = (234, 131)
_PRLIMIT = (302, 261)
_CLONE3 = 435
_REFUSED: dict[str, tuple[tuple[int | None, int | None], ...]] = {
    "network: socket socketpair connect accept accept4 bind listen": (
        (41, 198), (53, 199), (42, 203), (43, 202), (288, 242), (49, 200), (50, 201),
    ),
    "programs: fork vfork execve execveat": ((57, None), (58, None), (59, 221), (322, 281)),
    "other processes: ptrace kill tkill rt_sigqueueinfo rt_tgsigqueueinfo process_vm_readv process_vm_writev kcmp "
    "setpriority sched_setparam sched_setscheduler sched_setaffinity sched_setattr ioprio_set migrate_pages": (
        (101, 117), (62, 129), (200, 130), (129, 138), (297, 240), (310, 270), (311, 271), (312, 272),
        (141, 140), (142, 118), (144, 119), (203, 122), (314, 274), (251, 30), (256, 238),
    ),
    "pidfd_send_signal pidfd_open pidfd_getfd process_madvise": ((424, 424), (434, 434), (438, 438), (440, 440)),
    "shared memory and queues: shmget shmat shmctl semget semop semctl msgget msgsnd msgrcv msgctl mq_open": (
        (29, 194), (30, 196), (31, 195), (64, 190), (65, 193), (66, 191), (68, 186), (69, 189), (70, 188),
        (71, 187), (240, 180),
    ),
    "properties of files: chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat setxattr lsetxattr fsetxattr "
    "removexattr lremovexattr fremovexattr setxattrat removexattrat file_setattr utime utimes futimesat utimensat": (
        (90, None), (91, 52), (268, 53), (452, 452), (92, None), (93, 55), (94, None), (260, 54), (188, 5), (189, 6),
        (190, 7), (197, 14), (198, 15), (199, 16), (463, 463), (466, 466), (469, 469), (132, None), (235, None),
        (261, None), (280, 88),
    ),
    "looking over shoulders: inotify_init inotify_init1 fanotify_init": ((253, None), (294, 26), (300, 262)),
    "ways around: io_uring_setup io_uring_enter io_uring_register open_by_handle_at bpf userfaultfd perf_event_open "
    "keyctl add_key request_key personality": (
        (425, 425), (426, 426), (427, 427), (304, 265), (321, 280), (323, 282), (298, 241), (250, 219), (248, 217),
        (249, 218), (135, 92),
    ),
    "mounts: mount umount2 pivot_root chroot unshare setns open_tree move_mount fsopen fsconfig fsmount fspick "
    "mount_setattr": (
        (165, 40), (166, 39), (155, 41), (161, 51), (272, 97), (308, 268), (428, 428), (429, 429), (430, 430),
        (431, 431), (432, 432), (433, 433), (442, 442),
    ),
    "the machine: init_module finit_module delete_module kexec_load kexec_file_load reboot swapon swapoff "
    "settimeofday clock_settime sethostname": (
        (175, 105), (313, 273), (176, 106), (246, 104), (320, 294), (169, 142), (167, 224), (168, 225), (164, 170),
        (227, 112), (170, 161),
    ),
}  # fmt: skip


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def has_seccomp(libc: ctypes.CDLL) -> bool:
    """Return whether `refuse_system_calls` works on this machine."""
    return platform.machine() in _MACHINES and libc.prctl(_PR_GET_SECCOMP, 0, 0, 0, 0) >= 0


def refuse_system_calls(libc: ctypes.CDLL) -> None:
    """Install the filter permanently for this process and its threads, if the machine is supported."""
    if platform.machine() not in _MACHINES:
        return
    code = b"".join(instructions(platform.machine(), os.getpid()))
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    # A container may forbid filters. The other restrictions still apply.
    libc.syscall(
        _SECCOMP[_MACHINES.index(platform.machine())], _SET_MODE_FILTER, _FOR_ALL_THREADS, ctypes.byref(program)
    )


def instructions(machine_name: str, own_pid: int) -> list[bytes]:
    """Return the filter as BPF instructions, in which each refused call jumps to the refusal after the checks."""
    machine = _MACHINES.index(machine_name)
    refused = [numbers[machine] for group in _REFUSED.values() for numbers in group]
    checks = [(_IF_AT_LEAST, _X32), *((_IF_EQUAL, number) for number in refused if number is not None)]
    rules = [
        # A filter cannot read the flags of clone3, which are in memory. Libraries then fall back to clone.
        *_unless(_CLONE3, []),
        # Allow threads, but not processes.
        *_unless(_CLONE[machine], [_first_argument(), _instruction(_IF_BITS, value=_CLONE_THREAD, otherwise=1)]),
        # Allow signals and limits for this process alone.
        *_unless(_TGKILL[machine], [_first_argument(), _instruction(_IF_EQUAL, value=own_pid, otherwise=1)]),
        *_unless(_PRLIMIT[machine], [_first_argument(), _instruction(_IF_EQUAL, value=0, otherwise=1)]),
        _instruction(_RETURN, value=_ALLOW),
    ]
    return [
        _instruction(_LOAD_WORD, value=_ARCHITECTURE),
        _instruction(_IF_EQUAL, value=_AUDIT[machine_name], then=1),
        _instruction(_RETURN, value=_KILL),
        _instruction(_LOAD_WORD, value=_CALL_NUMBER),
        *(
            _instruction(operation, value=value, then=len(checks) - place)
            for place, (operation, value) in enumerate(checks)
        ),
        _instruction(_JUMP, value=1),
        _instruction(_RETURN, value=_ERRNO | errno.EPERM),
        *rules,
    ]


def _unless(call: int, excuse: list[bytes]) -> list[bytes]:
    """Refuse the call unless the instructions of ``excuse`` fall through to the next one."""
    refusal = errno.ENOSYS if call == _CLONE3 else errno.EPERM
    allowed = [*excuse, _instruction(_RETURN, value=_ALLOW)] if excuse else []
    body = [*allowed, _instruction(_RETURN, value=_ERRNO | refusal)]
    return [_instruction(_IF_EQUAL, value=call, otherwise=len(body)), *body]


def _first_argument() -> bytes:
    return _instruction(_LOAD_WORD, value=_FIRST_ARGUMENT)


def _instruction(operation: int, *, value: int, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("=HBBI", operation, then, otherwise, value)
