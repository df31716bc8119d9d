"""The name by which desktops know Harken: used for its menu entry, its windows, its metainfo and its key requests.

Portals accept only names with a dot. Replace it with the publisher's own before the first release: docs/packaging.md.
"""

APP_ID = "example.harken.Harken"
# The names of the desktop entries, now and in older versions: an old autostart entry is replaced, so that there are
# never two.
ENTRY = f"{APP_ID}.desktop"
OLD_ENTRY = "harken.desktop"
