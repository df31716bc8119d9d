#!/usr/bin/env bash
# Makes the Debian 13 in which tests meet today's desktops, and prints where it is: `tests/wayland/root.sh [SET…]`.
#
# Sets are sway (with labwc), kde, gnome, programs (of other people's) and speech; without any, all of them. It is kept in
# HARKEN_TEST_ROOT, or else in the user's cache, and a second call finds it there and ends at once. Needs root,
# debootstrap, and a Debian or Ubuntu whose apt reaches a mirror: the same one is used. If it can't be made, the last line
# on standard error says why; what every program said is beside it, in a file that ends with .log.
set -Eeuo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=${HARKEN_TEST_ROOT:-${XDG_CACHE_HOME:-$HOME/.cache}/harken/trixie}
log=$root.log
sets=("$@")
[ $# -gt 0 ] || sets=(sway kde gnome programs speech)

base="dbus dbus-bin libglib2.0-bin gsettings-desktop-schemas procps psmisc fonts-dejavu-core fontconfig
    adwaita-icon-theme hicolor-icon-theme libgl1-mesa-dri python3 python3-dbusmock python3-gi at-spi2-core
    pipewire pipewire-pulse pipewire-alsa wireplumber pulseaudio-utils libportaudio2 xwayland wl-clipboard wtype
    xdg-desktop-portal xdg-desktop-portal-gtk python3-jeepney xsel xclip libegl1 libgl1
    libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0
    libxkbcommon-x11-0 libxkbcommon0 libdbus-1-3 mousepad tcc libc6-dev"
sway="sway labwc foot grim xdg-desktop-portal-wlr"
kde="kwin-wayland xdg-desktop-portal-kde kglobalacceld plasma-integration plasma-workspace qt6-wayland kwrite"
gnome="gnome-shell gnome-session-bin gnome-settings-daemon xdg-desktop-portal-gnome gnome-text-editor gnome-console"
programs="firefox-esr evince"
speech="orca speech-dispatcher speech-dispatcher-espeak-ng espeak-ng"

say() { printf 'harken test root: %s\n' "$*" >&2; }

doing="looking at this machine"

refuse() {
    say "$1"
    exit 1
}

failed() {
    why=$(grep -E '^(E|W|ERROR): ' "$log" | tail -n 1)
    refuse "it could not be made: $doing failed${why:+ ($why)}. All that was said is in $log."
}

inside() {
    chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
        DEBIAN_FRONTEND=noninteractive "$@"
}

made() { [ "$(cat "$root/made/$1" 2>/dev/null)" = "$2" ]; }

mark() { printf '%s\n' "$2" >"$root/made/$1"; }

make_base() {
    if [ -e "$root" ] && [ ! -e "$root/opt/nosystemd.c" ] && [ -n "$(ls -A "$root")" ]; then
        refuse "$root has something else in it. Empty it, or name another folder in HARKEN_TEST_ROOT."
    fi
    rm -rf --one-file-system "$root"
    mkdir -p "$root/opt"
    printf '%s\n' 'int sd_pid_get_user_unit(int pid, char **unit) { (void)pid; (void)unit; return -61; }' >"$root/opt/nosystemd.c"
    mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Origin: Debian' 'Component: main' 2>/dev/null |
        grep -v -- -security | head -n 1 || true)
    doing="fetching Debian 13 from ${mirror:-Debian}"
    DPKG_FORCE=unsafe-io debootstrap --variant=minbase --include=ca-certificates,eatmydata trixie "$root" ${mirror:+"$mirror"} >>"$log" 2>&1
    # A machine may reach its mirror in a way of its own.
    cp -L /etc/resolv.conf "$root/etc/resolv.conf"
    for file in /etc/apt/apt.conf.d/*; do
        case ${file##*/} in docker* | 20packagekit | 50appstream | 70debconf) ;; *) cp "$file" "$root/etc/apt/apt.conf.d/" ;; esac
    done
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" # nothing is started by being installed
    chmod 755 "$root/usr/sbin/policy-rc.d"
    for folder in doc man locale help gnome/help wallpapers backgrounds; do echo "path-exclude=/usr/share/$folder/*"; done >"$root/etc/dpkg/dpkg.cfg.d/small"
    printf 'APT::Install-Recommends "0";\nAcquire::Languages "none";\n' >"$root/etc/apt/apt.conf.d/00small"
    inside useradd --create-home --uid 1000 tester
    mkdir -p "$root/src" "$root/desk" "$root/made"
}

