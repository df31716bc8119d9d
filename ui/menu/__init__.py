"""The tray's menu, a file a part: what it offers is complete without a window.

`menu.py` puts the parts in order. Each part follows the settings and the events by itself, no matter who changed them.
"""
