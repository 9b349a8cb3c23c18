"""The data files of the package: written as YAML, shipped as JSON too, which is read ten times as fast.

``python -m policydsl.text.build_tables`` makes ``NAME.json`` of ``NAME.yaml``. At run time the JSON is used while it is
that of the YAML beside it; a file that was edited since is read as it stands.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
NAMES = ("catalogue", "words")


@cache
def load(name: str) -> dict[str, Any]:
    """The content of the data file ``name``."""
    source = (FOLDER / f"{name}.yaml").read_bytes()
    try:
        made = json.loads((FOLDER / f"{name}.json").read_bytes())
    except (OSError, ValueError):
        made = {}
    if made.get("fingerprint") != fingerprint(source):
        return parsed(source)
    content: dict[str, Any] = made["content"]
    return content


def fingerprint(source: bytes) -> str:
    """What the JSON depends on: the text, however its lines end."""
    return hashlib.sha256(source.replace(b"\r\n", b"\n")).hexdigest()


def parsed(source: bytes) -> dict[str, Any]:
    """The content of a YAML file."""
    import yaml

    data: dict[str, Any] = yaml.load(source.decode("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return data


def compiled(name: str) -> str:
    """The JSON of a data file: one line an entry, so that a change gives a readable diff."""
    source = (FOLDER / f"{name}.yaml").read_bytes()
    groups = []
    for key, group in parsed(source).items():
        entries = ",\n".join(f"{_flat(name)}:{_flat(entry)}" for name, entry in group.items())
        groups.append(f"{_flat(key)}:{{\n{entries}\n}}")
    return f'{{"fingerprint":"{fingerprint(source)}","content":{{\n' + ",\n".join(groups) + "\n}}\n"


def _flat(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
