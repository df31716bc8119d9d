#!/usr/bin/env bash
# Writes packaging/constraints.txt: the versions that a fresh installation of everything gets today.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
pip=("$folder/venv/bin/python" -m pip --quiet --disable-pip-version-check)
"${pip[@]}" install hatchling editables markdown-it-py
"${pip[@]}" install --no-build-isolation --editable ".[test,package]"
"${pip[@]}" install --no-deps pynput six
{
    echo "# What Harken is tested with. Made by \`make constraints\`; goes with any index."
    "${pip[@]}" freeze --exclude-editable --exclude pip --exclude setuptools
} >packaging/constraints.txt
