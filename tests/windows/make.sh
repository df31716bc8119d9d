#!/usr/bin/env bash
# Makes the Windows in which tests run Harken, and prints where it is: `tests/windows/make.sh`. It is Wine with a Python
# 3.11 for Windows and Harken's dependencies as built for Windows. `make.sh library` prints only where the standard
# library is that it takes for it, and ends with 1 where there is none.
#
# It is kept in HARKEN_TEST_WINDOWS, or else in the user's cache; each list of packages has a folder of its own, and a
# second call finds it there and ends at once. `packaging/setup.sh windows` has installed what it needs. Nothing of it is
# ever part of a package. What every program said is beside it, in a file that ends with .log.
set -Eeuo pipefail
here=$(cd "$(dirname "$0")" && pwd)
requirements=$here/../../packaging/requirements
venv=$here/../../.venv/bin/python
all=${HARKEN_TEST_WINDOWS:-${XDG_CACHE_HOME:-$HOME/.cache}/harken/windows}
log=$all.log

say() { printf 'harken test windows: %s\n' "$*" >&2; }

failed() {
    say "it could not be made: $doing failed. All that was said is in $log; its end:"
    tail -n 5 "$log" >&2
    exit 1
}

# The standard library is this machine's own, of the same minor version as the interpreter.
library() {
    for python in "$venv" python3.11 /usr/bin/python3 python3; do
        "$python" -c 'import sys, sysconfig; sys.exit(sys.version_info[:2] != (3, 11) or print(sysconfig.get_path("stdlib")))' 2>/dev/null && return
    done
    say "it needs a Python 3.11, for its standard library."
    return 1
}

interpreter() {
    mkdir -p "$new/wheels" "$new/python/DLLs" "$new/python/Lib/site-packages"
    "${pip[@]}" download "${windows[@]}" --dest "$new/wheels" --requirement "$here/tools.txt"
    "$venv" - "$new" "$1" <<'PY'
import shutil, sys, zipfile
from pathlib import Path

new, library = map(Path, sys.argv[1:])
with zipfile.ZipFile(next((new / "wheels").glob("panda3d-*.whl"))) as wheel:
    for name in wheel.namelist():
        where, _, file = name.partition("deploy_libs/")
        if where or not file or file.startswith("api-ms-") or file[:2] in ("tc", "tk"):
            continue
        is_beside = file.lower() in ("python311.dll", "vcruntime140.dll")
        (new / "python" / ("" if is_beside else "DLLs") / file).write_bytes(wheel.read(name))
left_out = ("lib-dynload", "test", "idlelib", "config-3*", "site-packages", "dist-packages", "__pycache__")
shutil.copytree(library, new / "python/Lib", ignore=shutil.ignore_patterns(*left_out), dirs_exist_ok=True)
PY
    rm -r "$new/wheels"
    x86_64-w64-mingw32-gcc -O2 -s -municode -o "$new/python/python.exe" "$here/python.c"
    x86_64-w64-mingw32-gcc -O2 -s -municode -mwindows -o "$new/python/pythonw.exe" "$here/python.c"
}

packages() {
    "$venv" "$here/packages.py" "$requirements/test.txt" >"$new/packages.txt"
    "${pip[@]}" install "${windows[@]}" --no-compile --target "$new/python/Lib/site-packages" --requirement "$new/packages.txt"
    grep -A 2 '^pefile==' "$requirements/package.txt" | sed 's/;[^\\]*//; $s/\\$//' >"$new/tools.txt"
    "${pip[@]}" install --no-deps --require-hashes --target "$new/tools" --requirement "$new/tools.txt"
    PYTHONPATH=$new/tools "$venv" "$here/lacking.py" "$new"
    echo 'C:\harken' >"$new/python/Lib/site-packages/harken.pth"
}

there() {
    export WINEPREFIX=$new/prefix WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=" HOME=$new/home XDG_RUNTIME_DIR=$new/runtime
    unset DISPLAY WAYLAND_DISPLAY "${!PYTHON@}"
}

# An empty Windows, which each run of tests copies. It says that it is Windows 10.
prefix() {
    mkdir -m 700 "$new/home" "$new/runtime"
    there
    wineboot -i && wine winecfg -v win10
    wineserver -w
    ln -sfn "$all/$name/python" "$WINEPREFIX/drive_c/py"
}

# Others' modules, so that no run has to compile them: half of what a process takes to start. Not this checkout's own.
compiled() {
    there
    ln -sfn "$new/python" "$WINEPREFIX/drive_c/py"
    ln -sfn "$(cd "$here/../.." && pwd)" "$WINEPREFIX/drive_c/harken"
    mkdir "$WINEPREFIX/drive_c/pycache"
    export PYTHONPYCACHEPREFIX='C:\pycache'
    (cd "$WINEPREFIX/drive_c/harken" &&
        timeout 300 wine 'C:\py\python.exe' 'C:\harken\tests\windows\compiling.py' 'C:\compiled.txt' </dev/null >/dev/null 2>&1) ||
        { cat "$WINEPREFIX/drive_c/compiled.txt"; return 1; }
    wineserver -k
    wineserver -w
    rm -r "$WINEPREFIX/drive_c"/{harken,pycache/harken,compiled.txt}
    ln -sfn "$all/$name/python" "$WINEPREFIX/drive_c/py"
}

if [ "${1:-}" = library ]; then
    library
    exit
fi
name=$(cat "$here"/{make.sh,compiling.py,lacking.py,packages.py,python.c,tools.txt} "$requirements/test.txt" | sha256sum | cut -c 1-16)
mkdir -p "$all"
exec 9>"$all.lock"
flock 9 # one maker at a time
if [ ! -e "$all/$name" ]; then
    doing="looking at this machine"
    for program in wine wineboot wineserver x86_64-w64-mingw32-gcc; do
        command -v "$program" >/dev/null || { say "it needs $program: run packaging/setup.sh windows"; exit 1; }
    done
    stdlib=$(library)
    : >"$log"
    trap failed ERR
    find "$all" -mindepth 1 -maxdepth 1 -mtime +7 -exec rm -rf {} +
    new=$all/new
    rm -rf "$new"
    mkdir -p "$new"
    pip=("$venv" -m pip --quiet --disable-pip-version-check)
    windows=(--no-deps --only-binary=:all: --platform win_amd64 --python-version 3.11 --implementation cp --require-hashes)
    doing="making an empty Windows"
    (trap - ERR; prefix) 9>&- >>"$log" 2>&1 </dev/null &
    prefix=$!
    doing="putting Python together"
    interpreter "$stdlib" >>"$log" 2>&1
    doing="installing packages"
    packages >>"$log" 2>&1
    doing="making an empty Windows"
    wait "$prefix"
    cp "$new/lacking/bcryptprimitives.dll" "$new/prefix/drive_c/windows/system32/"
    doing="compiling Python's modules in it"
    (trap - ERR; compiled) 9>&- >>"$log" 2>&1 </dev/null
    mv "$new" "$all/$name"
    say "made in $SECONDS s"
fi
touch "$all/$name"
echo "$all/$name"
