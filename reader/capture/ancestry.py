"""Whether a program runs in a terminal's window, according to the kernel's process data. Linux only."""

from __future__ import annotations


def runs_in_terminal(pid: int, terminal_pid: int) -> bool:
    """Whether a process has a controlling terminal and descends from the program that shows it."""
    _, tty = _parent_and_tty(pid)
    for _ in range(64):
        if not tty or pid <= 1:
            return False
        pid, _ = _parent_and_tty(pid)
        if pid == terminal_pid:
            return True
    return False


def _parent_and_tty(pid: int) -> tuple[int, int]:
    """(parent's pid, number of the controlling terminal), zeros if there is none. See proc(5)."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
        return int(fields[1]), int(fields[4])
    except (OSError, ValueError, IndexError):
        return 0, 0
