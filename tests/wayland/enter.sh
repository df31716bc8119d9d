#!/bin/sh
# Run as root in mount and pid namespaces of its own, so that nothing it mounts or starts outlives it:
# `enter.sh ROOT SOURCE FOLDER DESKTOP`. SOURCE becomes /src of the root, read-only, and FOLDER its /desk.
set -eu
root=$1 source=$2 folder=$3 desktop=$4
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mkdir -m 1777 "$root/tmp/.X11-unix"
mount --bind "$source" "$root/src"
mount -o remount,bind,ro "$root/src"
mount --bind "$folder" "$root/desk"
install -d -m 1777 "$root/var/tmp/bytecode"
ulimit -r 20 2>/dev/null || true
# Not exec: what changes its user is no longer killed with its parent, and with this shell everything is.
chroot --userspec=1000:1000 "$root" /usr/bin/env -i PATH=/usr/bin:/bin USER=tester /bin/bash /src/tests/wayland/session.sh "$desktop"
exit
