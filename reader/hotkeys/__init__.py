"""Stage 1: takes key presses anywhere on the desktop, gives Commands.

`chord.py` reads and writes chords, `base.py` is the interface of what can take keys, `choose.py` has a row for each in
the order in which they are tried, `hotkeys.py` asks the first that can: `x11.py` (grabs, `x11_grabs.py`), `listen.py`
(pynput; Windows and macOS), `none.py`. `conflicts.py` guesses who else has taken a key.
"""
