#!/usr/bin/env bash
# Starts the tray app, or, on a machine without a screen or without sound, shows on a private desktop what it
# would do there.
set -euo pipefail
cd "$(dirname "$0")/.."

has_display() { [ "$(uname)" != Linux ] || [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; }

has_sound() {
    [ "$(uname)" != Linux ] && return 0
    [ -n "${PULSE_SERVER:-}" ] && return 0
    runtime=${XDG_RUNTIME_DIR:-/run/user/$(id -u)}
    [ -S "$runtime/pulse/native" ] || [ -S "$runtime/pipewire-0" ] || grep -q '^ *[0-9]' /proc/asound/cards 2>/dev/null
}

why=""
has_display || why="no display"
has_sound || why="${why:+$why and }no sound system"
if [ -z "$why" ]; then
    packaging/setup.sh run
    exec .venv/bin/harken
fi
echo "There is $why here, so Harken is shown on a desktop of its own."
exec packaging/demo.sh
