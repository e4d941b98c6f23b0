"""What compose.yaml and the Dockerfile say, read without an engine: as much of YAML as compose.yaml uses, and no more."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def read_yaml(text: str) -> dict[str, Any]:
    """Nested mappings of texts and JSON lists, `&name` on a mapping and `<<: *name` in one; anything else is an error."""
    top: dict[str, Any] = {}
    open_at: list[tuple[int, dict[str, Any]]] = [(-1, top)]
    anchors: dict[str, dict[str, Any]] = {}
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        found = re.fullmatch(r"( *)([\w<-][\w<-]*):(?: (.*))?", line)
        if found is None:
            raise ValueError(f"not read here: {line!r}")
        indent, key, value = len(found[1]), found[2], found[3] or ""
        while open_at[-1][0] >= indent:
            open_at.pop()
        inside = open_at[-1][1]
        if key == "<<":
            inside.update(anchors[value.removeprefix("*")])
        elif not value or value.startswith("&"):
            inside[key] = {}
            open_at.append((indent, inside[key]))
            anchors[value.removeprefix("&")] = inside[key]
        else:
            inside[key] = json.loads(value) if value.startswith("[") else value
    return top


def compose() -> dict[str, Any]:
    """compose.yaml."""
    return read_yaml((ROOT / "compose.yaml").read_text())


def instruction(name: str) -> str:
    """What the last instruction of that name in the Dockerfile says, its lines joined."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    found: list[str] = re.findall(rf"^{name}\s+(.+)$", text, re.MULTILINE)
    return found[-1].strip()


def image_environment() -> dict[str, str]:
    """What the image sets."""
    return dict(re.findall(r'([A-Z_]+)="?([^"\s]+)"?', instruction("ENV")))
