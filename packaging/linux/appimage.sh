#!/bin/sh
# Makes an AppImage of the bundle. Never run: appimagetool and its runtime are not to be had from a package registry.
#
#   APPIMAGETOOL=/path/to/appimagetool packaging/linux/appimage.sh      after `make package`
set -eu
cd "$(dirname "$0")/../.."
tool=${APPIMAGETOOL:-appimagetool}
id=$(sed -n 's/^APP_ID = "\(.*\)"/\1/p' reader/support/app_id.py)
version=$(sed -n 's/^__version__ = "\(.*\)"/\1/p' reader/__init__.py)
folder=build/Harken.AppDir
rm -rf "$folder"
mkdir -p "$folder/usr/bin" "$folder/usr/lib"
cp -a build/bundle/harken "$folder/usr/lib/harken"
cp -a build/share "$folder/usr/share"
ln -s ../lib/harken/harken ../lib/harken/harken-key "$folder/usr/bin/"
ln -s usr/lib/harken/harken "$folder/AppRun"
cp "build/share/applications/$id.desktop" build/share/icons/hicolor/scalable/apps/harken.svg "$folder"
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct) "$tool" "$folder" "dist/Harken-$version-$(uname -m).AppImage"
