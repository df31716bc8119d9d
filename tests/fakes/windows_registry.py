"""The part of `winreg` that Harken uses, in memory: keys of one user, which are there once they were made.

As Windows has it (learn.microsoft.com: RegCreateKeyEx, RegOpenKeyEx): a key opened for reading can't be written to, and
one that is not there can't be opened.
"""

from __future__ import annotations

HKEY_CURRENT_USER = 0x80000001
REG_SZ, REG_BINARY = 1, 3

keys: dict[str, dict[str, tuple[object, int]]] = {}


class Key:
    """An open key."""

    def __init__(self, path: str, *, may_write: bool) -> None:
        self.values, self._may_write = keys[path], may_write

    def __enter__(self) -> Key:
        return self

    def __exit__(self, *_error: object) -> None:
        self._may_write = False

    def check(self) -> None:
        if not self._may_write:
            raise PermissionError(13, "Access is denied")


def OpenKey(root: int, path: str) -> Key:  # noqa: N802 - Windows' name
    """For reading."""
    assert root == HKEY_CURRENT_USER
    if path not in keys:
        raise FileNotFoundError(2, "The system cannot find the file specified")
    return Key(path, may_write=False)


def CreateKey(root: int, path: str) -> Key:  # noqa: N802 - Windows' name
    """For writing; made where it is not there."""
    assert root == HKEY_CURRENT_USER
    keys.setdefault(path, {})
    return Key(path, may_write=True)


def QueryValueEx(key: Key, name: str) -> tuple[object, int]:  # noqa: N802 - Windows' name
    """(value, its kind)."""
    if name not in key.values:
        raise FileNotFoundError(2, "The system cannot find the file specified")
    return key.values[name]


def SetValueEx(key: Key, name: str, _reserved: int, kind: int, value: object) -> None:  # noqa: N802 - Windows' name
    """A text for REG_SZ, bytes for REG_BINARY."""
    key.check()
    assert isinstance(value, {REG_SZ: str, REG_BINARY: bytes}[kind])
    key.values[name] = (value, kind)


def DeleteValue(key: Key, name: str) -> None:  # noqa: N802 - Windows' name
    """It has to be there."""
    key.check()
    if name not in key.values:
        raise FileNotFoundError(2, "The system cannot find the file specified")
    del key.values[name]
