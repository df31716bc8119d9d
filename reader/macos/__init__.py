"""macOS's own: its main loop (`loop.py`) and its keyboard (`keyboard.py`). Never run: there was no Mac to try it on.

Its functions are found when they are first called, because only macOS has them. Those of frameworks come through
pyobjc, Carbon's through ctypes.
"""
