#!/usr/bin/env bash
# Keeps the translations in resources/translations; docs/translating.md says how to make one.
#
#   translations.sh update [LANGUAGE]   gather the texts of reader/ and ui/ into every .ts file, and into a new one
#                                       for LANGUAGE, then compile
#   translations.sh compile             make of each .ts that is newer than its .qm the .qm, which Qt loads
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:?update or compile}
tools=$PWD/.venv/bin
folder=resources/translations

compile() {
    for source in "$folder"/harken_*.ts; do
        made=${source%.ts}.qm
        [ "$made" -nt "$source" ] || "$tools/pyside6-lrelease" -silent "$source" -qm "$made"
    done
}

gather() {
    "$tools/pyside6-lupdate" -silent "$texts" -no-obsolete -locations none -source-language en "$@"
}

update() {
    texts=$(mktemp --suffix .py)
    trap 'rm -f "$texts"' EXIT
    "$tools/python" packaging/texts.py "$texts"
    if [ -n "$1" ]; then gather -ts "$folder/harken_$1.ts"; fi
    for source in "$folder"/harken_*.ts; do
        if [ "$source" = "$folder/harken_en.ts" ]; then
            gather -pluralonly -ts "$source"  # the other texts are English where they stand
        else
            gather -ts "$source"
        fi
    done
}

case $what in
    update) update "${2:-}"; compile ;;
    compile) compile ;;
    *) echo "translations.sh: update or compile" >&2; exit 2 ;;
esac
