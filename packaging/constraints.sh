#!/usr/bin/env bash
# Writes packaging/requirements/*.txt: every version that an installation gets, for each system and Python, with the
# hashes of its files. `constraints.sh` takes what is newest today, `constraints.sh keep` only what is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check uv
lists=packaging/requirements
compile() { # NAME OPTION...: from all that is asked for to packaging/requirements/NAME.txt
    name=$1
    shift
    "$folder/venv/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
        --no-annotate --no-emit-package evdev "$@" pyproject.toml $lists/tools.in --output-file "$lists/$name.txt"
}
[ "${1:-}" = keep ] || rm -f $lists/*.txt
compile package --extra test --extra package
# The others are parts of it, at the same versions.
grep -v -- '--hash' $lists/package.txt | sed 's/ \\$//' >"$folder/pins.txt"
compile test --extra test --constraint "$folder/pins.txt"
compile run --constraint "$folder/pins.txt"
