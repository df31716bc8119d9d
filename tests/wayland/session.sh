#!/bin/bash
# One of today's desktops without a screen: `session.sh DESKTOP`, DESKTOP being sway, labwc, kwin or gnome. It runs inside
# the root as its user, in namespaces of its own (desk.py), and ends when it is killed.
#
# /desk is the session's own folder: home and runtime folder, a log of each program, `keys` to write key presses to, and
# `env`, which is there once everything is up, and is what a program needs to join.
set -u
desktop=$1
export HOME=/desk/home XDG_RUNTIME_DIR=/desk/run LANG=C.UTF-8 XDG_SESSION_TYPE=wayland XDG_DATA_DIRS=/usr/local/share:/usr/share
export PATH=/usr/local/bin:/usr/bin:/bin:/usr/libexec LIBGL_ALWAYS_SOFTWARE=1
# /src can't be written; without this, each start of Harken would compile all of it.
export PYTHONPYCACHEPREFIX=/var/tmp/bytecode
# Else GTK 4 translates programs for a graphics card that is not there, in each new home, for up to a minute.
export GSK_RENDERER=cairo
export WLR_BACKENDS=headless WLR_LIBINPUT_NO_DEVICES=1 WLR_RENDERER=pixman
cd "$HOME" || exit 1

start() { # NAME COMMAND…
    name=$1
    shift
    "$@" </dev/null >"/desk/$name.log" 2>&1 &
}

# As a desktop that starts its compositor again after a crash. Only KDE does, and here those that a test wants it of.
again() { # COMMAND…
    "$@"
    while [ -e /desk/restarts ]; do "$@"; done
}

# Waits for what has no way to tell that it is there.
until_true() {
    for _ in $(seq 600); do
        "$@" >/dev/null 2>&1 && return
        sleep 0.05
    done
    echo "session: waited in vain: $*" >&2
    exit 1
}

# A login manager, which compositors and portals ask on a bus that real sessions share.
cat >/desk/system.conf <<BUS
<busconfig><type>system</type><listen>unix:path=/desk/run/system</listen><auth>EXTERNAL</auth><policy context="default">
<allow user="*"/><allow own="*"/><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/></policy></busconfig>
BUS
export DBUS_SYSTEM_BUS_ADDRESS=unix:path=/desk/run/system DBUS_SESSION_BUS_ADDRESS=unix:path=/desk/run/bus
start system-bus dbus-daemon --config-file=/desk/system.conf --nofork
start bus dbus-daemon --session --nofork --address="$DBUS_SESSION_BUS_ADDRESS"
until_true test -S /desk/run/system
start logind python3 -m dbusmock --system --template logind
login=(gdbus call --system -d org.freedesktop.login1 -o /org/freedesktop/login1 -m)
until_true gdbus introspect --system -d org.freedesktop.login1 -o /org/freedesktop/login1
"${login[@]}" org.freedesktop.DBus.Mock.AddSession c1 seat0 "$(id -u)" "$(id -un)" true >/dev/null
until_true test -S /desk/run/bus

# Sound; with the priority that it has on a real desktop, if this machine may give it.
first=""
chrt -f 20 true 2>/dev/null && first="chrt -f 20"
start pipewire $first pipewire
until_true test -S /desk/run/pipewire-0
start wireplumber $first wireplumber
start pipewire-pulse $first pipewire-pulse

