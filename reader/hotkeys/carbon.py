"""Carbon's registered keys, for `macos.py`. Carbon is called through ctypes, on the main loop.

Never run: no Mac was available. Names and numbers are those of CarbonEvents.h and HIToolbox.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import ctypes
import logging
from collections.abc import Callable, Mapping
from ctypes import POINTER, byref, c_int32, c_uint32, c_ulong, c_void_p, sizeof
from typing import Any, TypeVar

from reader.errors import DesktopError, HotkeyError
from reader.hotkeys.base import OnCommand
from reader.hotkeys.macos import MacHotkeys
from reader.macos import keyboard, loop

log = logging.getLogger(__name__)

T = TypeVar("T")

_SIGNATURE, _KEYBOARD, _PRESSED = b"Hrkn", b"keyb", 5  # Harken's own; kEventClassKeyboard, kEventHotKeyPressed
_DIRECT_OBJECT, _HOT_KEY_ID = b"----", b"hkid"  # kEventParamDirectObject, typeEventHotKeyID
_EXCLUSIVE = 1  # kEventHotKeyExclusive: refused if another program has it exclusively
_NOT_HANDLED = -9874  # eventNotHandledErr
_LAYOUT_CHANGED = "com.apple.Carbon.TISNotifySelectedKeyboardInputSourceChanged"
_HID_STATE = 1  # kCGEventSourceStateHIDSystemState


class _Id(ctypes.Structure):
    """EventHotKeyID."""

    _fields_ = (("signature", c_uint32), ("number", c_uint32))


class _Kind(ctypes.Structure):
    """EventTypeSpec."""

    _fields_ = (("kind", c_uint32), ("what", c_uint32))


_Handler = ctypes.CFUNCTYPE(c_int32, c_void_p, c_void_p, c_void_p)


def _four(chars: bytes) -> int:
    return int.from_bytes(chars, "big")


def _functions() -> Any:
    """The Carbon functions used here. Raises OSError if there is no Carbon."""
    library = keyboard.carbon()
    library.GetEventDispatcherTarget.restype = c_void_p
    library.GetEventDispatcherTarget.argtypes = []
    library.InstallEventHandler.argtypes = [c_void_p, _Handler, c_ulong, POINTER(_Kind), c_void_p, POINTER(c_void_p)]
    library.RemoveEventHandler.argtypes = library.UnregisterEventHotKey.argtypes = [c_void_p]
    library.GetEventParameter.argtypes = [
        *(c_void_p, c_uint32, c_uint32, c_void_p, c_ulong, c_void_p, c_void_p),
    ]
    library.RegisterEventHotKey.argtypes = [c_uint32, c_uint32, _Id, c_void_p, c_uint32, POINTER(c_void_p)]
    library.CopySymbolicHotKeys.argtypes = [POINTER(c_void_p)]
    for function in ("InstallEventHandler", "RemoveEventHandler", "UnregisterEventHotKey", "GetEventParameter"):
        getattr(library, function).restype = c_int32
    library.RegisterEventHotKey.restype = library.CopySymbolicHotKeys.restype = c_int32
    return library


class CarbonKeys:
    """Implements KeySystem."""

    def __init__(self) -> None:
        """Raises OSError or ImportError if this is not a Mac."""
        import Quartz

        self._quartz = Quartz
        self._carbon = _functions()
        self._keys: dict[int, c_void_p] = {}  # Carbon's references to the registered keys
        self._handler: c_void_p | None = None
        self._called = _Handler(self._on_event)  # Carbon keeps no reference to it
        self._on_press: Callable[[int], None] = lambda _: None
        self._observer: object = None

    def submit(self, job: Callable[[], T]) -> concurrent.futures.Future[T]:
        return loop.on_main(job)

    def start(self, on_press: Callable[[int], None], on_layout: Callable[[], None]) -> int:
        self._on_press = on_press
        kinds, handler = (_Kind * 1)(_Kind(_four(_KEYBOARD), _PRESSED)), c_void_p()
        # The dispatcher target also gets keys while one of Harken's windows is in front.
        target = self._carbon.GetEventDispatcherTarget()
        if error := self._carbon.InstallEventHandler(target, self._called, 1, kinds, None, byref(handler)):
            return int(error)
        self._handler = handler
        self._watch_layout(on_layout)
        return 0

    def letters(self, *, with_command: bool) -> Mapping[str, int]:
        return keyboard.letters(with_command=with_command)

    def own(self) -> frozenset[tuple[int, int]]:
        import objc

        copied = c_void_p()
        if self._carbon.CopySymbolicHotKeys(byref(copied)) or not copied:
            return frozenset()
        try:
            keys = objc.objc_object(c_void_p=copied)
            return frozenset(
                (int(key["kHISymbolicHotKeyCode"]), int(key["kHISymbolicHotKeyModifiers"]))
                for key in keys
                if key["kHISymbolicHotKeyEnabled"]
            )
        finally:
            keyboard.core_foundation().CFRelease(copied)

    def register(self, code: int, modifiers: int, number: int) -> int:
        taken = c_void_p()
        error = self._carbon.RegisterEventHotKey(
            code,
            modifiers,
            _Id(_four(_SIGNATURE), number),
            self._carbon.GetEventDispatcherTarget(),
            _EXCLUSIVE,
            byref(taken),
        )
        if not error:
            self._keys[number] = taken
        return int(error)

    def unregister(self, number: int) -> None:
        if error := self._carbon.UnregisterEventHotKey(self._keys.pop(number)):
            log.warning("UnregisterEventHotKey: error %d", error)

    def stop(self) -> None:
        if self._handler:
            self._carbon.RemoveEventHandler(self._handler)
            self._handler = None
        if self._observer:
            from Foundation import NSDistributedNotificationCenter

            NSDistributedNotificationCenter.defaultCenter().removeObserver_(self._observer)
            self._observer = None

    def is_down(self, code: int) -> bool:
        return bool(self._quartz.CGEventSourceKeyState(_HID_STATE, code))

    def _on_event(self, _next: int | None, event: int | None, _data: int | None) -> int:
        """Carbon's callback, which must not raise."""
        pressed = _Id()
        size, place = sizeof(pressed), byref(pressed)
        named = _four(_DIRECT_OBJECT), _four(_HOT_KEY_ID)
        error = self._carbon.GetEventParameter(event, *named, None, size, None, place)
        if error or pressed.signature != _four(_SIGNATURE):
            return _NOT_HANDLED
        try:
            self._on_press(pressed.number)
        except Exception:
            log.exception("a key was not handled")
        return 0

    def _watch_layout(self, on_layout: Callable[[], None]) -> None:
        from Foundation import NSDistributedNotificationCenter, NSOperationQueue

        center = NSDistributedNotificationCenter.defaultCenter()
        self._observer = center.addObserverForName_object_queue_usingBlock_(
            _LAYOUT_CHANGED, None, NSOperationQueue.mainQueue(), lambda _: on_layout()
        )


def _open() -> CarbonKeys:
    """Load the frameworks, which is slow. Raises DesktopError, and OSError or ImportError if this is not a Mac."""
    from AppKit import NSApp

    if NSApp() is None:  # as in `harken doctor`, with no main loop to receive keys
        raise DesktopError("there is no main loop here; the running Harken takes the keys")
    return CarbonKeys()


async def open_hotkeys(on_command: OnCommand) -> MacHotkeys:
    """Open the back end. `HotkeyEntry` in choose.py says what is raised."""
    try:
        opened = MacHotkeys(await asyncio.to_thread(_open), on_command)
        await opened.start()
    except (DesktopError, ImportError, OSError) as error:
        raise HotkeyError(str(error)) from error
    return opened
