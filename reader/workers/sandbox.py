"""Takes every right that a child process does not need away from it, before it handles untrusted data.

For children that only compute: they read the program's own files and the pipe, and write to the pipe. On Linux the
kernel enforces that (Landlock for files, seccomp for everything else); no library for either on PyPI is maintained, and
both take few calls. What a kernel or system does not support is skipped: the child works without it. macOS and Windows
have nothing similar that an unprivileged process could use.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct
import sys
from pathlib import Path

from reader.support import timeline
from reader.support.numerics import VARIABLE
from reader.workers.worker import READS, Worker

_SYSTEM_FOLDERS = ("/usr", "/lib", "/lib64", "/bin", "/opt", "/nix/store", "/gnu/store", "/sys/devices/system")
_SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/localtime", "/proc/cpuinfo", "/proc/meminfo", "/proc/self", "/dev/urandom")

# prctl(2), seccomp(2), landlock(7) and bpf_common.h.
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_SET_MODE_FILTER, _ALL_THREADS = 1, 1
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_LANDLOCK_VERSION, _BELOW_PATH = 1, 1
# The rights known to each version of Landlock: to files, to TCP, and to other processes' sockets and signals.
_FILE_RIGHTS = ((1, (1 << 13) - 1), (2, 1 << 13), (3, 1 << 14), (5, 1 << 15))
_NET_RIGHTS = ((4, 3),)
_SCOPES = ((6, 3),)
_MAY_EXECUTE, _MAY_READ, _MAY_LIST = 1 << 0, 1 << 2, 1 << 3
_LOAD, _EQUAL, _AT_LEAST, _HAS_BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000
_EPERM, _ENOSYS = 1, 38
_AT_NUMBER, _AT_MACHINE, _AT_FIRST_ARGUMENT = 0, 4, 16
_CLONE_THREAD = 0x10000
_OTHER_NUMBERS = 0x40000000  # x32, which numbers the same calls differently

# Blocked calls by number: sockets, programs, other processes, and those through which kernels have been attacked.
_MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_REFUSED = {
    "x86_64": (
        *(41, 53),  # socket, socketpair
        *(57, 58, 59, 322),  # fork, vfork, execve, execveat
        *(62, 101, 310, 311, 424, 434, 438),  # kill, ptrace, process_vm_*, pidfd_*
        *(165, 272, 308, 155, 161),  # mount, unshare, setns, pivot_root, chroot
        *(248, 249, 250, 298, 321, 323, 425, 175, 313),  # keys, perf, bpf, userfaultfd, io_uring, modules
    ),
    "aarch64": (
        *(198, 199),
        *(221, 281),
        *(129, 117, 270, 271, 424, 434, 438),
        *(40, 97, 268, 41, 51),
        *(217, 218, 219, 241, 280, 282, 425, 105, 273),
    ),
}
_CLONE = {"x86_64": 56, "aarch64": 220}
_CLONE3 = 435


def environment(worker: Worker) -> dict[str, str]:
    """The environment for a child: AWS keys if it looks for them, only what Python needs if it only computes."""
    kept = dict(os.environ)
    if not worker.looks_for_keys:
        kept = {name: value for name, value in kept.items() if not name.upper().startswith("AWS_")}
    if worker.memory_bytes:
        kept = {name: value for name, value in kept.items() if name.upper().startswith(_HARMLESS)}
    marks = {timeline.VARIABLE: "1"} if timeline.is_collecting() else {}
    return {VARIABLE: "1"} | kept | dict(worker.variables) | marks | ({READS: worker.reads} if worker.reads else {})


_HARMLESS = (
    *(
        "PATH",
        "LANG",
        "LC_",
        "TZ",
        "PYTHON",
        "VIRTUAL_ENV",
        "LD_LIBRARY_PATH",
        "DYLD_",
        "ORT_",
        "OMP_",
        "OPENBLAS_",
        "COVERAGE",
    ),
    *("HOME", "APPDATA", "USERPROFILE"),  # where Python looks for a user's own packages
    *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "TEMP", "TMP", "NUMBER_OF_PROCESSORS", "PROCESSOR_"),
)


def enter(memory_bytes: int, reads: str = "") -> None:
    """Give up what is not needed, permanently. Called before other threads are started; takes a millisecond.

    `reads` is a folder of the user's that may be read besides Harken's own files.
    """
    if sys.platform == "win32":
        return
    import resource

    for limit, most in ((resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_DATA, memory_bytes)):
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(limit, (most, most))
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            libc = ctypes.CDLL(None, use_errno=True)
            if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
                _restrict_files(libc, reads)
                _restrict_calls(libc)


def _readable() -> set[str]:
    """The program itself, its libraries, and Python's. A frozen one reads its modules from its executable."""
    ours = {str(Path(__file__).parents[2]), getattr(sys, "_MEIPASS", ""), sys.prefix, sys.base_prefix, sys.executable}
    return {*sys.path, *ours, *_SYSTEM_FOLDERS, *_SYSTEM_FILES} - {"", "/"}


