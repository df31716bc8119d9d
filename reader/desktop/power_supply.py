"""The batteries of a Linux computer, in /sys: see Documentation/ABI/testing/sysfs-class-power of the kernel."""

from __future__ import annotations

from pathlib import Path

_SUPPLIES = Path("/sys/class/power_supply")
_LOW_PERCENT = 20


class PowerSupply:
    """Implements Battery."""

    def __init__(self, supplies: Path = _SUPPLIES) -> None:
        self._supplies = supplies

    def is_low(self) -> bool:
        try:
            batteries = [path for path in self._supplies.iterdir() if _is_computers(path)]
            levels = [int(_read(path, "capacity")) for path in batteries if _read(path, "status") == "Discharging"]
        except (OSError, ValueError):
            return False
        return bool(levels) and max(levels) < _LOW_PERCENT


def _is_computers(path: Path) -> bool:
    """Whether it powers the computer, not a mouse or a headset."""
    return _read(path, "type") == "Battery" and _read(path, "scope") != "Device"


def _read(path: Path, name: str) -> str:
    try:
        return (path / name).read_text("ascii").strip()
    except FileNotFoundError:  # not every driver has every file
        return ""
