"""Stage 1: takes key presses anywhere on the desktop, gives Commands.

`chord.py` reads and writes chords, `base.py` is the interface of what can take keys, `choose.py` has a row for each in
the order in which they are tried, `hotkeys.py` asks the first that can: `x11.py` (grabs, `x11_grabs.py`), `sway.py`
(`sway_ipc.py`, `sway_socket.py`), `portal.py` (the desktop's portal: `portal_session.py`, `portal_shortcuts.py`),
`gnome_settings.py` (older GNOME's own settings: `gnome_bindings.py`), `windows.py`, `carbon.py` (macOS; `macos.py`
decides), `listen.py` (pynput, where Windows registers none), `none.py`, which says what to bind by hand (`by_hand.py`).
`labels.py` has the commands' names. `conflicts.py` guesses who else has taken a key.
"""
