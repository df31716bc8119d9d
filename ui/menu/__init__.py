"""The tray's menu, one file per part: everything in it works without a window.

`menu.py` puts the parts in order. Each part follows the settings and the events by itself, no matter what changed them.
"""
