#!/usr/bin/env bash
# Puts onto this machine what Harken needs, and nothing twice: `packaging/setup.sh run|demo|test|windows|package`.
#
# System libraries come from apt (Debian, Ubuntu; as root or with sudo), Python packages go into .venv at the
# versions and with the hashes of packaging/requirements, and the translations are compiled. A second call finds everything there and
# ends within a second.
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:?run, demo, test, windows or package}

# Sound and what Qt's X11 plugin loads.
libraries=(libportaudio2 libasound2-plugins libegl1 libgl1 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4
    libxcb-image0 libxcb-keysyms1 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libdbus-1-3
    libfontconfig1 libglib2.0-0 fonts-dejavu-core python3-venv)
# A desktop of its own, with a program of somebody else's to read from.
desktop=(xvfb openbox dbus at-spi2-core pulseaudio pulseaudio-utils mousepad tint2 xdotool xclip x11-utils imagemagick
    mediainfo)
# The rest of the world, for tests and benches.
world=(xfce4-panel gnome-keyring featherpad libreoffice-writer libreoffice-gtk3 xterm xsel xbindkeys x11-xkb-utils
    x11-xserver-utils espeak-ng nodejs npm
    playerctl systemd desktop-file-utils libglib2.0-bin gsettings-desktop-schemas gnome-settings-daemon-common
    dconf-service dconf-gsettings-backend orca speech-dispatcher speech-dispatcher-espeak-ng sound-icons debootstrap
    debian-archive-keyring)

# A Windows to run tests in: tests/windows/make.sh. The last one makes an installer for it.
wine=(wine wine64 gcc-mingw-w64-x86-64-win32 fonts-liberation fonts-wine libpulse0 nsis)

# To make packages, check them, and install them into a system of their own.
makers=(binutils dpkg-dev file lintian desktop-file-utils appstream nsis man-db)

case $what in
    run) packages=("${libraries[@]}") extra="" ;;
    demo) packages=("${libraries[@]}" "${desktop[@]}") extra="" ;;
    test) packages=("${libraries[@]}" "${desktop[@]}" "${world[@]}") extra="[test]" ;;
    windows) packages=("${libraries[@]}" "${desktop[@]}" "${wine[@]}") extra="[test]" ;;
    package)
        packages=("${libraries[@]}" "${desktop[@]}" "${world[@]}" "${makers[@]}" "${wine[@]}")
        extra="[test,package]"
        ;;
    *) echo "setup.sh: run, demo, test, windows or package" >&2; exit 2 ;;
esac

say() { printf 'harken setup: %s\n' "$*" >&2; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else
        say "this needs root. Run it as root, install sudo, or install these packages yourself: ${missing[*]}"
        exit 1
    fi
}

system_packages() {
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        say "this is not Debian or Ubuntu. Install your system's packages for these (Debian's names) if they are missing:"
        say "  ${packages[*]}"
        return
    fi
    missing=()
    # A package may be there under another name that provides it (Ubuntu's …t64).
    have=$(dpkg-query -W -f '${db:Status-Abbrev}${Package} ${Provides}\n' 2>/dev/null | sed -n 's/^ii *//p' | tr ',' ' ' | tr ' ' '\n')
    for package in "${packages[@]}"; do
        grep -qx -- "$package" <<<"$have" || missing+=("$package")
    done
    [ ${#missing[@]} = 0 ] && return
    say "installing with apt: ${missing[*]}"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

find_python() {
    for python in python3 python3.14 python3.13 python3.12 python3.11; do
        if "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$python"
            return
        fi
    done
    say "Python 3.11 or later with its venv module is needed. Debian 12, Ubuntu 24.04 and later have it (python3-venv)."
    exit 1
}

# Of all that decides what is in the environment. An upgrade of the system's Python leaves one without packages.
fingerprint() {
    { cat pyproject.toml packaging/requirements/*.txt packaging/setup.sh; .venv/bin/python --version 2>&1 || true; } | sha256sum
}

python_packages() {
    stamp=.venv/installed-$extra
    wanted=$(fingerprint)
    for have in "$stamp" ".venv/installed-[test]" ".venv/installed-[test,package]"; do
        [ "$extra" = "[test,package]" ] && [ "$have" != "$stamp" ] && continue  # the others have less
        [ "$(cat "$have" 2>/dev/null)" = "$wanted" ] && return
    done
    python=$(find_python)
    .venv/bin/python -m pip --version >/dev/null 2>&1 || { rm -rf .venv; "$python" -m venv .venv; }
    say "installing Python packages into .venv"
    # The lists are whole, so nothing is looked for besides, and what has another hash than it had is refused.
    pip=(.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps)
    list=run
    [ "$extra" = "[test]" ] && list=test
    [ "$extra" = "[test,package]" ] && list=package
    "${pip[@]}" --require-hashes --requirement "packaging/requirements/$list.txt"
    "${pip[@]}" --no-build-isolation --editable .
    fingerprint >"$stamp"
}

# The official AWS SDK, which shows that the stand-in for Amazon Polly is like the service. From npm's own registry,
# whichever that is here; without it its tests are skipped, except in CI.
node_packages() {
    source=tests/fakes/polly_peer folder=.venv/node
    if ! command -v npm >/dev/null; then
        say "without Node and npm, tests with the official AWS SDK are skipped"
        return
    fi
    wanted=$({ cat "$source"/package*.json; node --version; } | sha256sum)
    [ "$(cat "$folder/installed" 2>/dev/null)" = "$wanted" ] && return
    say "installing Node packages into $folder"
    rm -rf "$folder"
    mkdir "$folder"
    cp "$source"/package*.json "$folder"
    if (cd "$folder" && npm ci --silent --ignore-scripts --no-audit --no-fund); then
        echo "$wanted" >"$folder/installed"
    else
        say "npm could not install the official AWS SDK"
        [ -z "${CI:-}" ]
    fi
}

# What F1 opens. The guide says what the program says, so every source may change it.
guide() {
    built=resources/help/en/index.html
    if [ -e "$built" ] && [ -z "$(find docs/guide reader ui resources packaging -newer "$built" \
        \( -name '*.md' -o -name '*.py' -o -name '*.ts' \) -print -quit)" ]; then return; fi
    say "building the guide"
    .venv/bin/python packaging/guide.py
}

system_packages
python_packages
packaging/translations.sh compile
guide
if [ -n "$extra" ]; then node_packages; fi
