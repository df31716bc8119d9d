"""macOS support: the main loop (`loop.py`) and the keyboard (`keyboard.py`). Never run: no Mac was available.

Functions are looked up on first use, because only macOS has them. Frameworks are called through pyobjc, Carbon through
ctypes.
"""
