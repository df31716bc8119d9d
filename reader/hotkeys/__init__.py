"""Stage 1: takes key presses anywhere on the desktop, gives Commands.

`chord.py` reads and writes chords, `base.py` is the interface of what can take keys, `choose.py` picks one:
`x11.py` (grabs; Linux with X11), `listen.py` (pynput; Windows, macOS, and X11 where a grab is refused),
`none.py`. `conflicts.py` guesses who else has taken a key.
"""
