#!/bin/sh
# Installs Harken for this user, from the folder this script is in, and removes it again. Needs no administrator.
#
#   ./install.sh             into ~/.local; the same over an older one
#   ./install.sh --remove    removes the program; settings stay
#   ./install.sh --purge     removes the settings, the log and the keys in the keyring as well
#
# PREFIX=/some/folder installs elsewhere. Harken also runs from its folder without being installed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
prefix=${PREFIX:-$HOME/.local}
home=$prefix/lib/harken
share=$prefix/share
list=$home/installed-files

place() { # FILE WHERE-BELOW-SHARE
    mkdir -p "$share/$(dirname "$2")"
    cp "$1" "$share/$2"
    echo "share/$2" >>"$home/installed-files.new"
}

refresh() { # the menu's own memory, where the desktop keeps one
    if command -v update-desktop-database >/dev/null; then update-desktop-database -q "$share/applications" || true; fi
    if command -v gtk-update-icon-cache >/dev/null && [ -f "$share/icons/hicolor/icon-theme.cache" ]; then
        gtk-update-icon-cache -q -t "$share/icons/hicolor" || true
    fi
}

remove_files() {
    [ -f "$list" ] || return 0
    while IFS= read -r file; do rm -f "$prefix/$file"; done <"$list"
}

remove() {
    remove_files
    rm -rf "$home"
    # Folders that nothing is left in; those of the system's that were there stay because they are not empty.
    if [ -d "$share" ]; then find "$share" -depth -type d -empty -delete; fi
    rmdir "$prefix/bin" "$prefix/lib" "$prefix" 2>/dev/null || true
    refresh
}

install() {
    if [ "$here" = "$home" ]; then
        echo "Harken is installed in $home. Run this script from the folder of a new version." >&2
        exit 2
    fi
    mkdir -p "$prefix/bin" "$prefix/lib"
    rm -rf "$home.new"
    mkdir "$home.new"
    cp -R "$here/harken" "$here/_internal" "$here/LICENSE" "$here/NOTICE" "$here/sbom.cdx.json" "$here/install.sh" \
        "$home.new/"
    remove_files
    rm -rf "$home"
    mv "$home.new" "$home"
    echo "bin/harken" >"$home/installed-files.new"
    ln -sf ../lib/harken/harken "$prefix/bin/harken"
    (cd "$here/share" && find . -type f | sed 's,^\./,,') | while IFS= read -r file; do
        case $file in
            applications/*) continue ;;
            bash-completion/* | icons/* | metainfo/* | man/*) place "$here/share/$file" "$file" ;;
            zsh/vendor-completions/*) place "$here/share/$file" "zsh/site-functions/${file##*/}" ;;
            fish/*) place "$here/share/$file" "fish/vendor_completions.d/${file##*/}" ;;
        esac
    done
    # The menu entry names the program by its place, for ~/.local/bin need not be where programs are looked for.
    mkdir -p "$share/applications"
    sed "s,^Exec=harken,Exec=\"$home/harken\",; s,^TryExec=.*,TryExec=$home/harken," \
        "$here/share/applications/harken.desktop" >"$share/applications/harken.desktop"
    echo "share/applications/harken.desktop" >>"$home/installed-files.new"
    mv "$home/installed-files.new" "$list"
    refresh
    echo "Harken is installed. It is in the menu; “$prefix/bin/harken --help” says what it does in a terminal."
}

case ${1:-} in
    "") install ;;
    --remove) remove ;;
    --purge) "$home/harken" purge --yes; remove ;;
    *) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
