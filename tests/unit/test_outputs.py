"""Which of PortAudio's devices are the outputs of a Windows, where it has each of them several times."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from reader.audio import outputs

_LONG = "Speakers (Realtek High Definition Audio)"
_APIS = ("MME", "Windows DirectSound", "Windows WASAPI")
_DEVICES: list[tuple[int, str]] = [
    *((0, name) for name in ("Microsoft Sound Mapper - Output", "Headphones", _LONG[:31])),
    *((1, name) for name in ("Primary Sound Driver", "Headphones", _LONG)),
    *((2, name) for name in (_LONG, "Headphones", "Microphone", "Headphones")),
]


class PortAudio:
    """What sounddevice says there, and how it takes a name: one that several devices have is a ValueError."""

    WasapiSettings = staticmethod(lambda **settings: settings)

    def query_devices(self, device: Any = None, kind: str | None = None) -> Any:
        every: list[dict[str, Any]] = [
            {"index": i, "name": name, "hostapi": api, "max_output_channels": 0 if name == "Microphone" else 2}
            for i, (api, name) in enumerate(_DEVICES)
        ]
        if isinstance(device, str):
            meant = [one for one in every if device in one["name"]]
            if len(meant) != 1:
                raise ValueError("Multiple output devices found")
            return meant[0]
        return every[device] if device is not None else every[0] if kind else every

    def query_hostapis(self, which: int | None = None) -> Any:
        every = [{"name": name, "default_output_device": 7 if i == 2 else 0} for i, name in enumerate(_APIS)]
        return every if which is None else every[which]


@pytest.fixture(autouse=True)
def _windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outputs, "sys", SimpleNamespace(platform="win32"))
    monkeypatch.setattr(outputs, "sounddevice", PortAudio())


def test_each_is_listed_once() -> None:
    assert outputs.outputs() == [
        {"id": _LONG, "name": _LONG, "is_default": False},
        {"id": "Headphones", "name": "Headphones", "is_default": True},
        {"id": "Headphones (2)", "name": "Headphones (2)", "is_default": False},
    ]


@pytest.mark.parametrize(
    ("wanted", "which"), [(_LONG, 6), ("Headphones", 7), ("Headphones (2)", 9), ("", 7), (_LONG[:31], 6)]
)
def test_the_one_that_is_listed_is_the_one_that_plays(wanted: str, which: int) -> None:
    assert outputs.find(wanted) == which


@pytest.mark.parametrize("wanted", ["Head", "Microphone", "Primary Sound Driver", "Headphones (3)"])
def test_others_are_not_there(wanted: str) -> None:
    with pytest.raises(ValueError, match="no sound output"):
        outputs.find(wanted)


def test_windows_converts_rates() -> None:
    assert outputs.settings_for({"hostapi": 2}) == {"auto_convert": True}
    assert outputs.settings_for({"hostapi": 0}) is None