printf '#!/bin/sh\necho $DISPLAY >/desk/run/display\n' >/desk/run/tell-display
chmod 755 /desk/run/tell-display
case $desktop in
    sway)
        export XDG_CURRENT_DESKTOP=sway WAYLAND_DISPLAY=wayland-1
        # Tabbed, so that each window has the whole width: with half of it GNOME's editor leaves its text without the focus.
        { echo "xwayland enable"; echo "focus_follows_mouse no"; echo "workspace_layout tabbed"; echo "exec /desk/run/tell-display"; } >>"$HOME/sway.conf"
        start shell again env -u WAYLAND_DISPLAY sway -c "$HOME/sway.conf"
        ;;
    labwc)
        export XDG_CURRENT_DESKTOP=labwc:wlroots WAYLAND_DISPLAY=wayland-0
        start shell again env -u WAYLAND_DISPLAY labwc -s /desk/run/tell-display
        ;;
    kwin)
        # The portal shows an application's new keys in System Settings. That is not here, and a browser would be asked, whose
        # window comes to the front some seconds later.
        export BROWSER=true
        export XDG_CURRENT_DESKTOP=KDE KDE_SESSION_VERSION=6 KDE_FULL_SESSION=true WAYLAND_DISPLAY=wayland-0
        start shell again env -u WAYLAND_DISPLAY KWIN_COMPOSE=Q KWIN_WAYLAND_NO_PERMISSION_CHECKS=1 /usr/local/bin/kwin_wayland \
            --virtual --width 1280 --height 800 --no-lockscreen --xwayland --socket wayland-0 /desk/run/tell-display
        ;;
    gnome)
        export XDG_CURRENT_DESKTOP=GNOME XDG_SESSION_DESKTOP=gnome XDG_SESSION_ID=c1 WAYLAND_DISPLAY=wayland-0
        gsettings set org.gnome.shell welcome-dialog-last-shown-version 999
        # Without it, and without systemd, the shell waits for a service of systemd's before any X client is answered.
        start shell env -u WAYLAND_DISPLAY LD_PRELOAD=/opt/nosystemd.so gnome-shell --headless --wayland --unsafe-mode \
            --virtual-monitor 1280x800
        ;;
    *) echo "session: no such desktop: $desktop" >&2; exit 2 ;;
esac
until_true test -S "/desk/run/$WAYLAND_DISPLAY"
until_true pactl info
until_true sh -c 'wpctl status | grep -q WirePlumber'
pactl load-module module-null-sink sink_name=ear rate=48000 >/dev/null
pactl set-default-sink ear

if [ "$desktop" = gnome ]; then
    until_true gdbus call --session -d org.gnome.Shell -o /org/gnome/Shell -m org.freedesktop.DBus.Properties.Get org.gnome.Shell OverviewActive
    until_true grep -q 'public X11 display' /desk/shell.log
    sed -n 's/.*public X11 display \(:[0-9]*\).*/\1/p' /desk/shell.log | tail -n 1 >/desk/run/display
    XAUTHORITY=$(find /desk/run -maxdepth 1 -name '.mutter-Xwaylandauth.*' | head -n 1)
    export XAUTHORITY
fi
until_true test -s /desk/run/display
DISPLAY=$(cat /desk/run/display)
export DISPLAY
if [ "$desktop" = sway ]; then
    SWAYSOCK=$(find /desk/run -maxdepth 1 -name 'sway-ipc*.sock' | head -n 1)
    export SWAYSOCK
fi
PYTHONPATH=/src:/opt/python-$(sha256sum </src/packaging/requirements/run.txt | cut -c 1-16)
export PYTHONPATH
dbus-update-activation-environment --all >/dev/null 2>&1
# The desktop knows Harken, as where a package was installed.
python3 -c 'from reader.desktop.choose import menu_entry; menu_entry().make()' || exit 1
# PipeWire asks for priority through the portal, and so starts one that knows no desktop and no Harken yet.
pkill -f /xdg-desktop-portal
until_true sh -c "! gdbus call --session -d org.freedesktop.DBus -o /org/freedesktop/DBus -m org.freedesktop.DBus.GetNameOwner org.freedesktop.portal.Desktop"

if [ "$desktop" = gnome ]; then # it opens its overview last of all, which has the focus
    overview() { gdbus call --session -d org.gnome.Shell -o /org/gnome/Shell -m "org.freedesktop.DBus.Properties.$1" org.gnome.Shell OverviewActive "${@:2}"; }
    overview_is() { overview Get | grep -q "$1"; }
    until_true grep -q 'GNOME Shell started' /desk/shell.log
    until_true overview_is true
    overview Set '<false>' >/dev/null
    until_true overview_is false
fi
mkfifo /desk/keys
python3 -m tests.wayland.keys "$desktop" <>/desk/keys >/desk/keys.log 2>&1 &
until_true grep -q ready /desk/keys.log

export -p | grep -E ' (PATH|HOME|XAUTHORITY|SWAYSOCK|LANG|DISPLAY|WAYLAND_DISPLAY|DBUS_|PYTHON|XDG_|KDE_|LIBGL|GSK_)' >/desk/env.new
mv /desk/env.new /desk/env
wait
