"""Harken's windows: the tray icon, the player. Qt; calls `reader`, never is called.

`launch.py` is the program's entry, `main.py` starts Qt, `shell.py` shows what happens, `bridge.py` is the only crossing
between them, `presenter.py` says what to show in which state.
"""
