"""Makes what Python, numpy and Qt expect of Windows and Wine 8 to 10 lack: `lacking.py FOLDER`. Needs pefile and mingw.

- python3.dll: forwards the stable ABI to python311.dll. PySide6, cryptography and protobuf want it.
- numpy-crt-math-for-wine-1.dll: the C library's complex functions, which numpy looks at when it is imported and Wine
  has as stubs that abort. numpy's modules are patched to take theirs from here.
- icuuc.dll: knows no character set. Qt's core wants Windows' ICU, for legacy character sets only.
- bcryptprimitives.dll: random numbers, for modules written in Rust. It is to be put into system32.

For tests only: nothing of this is ever part of a package.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pefile  # type: ignore[import-not-found]  # installed beside, by make.sh

_MATH, _OURS = b"api-ms-win-crt-math-l1-1-0.dll", b"numpy-crt-math-for-wine-1.dll"
_OF_ONE = "ccos ccosh cexp csin csinh ctan ctanh clog csqrt cacos casin catan cacosh casinh catanh conj cproj"
_REAL = "cabs carg cimag creal"
_ENTRY = "int __stdcall entry(void *a, int b, void *c) { return 1; }\n"
_RANDOM = """#include <windows.h>
BOOLEAN NTAPI SystemFunction036(void *, ULONG);
BOOL WINAPI ProcessPrng(unsigned char *bytes, size_t count) { return SystemFunction036(bytes, (ULONG)count); }
"""


def main(folder: Path) -> None:
    """Make all of them below a folder that has `python` in it."""
    python, made = folder / "python", folder / "lacking"
    made.mkdir(exist_ok=True)
    forwarded = [f'"{name}" = "python311.{name}"' for name in _exports(python / "python311.dll")]
    _make(python / "python3.dll", made, _ENTRY, forwarded, "-nostdlib", "-e", "entry")
    _math(python, made)
    _icu(python, made)
    _make(made / "bcryptprimitives.dll", made, _RANDOM, ["ProcessPrng"])


def _math(python: Path, made: Path) -> None:
    # `long double` is `double` there. Structures, because compilers differ in how they return complex numbers.
    lines = ["#include <complex.h>", "typedef struct { double r, i; } D;", "typedef struct { float r, i; } F;"]
    exported = []

    def function(name: str, parameters: str, call: str, *, is_real: bool) -> None:
        for kind, suffix in (("D", ""), ("F", "f")):
            takes = ", ".join(f"{kind} {p}" for p in parameters)
            if is_real:
                lines.append(f"{'double' if kind == 'D' else 'float'} s_{name}{suffix}({takes}) {{ return {call}; }}")
            else:
                body = f"double _Complex c = {call}; {kind} o = {{creal(c), cimag(c)}}; return o;"
                lines.append(f"{kind} s_{name}{suffix}({takes}) {{ {body} }}")
        exported.extend([f"{name} = s_{name}", f"{name}f = s_{name}f", f"{name}l = s_{name}"])

    for name in _OF_ONE.split():
        function(name, "z", f"{name}(z.r + z.i * I)", is_real=False)
    for name in _REAL.split():
        function(name, "z", f"{name}(z.r + z.i * I)", is_real=True)
    function("cpow", "ab", "cpow(a.r + a.i * I, b.r + b.i * I)", is_real=False)
    ours = {line.partition(" ")[0] for line in exported}
    wanted: set[str] = set()
    for module in (python / "Lib/site-packages/numpy").rglob("*.pyd"):
        if needed := _imports(module, _MATH):
            wanted |= needed
            module.write_bytes(module.read_bytes().replace(_MATH + b"\0", _OURS.ljust(len(_MATH) + 1, b"\0")))
    exported += [f"{name} = ucrtbase.{name}" for name in sorted(wanted - ours)]
    _make(python / _OURS.decode(), made, "\n".join(lines) + "\n", exported, "-fcx-limited-range")


def _icu(python: Path, made: Path) -> None:
    names = _imports(python / "Lib/site-packages/PySide6/Qt6Core.dll", b"icuuc.dll")
    special = {
        "ucnv_open": "void *ucnv_open(const char *name, int *error) { *error = 4; return 0; }",
        "ucnv_getAvailableName": "void *ucnv_getAvailableName(int which) { return 0; }",
    }
    lines = [special.get(name, f"int {name}(void) {{ return 0; }}") for name in sorted(names)]
    _make(python / "icuuc.dll", made, "\n".join(lines) + "\n", sorted(names))


def _exports(file: Path) -> list[str]:
    pe = pefile.PE(str(file), fast_load=True)
    pe.parse_data_directories([pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_EXPORT"]])
    return [symbol.name.decode() for symbol in pe.DIRECTORY_ENTRY_EXPORT.symbols if symbol.name]


def _imports(file: Path, library: bytes) -> set[str]:
    pe = pefile.PE(str(file), fast_load=True)
    pe.parse_data_directories([pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_IMPORT"]])
    found = (entry for entry in getattr(pe, "DIRECTORY_ENTRY_IMPORT", []) if entry.dll.lower() == library.lower())
    return {name.name.decode() for entry in found for name in entry.imports if name.name}


def _make(out: Path, made: Path, source: str, exported: list[str], *more: str) -> None:
    code, definitions = made / f"{out.stem}.c", made / f"{out.stem}.def"
    code.write_text(source)
    definitions.write_text(f"LIBRARY {out.name}\nEXPORTS\n" + "".join(f"{line}\n" for line in exported))
    command = ["x86_64-w64-mingw32-gcc", "-shared", "-O2", "-s", "-static-libgcc", "-w", *more]
    subprocess.run([*command, "-o", out, code, definitions, "-ladvapi32"], check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
