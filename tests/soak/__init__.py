"""Endurance: Harken reads for hours while everything happens to it that can happen, and never loses a word.

`make soak` does both: `fakes.py` has the whole core in this process, with a time of its own, between stand-ins for
voices, sound and network (thousands of readings, the same for the same seed), and `desktop.py` the tray app on a
desktop of its own, with real processes and real sound. A short run of each is a group of `make test`'s.

`checks.py` and `along.py` say what must hold. What fails is told with the last actions and the command that does it
again.
"""