# Without /proc and /dev some packages' own scripts fail. They are there for this process alone. What is installed may be
# lost with the power: then it is made again.
install() {
    doing="installing packages"
    unshare --mount bash -euc '
        mount -t proc proc "$1/proc"
        mount --rbind /dev "$1/dev"
        chroot "$1" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
            eatmydata apt-get install -y -q ${@:2}
        rm -f "$1"/var/cache/apt/archives/*.deb' install "$root" "$@" >>"$log" 2>&1
}

# Harken's Python packages for the root's Python, fetched by this machine's pip in whatever way it is set up. Each list
# of them has a folder of its own (session.sh finds it): sessions of other versions of Harken may be running.
python_packages() {
    trap - ERR
    rm -rf "$python".new.*
    "$here/../../.venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: \
        --python-version 3.13 --platform manylinux_2_28_x86_64 --platform manylinux_2_34_x86_64 \
        --platform manylinux_2_17_x86_64 --platform manylinux2014_x86_64 --platform manylinux_2_5_x86_64 \
        --platform manylinux1_x86_64 --require-hashes \
        --target "$python.new.$$" --requirement "$here/../../packaging/requirements/run.txt" >>"$log" 2>&1
    mv "$python.new.$$" "$python"
    find "$root/opt" -maxdepth 1 -name 'python-*' -mtime +7 -exec rm -rf {} +
}

[ "$(id -u)" = 0 ] || refuse "only root can make it."
for program in debootstrap unshare chroot flock apt-get; do
    command -v "$program" >/dev/null || refuse "it needs $program, which this machine lacks."
done
mkdir -p "$(dirname "$root")"
exec 9>"$root.lock"
flock 9 # one maker at a time
trap failed ERR
begun=$SECONDS
python=$root/opt/python-$(sha256sum <"$here/../../packaging/requirements/run.txt" | cut -c 1-16)
packages=()
missing=()
for set in base "${sets[@]}"; do
    made "$set" "${!set}" || missing+=("$set")
done
if [ ${#missing[@]} -gt 0 ]; then
    unshare --mount true 2>/dev/null || refuse "this machine lets nobody make namespaces (unshare --mount), which it needs."
    : >"$log"
    say "making ${missing[*]} in $root"
    [ -d "$root/made" ] || make_base
    say "a Debian 13: $((SECONDS - begun)) s"
fi
fetching=""
if [ ! -e "$python" ]; then
    python_packages &
    fetching=$!
fi
if [ ${#missing[@]} -gt 0 ]; then
    for set in "${missing[@]}"; do
        packages+=(${!set})
    done
    doing="asking for newer packages"
    inside apt-get update -q >>"$log" 2>&1
    [ -x "$root/usr/bin/eatmydata" ] || inside apt-get install -y -q eatmydata >>"$log" 2>&1 # one of an earlier making
    install "${packages[@]}" # all at once: what follows an installation follows it once
    for set in "${missing[@]}"; do
        mark "$set" "${!set}"
    done
    say "${#packages[@]} packages and what they need: $((SECONDS - begun)) s"
fi
# KWin's capability keeps it from being started where that may not be given; a copy has none.
if [ -x "$root/usr/bin/kwin_wayland" ]; then cp --remove-destination "$root/usr/bin/kwin_wayland" "$root/usr/local/bin/"; fi
# gnome-shell where no systemd runs, see session.sh
[ -e "$root/opt/nosystemd.so" ] || inside tcc -shared -o /opt/nosystemd.so /opt/nosystemd.c
if [ -n "$fetching" ]; then
    doing="fetching Python packages"
    wait "$fetching"
    say "Python packages: $((SECONDS - begun)) s"
fi
echo "$root"
