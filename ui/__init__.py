"""Harken's windows: the tray icon, and a small window where there is no tray. Qt; calls `reader`, never is called.

`launch.py` is the program's entry, `main.py` starts Qt, `shell.py` shows what happens, `bridge.py` is the only crossing
between them, `presenter.py` says what to show in which state.
"""
