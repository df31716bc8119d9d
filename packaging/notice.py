"""The notice file and the bill of materials (CycloneDX) of what contents.py found in a bundle."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from contents import Component

_RULE = "-" * 78


def notice(components: Iterable[Component], version: str) -> str:
    """Who made what is inside, and under which licence; every text once."""
    parts = [
        f"Harken {version} is free software under the GNU General Public License, version 3 or later (see LICENSE).",
        "It contains the work of others, under the licences that are named and printed below. The source of each can",
        "be had at the address its package URL stands for.\n",
    ]
    known: dict[str, str] = {}  # text: where it stands
    listed, texts = [], []
    for component in components:
        listed.append(f"{component.name} {component.version}\n    {component.licence}\n    {component.purl}")
        for name, text in component.texts.items():
            where = f"{component.name}: {name}"
            if text.strip() in known:
                texts.append(f"{_RULE}\n{where}\n    the same as {known[text.strip()]}\n")
            elif text.strip():
                known[text.strip()] = where
                texts.append(f"{_RULE}\n{where}\n\n{text.strip()}\n")
    return "\n".join([*parts, *listed, "", *texts])


def sbom(components: Iterable[Component], version: str, epoch_s: int) -> str:
    """The bill of materials, CycloneDX 1.6 as JSON. The same components give the same text."""
    rows = [_row(component) for component in components]
    serial = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps([version, rows], sort_keys=True))
    bom = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(epoch_s, UTC).isoformat(),
            "component": {
                "type": "application",
                "bom-ref": "harken",
                "name": "harken",
                "version": version,
                "licenses": [{"license": {"id": "GPL-3.0-or-later"}}],
            },
        },
        "components": rows,
        "dependencies": [{"ref": "harken", "dependsOn": [row["bom-ref"] for row in rows]}],
    }
    return json.dumps(bom, indent=2) + "\n"


def _row(component: Component) -> dict[str, Any]:
    return {
        "type": "library",
        "bom-ref": component.purl,
        "name": component.name,
        "version": component.version,
        "purl": component.purl,
        "licenses": [_licence(component.licence)],
    }


def _licence(spdx: str) -> dict[str, Any]:
    if spdx.startswith("LicenseRef"):
        return {"license": {"name": spdx}}
    return {"expression": spdx}


def debian_copyright(components: Iterable[Component], year: int) -> str:
    """Debian's copyright file: Harken's own, and a line for each thing inside; NOTICE has their texts."""
    inside = "\n".join(f"   {c.name} {c.version}: {c.licence}" for c in components if c.kind != "deb")
    return f"""Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: harken

Files: *
Copyright: {year} The Harken maintainers
License: GPL-3.0-or-later
Comment: /usr/lib/harken contains the work of others, whose copyright notices and
 licences are in /usr/share/doc/harken/NOTICE.gz:
 .
{inside}

License: GPL-3.0-or-later
 This program is free software: you can redistribute it and/or modify it
 under the terms of the GNU General Public License as published by the Free
 Software Foundation, either version 3 of the License, or (at your option)
 any later version.
 .
 On Debian systems its text is in /usr/share/common-licenses/GPL-3.
"""
