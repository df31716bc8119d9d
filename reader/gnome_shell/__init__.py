"""Harken's extension for GNOME Shell: calling it, checking its state, and installing it.

The extension itself is in resources/gnome-shell; docs/gnome-shell.md describes its interface.
"""
