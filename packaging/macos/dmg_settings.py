"""What dmgbuild makes the disk image of. Never run. `defines` is dmgbuild's: see macos.py."""

application = defines["app"]  # type: ignore[name-defined]  # noqa: F821

format = "ULFO"  # noqa: A001 - the names are dmgbuild's
files = [application]
symlinks = {"Applications": "/Applications"}
icon_locations = {"Harken.app": (140, 120), "Applications": (400, 120)}
window_rect = ((200, 200), (540, 320))
