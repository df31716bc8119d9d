"""The proxy in the desktop's own settings: GNOME's and those of desktops that share them, KDE's, Windows', macOS's.

Core thread only.
"""

from __future__ import annotations

import ast
import asyncio
import configparser
import os
import re
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from reader.errors import DesktopError
from reader.gsettings import gsettings
from reader.support.i18n import translate

_LIMIT_S = 2.0
_SCRIPT = "the desktop's proxy is set by a script (automatic configuration), which Harken can't run: set HTTPS_PROXY"
# KDE's numbers for its kinds of proxy.
_MANUAL, _SCRIPTS, _VARIABLES = "1", ("2", "3"), "4"


@dataclass(frozen=True, slots=True)
class DesktopProxy:
    """The desktop's proxy settings. `without` is a list as in NO_PROXY; `remark` is for `harken doctor`."""

    address: str = ""
    source: str = ""
    without: str = ""
    remark: str = ""


def _source() -> str:
    return translate("reader", "the desktop's settings")


async def desktop_proxy() -> DesktopProxy:
    """Ask the desktop. Never raises: a desktop that does not answer counts as having no proxy."""
    if sys.platform in ("win32", "darwin"):
        return await asyncio.to_thread(_of_system)
    if "KDE" in os.environ.get("XDG_CURRENT_DESKTOP", "").split(":"):
        config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "kioslaverc"
        return await asyncio.to_thread(_of_kde, config)
    try:
        listed = await gsettings("list-recursively", "org.gnome.system.proxy", limit_s=_LIMIT_S)
    except DesktopError:
        return DesktopProxy()
    return of_gnome(listed)


def _of_system() -> DesktopProxy:
    """From Windows' registry or macOS's system configuration."""
    import urllib.request  # slow to import, and needed only on these systems

    found = urllib.request.getproxies()
    address = found.get("https", "")
    return DesktopProxy(address, _source(), _exceptions()) if address else DesktopProxy()


def _exceptions() -> str:
    """The hosts that the system reaches directly, in the format of NO_PROXY."""
    if sys.platform == "win32":
        import winreg

        with suppress(OSError):
            path = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings"
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, path) as key:
                listed = str(winreg.QueryValueEx(key, "ProxyOverride")[0])
                return listed.replace("<local>", "localhost").replace(";", ",")
    elif sys.platform == "darwin":
        from _scproxy import _get_proxy_settings  # type: ignore[import-not-found]

        return ",".join(map(str, _get_proxy_settings().get("exceptions", ())))
    return ""


def of_gnome(listed: str) -> DesktopProxy:
    """Parse the output of `gsettings list-recursively org.gnome.system.proxy`."""
    values: dict[tuple[str, str], object] = {}
    for line in listed.splitlines():
        schema, _, rest = line.partition(" ")
        key, _, value = rest.partition(" ")
        values[schema.removeprefix("org.gnome.system.proxy").lstrip("."), key] = _value(value)
    if values.get(("", "mode")) == "auto":
        return DesktopProxy(remark=_SCRIPT)
    if values.get(("", "mode")) != "manual":
        return DesktopProxy()
    # As GNOME's own programs do: the HTTP proxy serves every protocol without one, and takes precedence over SOCKS.
    schemes = ["https", "socks"]
    if values.get(("", "use-same-proxy"), True):
        schemes.insert(1, "http")
    for scheme in schemes:
        host, port = values.get((scheme, "host")), values.get((scheme, "port"))
        if host and port:
            user = _user(values) if host == values.get(("http", "host")) else ""
            ignored = values.get(("", "ignore-hosts"))
            without = ",".join(map(str, ignored)) if isinstance(ignored, list) else ""
            kind = "socks" if scheme == "socks" else "http"
            return DesktopProxy(f"{kind}://{user}{host}:{port}", _source(), without)
    return DesktopProxy()


def _user(values: dict[tuple[str, str], object]) -> str:
    if not values.get(("http", "use-authentication")):
        return ""
    name, password = (values.get(("http", f"authentication-{what}")) or "" for what in ("user", "password"))
    return f"{quote(str(name), safe='')}:{quote(str(password), safe='')}@"


def _value(text: str) -> object:
    """A value as GLib prints it: Python's syntax except for a few words."""
    text = re.sub(r"^@as |^u?int\d+ ", "", text)
    try:
        return {"true": True, "false": False}[text] if text in ("true", "false") else ast.literal_eval(text)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):  # everything that literal_eval may raise
        return text


def _of_kde(path: Path) -> DesktopProxy:
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    try:
        parser.read(path, "utf-8")
        values = dict(parser["Proxy Settings"])
    except (configparser.Error, KeyError, OSError, ValueError):
        return DesktopProxy()
    kind = values.get("ProxyType", "0")
    if kind in _SCRIPTS:
        return DesktopProxy(remark=_SCRIPT)
    address, without = values.get("httpsProxy", ""), values.get("NoProxyFor", "")
    if kind == _VARIABLES:  # the settings then hold the names of environment variables
        address, without = os.environ.get(address, ""), os.environ.get(without, "")
    elif kind != _MANUAL:
        return DesktopProxy()
    # Written as "http://proxy.example 8080".
    address = re.sub(r"\s+(\d+)$", r":\1", address.strip())
    return DesktopProxy(address, _source(), without) if address else DesktopProxy()
