"""Stage 1: turns key presses anywhere on the desktop into Commands.

`chord.py` reads and writes chords, `base.py` is the interface of the back ends, `choose.py` lists them in the order in
which they are tried, and `hotkeys.py` uses the first that works: `x11.py` (grabs, `x11_grabs.py`), `sway.py`
(`sway_ipc.py`, `sway_socket.py`), `portal.py` (the desktop's portal: `portal_session.py`, `portal_shortcuts.py`),
`gnome_settings.py` (older GNOME's own settings: `gnome_bindings.py`), `windows.py`, `carbon.py` (macOS; the logic is in
`macos.py`), `listen.py` (pynput, if Windows registers no keys), `none.py`, which says what to bind by hand
(`by_hand.py`). `labels.py` has the commands' names. `conflicts.py` guesses which other program has taken a key.
"""
