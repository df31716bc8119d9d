"""The name by which desktops know Harken: that of its menu entry, its windows, its metainfo, and its requests for keys.

A portal takes names with a dot only. Replace it with the publisher's own before the first release: docs/packaging.md.
"""

APP_ID = "example.harken.Harken"
# The entries' file, and what it was called before: an older Harken's autostart entry is replaced, never doubled.
ENTRY = f"{APP_ID}.desktop"
OLD_ENTRY = "harken.desktop"
