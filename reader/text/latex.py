"""Turns a LaTeX formula into readable text: signs instead of commands, and no braces. Pure."""

from __future__ import annotations

import re

_SIGNS = {
    "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "neq": "≠", "ne": "≠", "approx": "≈", "times": "×", "cdot": "×",
    "div": "÷", "pm": "±", "to": "→", "rightarrow": "→", "Rightarrow": "⇒", "infty": "∞", "in": "∈", "sum": "∑",
    "forall": "∀", "exists": "∃", "ldots": "…", "dots": "…", "cdots": "…", "lt": "<", "gt": ">", "quad": " ",
    "qquad": " ", "left": "", "right": "", "displaystyle": "", "limits": "", "text": "", "mathrm": "", "mathbf": "",
    "mathit": "", "mathcal": "", "mathbb": "", "operatorname": "", "hat": "", "bar": "", "vec": "", "tilde": "",
}  # fmt: skip
_GREEK = (
    "alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|upsilon|phi|chi|psi|"
    "omega"
)
# Commands outside a formula, as they appear in text copied from one.
BARE = re.compile(
    r"\\[dt]?frac\s*\{[^{}\n]{1,100}\}\s*\{[^{}\n]{1,100}\}|\\sqrt\s*\{[^{}\n]{1,100}\}"
    rf"|\\(?:leq|geq|neq|approx|times|cdot|infty|forall|exists|rightarrow|Rightarrow|sum|int|(?i:{_GREEK}))(?![A-Za-z])"
)
# Document commands: those that wrap readable text, and those meant only for the computer.
AROUND = re.compile(
    r"\\(?:(?:sub)*section|chapter|(?:sub)?paragraph|title|author|emph|text(?:bf|it|tt|sc|rm|sf)|underline|caption|footnote)"
    r"\*?\{(?P<text>[^{}\n]{1,300})\}"
)
FOR_COMPUTERS = re.compile(
    r"\\item(?:\[[^\]\n]{0,200}\])?\s*|~?\\(?:[Cc]ite[pt]?|(?:eq|page|auto|c)?ref|label|includegraphics|input|usepackage|documentclass|begin|end"
    r"|bibliography(?:style)?|[vh]space)\*?(?:\[[^\]\n]{0,200}\])?\{[^{}\n]{0,200}\}"
)
_FRACTION = re.compile(r"\\[dt]?frac\s*\{([^{}]{1,100})\}\s*\{([^{}]{1,100})\}")
_ROOT = re.compile(r"\\sqrt\s*\{([^{}]{1,100})\}")
_SMALL = re.compile(r"(?P<where>[_^])(?:\{(?P<many>[^{}]{1,60})\}|(?P<one>[\w+-]))")
_DEGREES = re.compile(r"\s?\^\s?(?:\{\s*\\circ\s*\}|\\circ(?![a-z]))\s*")
_BOXED = re.compile(r"\\(?:boxed|fbox|mbox|overline|underline|mathrm|text)(?=\s*\{)")
_COMMAND = re.compile(r"\\([A-Za-z]+)\s*|\\[,;:! ]")
_RAISED = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_MOST_NESTED = 4


def plain(formula: str) -> str:
    """Return the formula as one line. Never raises."""
    formula = _BOXED.sub("", _DEGREES.sub("° ", formula))
    for _ in range(_MOST_NESTED):
        formula = _SMALL.sub(_small, formula)
        formula = _ROOT.sub(r"√ \1 ", formula)
        formula = _FRACTION.sub(r" \1 / \2 ", formula)
        formula = re.sub(r"(?<=[\w ])\{([^{}\\]{0,100})\}|(?<!\w)\{([^{}\\]{0,100})\}", r"\1\2", formula)
    formula = _COMMAND.sub(_command, formula)
    return " ".join(formula.replace("{", "").replace("}", "").replace("&", " ").replace("\\", " ").split())


def _small(m: re.Match[str]) -> str:
    inside = m["many"] or m["one"]
    if m["where"] == "_":
        return inside.translate(_LOWERED) if inside.isdecimal() and inside.isascii() else f" {inside} "
    if re.fullmatch(r"-?[0-9]+", inside):
        return inside.translate(_RAISED)
    return f" ^ {inside} "


def _command(m: re.Match[str]) -> str:
    name = m[1] or ""
    return f" {_SIGNS.get(name, name)} "
