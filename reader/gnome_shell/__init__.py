"""Harken's extension for GNOME Shell: what it is asked, whether it is there, and how it is installed.

The extension itself is in resources/gnome-shell; docs/gnome-shell.md has its interface.
"""
