"""Harken's windows: the tray icon, the player. Uses Qt; calls `reader`, which never calls it.

`launch.py` is the program's entry point, `main.py` starts Qt, `shell.py` shows what happens, `bridge.py` is the only
link between the core and Qt, and `presenter.py` decides what to show in which state.
"""
