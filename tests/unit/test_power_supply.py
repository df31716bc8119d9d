"""Whether the computer runs on a battery that is nearly empty, as the kernel says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from reader.desktop.power_supply import PowerSupply

FULL = {"type": "Battery", "status": "Discharging", "capacity": "80"}
LOW = {"type": "Battery", "status": "Discharging", "capacity": "19"}
MOUSE = {"type": "Battery", "scope": "Device", "status": "Discharging", "capacity": "5"}
MAINS = {"type": "Mains", "online": "1"}


@pytest.mark.parametrize(
    ("supplies", "is_low"),
    [
        ({}, False),
        ({"AC": MAINS}, False),
        ({"BAT0": FULL}, False),
        ({"BAT0": LOW, "AC": MAINS}, True),
        ({"BAT0": LOW, "BAT1": FULL}, False),
        ({"BAT0": LOW | {"status": "Charging"}}, False),
        ({"BAT0": FULL | {"capacity": "20"}}, False),
        ({"mouse": MOUSE}, False),
        ({"BAT0": LOW | {"capacity": "some"}}, False),
        ({"BAT0": {"type": "Battery", "status": "Discharging"}}, False),
    ],
)
def test_a_battery_is_low_below_a_fifth(supplies: dict[str, dict[str, str]], is_low: bool, tmp_path: Path) -> None:
    for name, files in supplies.items():
        (tmp_path / name).mkdir()
        for file, value in files.items():
            (tmp_path / name / file).write_text(f"{value}\n", "ascii")
    assert PowerSupply(tmp_path).is_low() is is_low


def test_without_the_folder_nothing_is_known(tmp_path: Path) -> None:
    assert not PowerSupply(tmp_path / "nothing").is_low()
