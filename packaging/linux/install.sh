#!/bin/sh
# Installs Harken for this user from the folder that holds this script, or removes it. No administrator rights needed.
#
#   ./install.sh             installs into ~/.local, or updates what is there
#   ./install.sh --remove    removes the program and keeps the settings
#   ./install.sh --purge     removes the settings, the log and the keys in the keyring as well
#
# PREFIX=/some/folder installs elsewhere. Harken also runs from its folder without being installed.
#
# Each file and folder is added to a list before it is made (folders end with a slash), so that removal knows what is
# Harken's even after an interrupted installation. Files of other programs or of the user stay.
set -eu
LC_ALL=C
export LC_ALL
here=$(cd -- "$(dirname -- "$0")" && pwd)
if [ -z "${PREFIX:-}" ] && [ -f "$here/installed-files" ]; then
    prefix=${here%/*/*} # this is the installed script
else
    prefix=${PREFIX:-$HOME/.local}
fi
case $prefix in /*) ;; *) prefix=$PWD/$prefix ;; esac
prefix=${prefix%/}
home=$prefix/lib/harken
list=$home/installed-files
share=$prefix/share
case ${PREFIX:+given}${XDG_DATA_HOME:-} in /*) share=${XDG_DATA_HOME%/} ;; esac
programs="harken harken-key"
old_entry=$share/applications/harken.desktop # as the menu entry was called before
# What stands in $home besides the list.
names="harken harken-key _internal LICENSE NOTICE sbom.cdx.json install.sh"
early= # noted before there is a folder for the list
newline='
'

note() { # PATH: Harken is about to make it
    if [ ! -d "$home" ]; then
        early=$early$1$newline
        return
    fi
    printf '%s%s\n' "$early" "$1" >>"$list"
    printf '%s%s\n' "$early" "$1" >>"$list.now"
    early=
}

make_folder() { # FOLDER, and what is missing above it
    [ ! -d "$1" ] || return 0
    case $1 in */*/*) make_folder "${1%/*}" ;; esac
    note "$1/"
    mkdir -- "$1"
}

may_write() { # FILE: nothing is there, or something of Harken's
    if [ ! -e "$1" ] && [ ! -L "$1" ]; then return 0; fi
    if is_program "$1"; then
        if is_our_link "$1"; then return 0; fi
    elif [ -n "$is_unlisted" ] || grep -qxF -e "$1" "$list"; then
        return 0
    fi
    echo "$1 belongs to another program and was not changed." >&2
    return 1
}

is_program() { # PATH: of one of those that people start by their names
    case $1 in "$prefix/bin/harken" | "$prefix/bin/harken-key") ;; *) return 1 ;; esac
}

is_our_link() { [ "$(readlink -- "$1")" = "../lib/harken/${1##*/}" ]; }

place() { # FILE WHERE
    may_write "$2" || return 0
    make_folder "${2%/*}"
    note "$2"
    cp -P --remove-destination -- "$1" "$2"
}

place_tree() { # FOLDER-BELOW-HERE: into $home
    (cd -- "$here" && find "$1" -type d) | while IFS= read -r folder; do make_folder "$home/$folder"; done
    (cd -- "$here" && find "$1" ! -type d) | while IFS= read -r file; do note "$home/$file"; done
    cp -RP --remove-destination -- "$here/$1" "$home/"
}

shared() { # the files below share/, each with where it goes, in turns
    (cd -- "$here/share" && find . -type f) | while IFS= read -r file; do
        file=${file#./}
        case $file in
            bash-completion/* | icons/* | metainfo/* | man/* | applications/* | dbus-1/*) printf '%s\n' "$file" "$share/$file" ;;
            zsh/vendor-completions/*) printf '%s\n' "$file" "$share/zsh/site-functions/${file##*/}" ;;
            fish/*) printf '%s\n' "$file" "$share/fish/vendor_completions.d/${file##*/}" ;;
        esac
    done
}

# A menu entry, or a service of the session bus, with the program's place, which need not be where programs are looked for.
place_entry() { # FILE WHERE
    may_write "$2" || return 0
    make_folder "${2%/*}"
    note "$2"
    # As freedesktop.org's Desktop Entry Specification has it: quoted for a command line, then escaped as a text.
    quoted=$(printf '%s' "$home/harken" | sed 's/[\\"`$]/\\&/g; s/\\/\\\\/g; s/%/%%/g')
    escaped=$(printf '%s' "$home/harken" | sed 's/\\/\\\\/g')
    # What the session bus starts knows no percent signs.
    service=$(printf '%s' "$home/harken" | sed 's/[\\"`$]/\\&/g; s/\\/\\\\/g')
    rm -f -- "$2"
    while IFS= read -r line; do
        case $line in
            Exec=harken-key*) printf 'Exec="%s-key"%s\n' "$quoted" "${line#Exec=harken-key}" ;;
            Exec=harken*) printf 'Exec="%s"%s\n' "$quoted" "${line#Exec=harken}" ;;
            Exec=*/usr/bin/harken) printf '%s "%s"\n' "${line% *}" "$service" ;;
            TryExec=*) printf 'TryExec=%s\n' "$escaped" ;;
            *) printf '%s\n' "$line" ;;
        esac
    done <"$1" >"$2"
}