def _of(version: int, table: tuple[tuple[int, int], ...]) -> int:
    return sum(rights for since, rights in table if version >= since)


def _restrict_files(libc: ctypes.CDLL, reads: str) -> None:
    if sys.platform != "linux":
        return  # for mypy, which looks at every function for every system
    version = libc.syscall(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), _LANDLOCK_VERSION)
    if version < 1:
        return
    rights = struct.pack("=QQQ", _of(version, _FILE_RIGHTS), _of(version, _NET_RIGHTS), _of(version, _SCOPES))
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    rules = libc.syscall(_LANDLOCK_CREATE, rights, ctypes.c_size_t(size), 0)
    if rules < 0:
        return
    for path in filter(None, {*_readable(), reads}):
        with contextlib.suppress(OSError):
            place = os.open(path, os.O_PATH | os.O_CLOEXEC)
            may = _MAY_READ | (_MAY_LIST | _MAY_EXECUTE if os.path.isdir(path) else 0)
            libc.syscall(_LANDLOCK_ADD, rules, _BELOW_PATH, struct.pack("=Qi", may, place), 0)
            os.close(place)
    libc.syscall(_LANDLOCK_RESTRICT, rules, 0)
    os.close(rules)


def _restrict_calls(libc: ctypes.CDLL) -> None:
    if sys.platform != "linux":
        return
    machine = os.uname().machine
    if machine not in _MACHINES:
        return
    steps = _program(machine)
    code = ctypes.create_string_buffer(b"".join(steps))
    program = struct.pack("HxxxxxxP", len(steps), ctypes.addressof(code))
    number = {"x86_64": 317, "aarch64": 277}[machine]
    libc.syscall(number, _SECCOMP_SET_MODE_FILTER, _ALL_THREADS, program)


def _program(machine: str) -> list[bytes]:
    """The filter: each step is (operation, steps to skip if it matches, if not, value)."""

    def step(operation: int, value: int, so: int = 0, not_so: int = 0) -> bytes:
        return struct.pack("=HBBI", operation, so, not_so, value)

    refuse = step(_RETURN, _REFUSE | _EPERM)
    steps = [
        step(_LOAD, _AT_MACHINE),
        step(_EQUAL, _MACHINES[machine], so=1),
        refuse,
        step(_LOAD, _AT_NUMBER),
        step(_AT_LEAST, _OTHER_NUMBERS, not_so=1),
        refuse,
        step(_EQUAL, _CLONE3, not_so=1),
        step(_RETURN, _REFUSE | _ENOSYS),  # its arguments can't be seen; libraries use the older call then
    ]
    for number in _REFUSED[machine]:
        steps += [step(_EQUAL, number, not_so=1), refuse]
    return [
        *steps,
        step(_EQUAL, _CLONE[machine], not_so=3),
        step(_LOAD, _AT_FIRST_ARGUMENT),
        step(_HAS_BITS, _CLONE_THREAD, so=1),  # a thread is not a process
        refuse,
        step(_RETURN, _ALLOW),
    ]