refresh() { # the desktop's own memory of icons, where it keeps one
    if command -v gtk-update-icon-cache >/dev/null && [ -f "$share/icons/hicolor/icon-theme.cache" ]; then
        gtk-update-icon-cache -q -t "$share/icons/hicolor" || true
    fi
}

read_list() { # the list; those of older versions begin at the prefix
    while IFS= read -r path; do
        case $path in
            /*) printf '%s\n' "$path" ;;
            ?*) printf '%s/%s\n' "$prefix" "$path" ;;
        esac
    done <"$list"
}

remove_files() { # those of standard input that are files
    while IFS= read -r path; do
        case $path in
            */) ;;
            "$prefix/bin/harken" | "$prefix/bin/harken-key")
                if [ -L "$path" ] && is_our_link "$path"; then rm -f -- "$path"; fi
                ;;
            *) rm -f -- "$path" || true ;; # a folder of that name is not Harken's
        esac
    done
}

remove_home() { # what an older version has put into $home without listing it
    for name in $names; do rm -rf -- "${home:?}/$name"; done
}

is_older() { # an older version is installed, which did not list what is in $home
    [ -f "$home/install.sh" ] && [ -d "$home/_internal" ] && ! grep -qs "^/.*/lib/harken/_internal/" "$list"
}

remove() {
    if [ ! -f "$list" ] && ! is_older; then
        rmdir -- "$home" 2>/dev/null || true # made, and broken off before anything else
        echo "Harken is not installed in $home."
        return
    fi
    if [ -f "$list" ]; then
        read_list | remove_files
    else # not even the rest was listed
        shared | while IFS= read -r _ && IFS= read -r path; do printf '%s\n' "$path"; done | remove_files
        printf '%s\n' "$prefix/bin/harken" "$old_entry" | remove_files
    fi
    if is_older; then remove_home; fi
    folders=$(grep -s '/$' "$list" | sort -r || true)
    rm -f -- "$list" "$list.now" "$list.new"
    printf '%s\n' "$folders" "$home" | while IFS= read -r folder; do
        rmdir -- "$folder" 2>/dev/null || true # one that holds something else stays
    done
    refresh
    echo "Harken was removed."
}

is_in_the_way() { # a file of somebody's where one of Harken's is to be
    # shellcheck disable=SC2086
    (cd -- "$here" && find $names ! -type d) | while IFS= read -r file; do
        if [ -e "$home/$file" ]; then echo "$file"; fi
    done | grep -q .
}

refuse() {
    echo "$1" >&2
    exit 2
}

install() {
    [ "$here" != "$home" ] || refuse "Harken is installed in $home. Run this script from the folder of a new version."
    case $home$share in *"$newline"*) refuse "Harken can't be installed in a folder with a line break in its name." ;; esac
    is_unlisted=
    if is_older; then
        if [ ! -f "$list" ]; then
            is_unlisted=yes
            rm -f -- "$old_entry"
        fi
        remove_home
    elif [ ! -f "$list" ] && is_in_the_way; then
        refuse "There is another program in $home. Choose another folder with PREFIX=…"
    fi
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    trap '[ $? -eq 0 ] || echo "Harken is only partly installed. Run this again to finish, or with --remove to undo it." >&2' EXIT
    rm -f -- "$list.now" "$list.new"
    if [ -f "$list" ]; then
        read_list >"$list.new"
        mv -- "$list.new" "$list"
    fi
    make_folder "$home"
    note "$home/harken"
    for name in $names; do
        if [ -d "$here/$name" ]; then place_tree "$name"; else place "$here/$name" "$home/$name"; fi
    done
    shared | while IFS= read -r file && IFS= read -r path; do
        case $file in
            applications/* | dbus-1/*) place_entry "$here/share/$file" "$path" ;;
            *) place "$here/share/$file" "$path" ;;
        esac
    done
    for name in $programs; do
        may_write "$prefix/bin/$name" || continue
        make_folder "$prefix/bin"
        note "$prefix/bin/$name"
        ln -sf "../lib/harken/$name" "$prefix/bin/$name"
    done
    # What an older version had and this one has not.
    { grep -vxF -f "$list.now" "$list" || true; } | remove_files
    { grep '/$' "$list" || true; grep -v '/$' "$list.now"; } | sort -u >"$list.new"
    mv -- "$list.new" "$list"
    rm -f -- "$list.now"
    refresh
    echo "Harken is installed. Start it from the menu, or run “$prefix/bin/harken --help” to see its commands."
}

case ${1:-} in
    "") install ;;
    --remove) remove ;;
    --purge)
        if [ -x "$home/harken" ]; then "$home/harken" purge --yes; fi
        remove
        ;;
    *) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
