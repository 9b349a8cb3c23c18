"""The files that travel with the package: the grammar and the policies, installed or in a checkout."""

from __future__ import annotations

from pathlib import Path


def folder(name: str) -> Path | None:
    """The shipped folder ``grammar`` or ``policies``: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    for place in (package / name, package.parent / name):
        if place.is_dir():
            return place
    return None


def policies() -> dict[str, Path]:
    """The shipped policies, by file name without ending."""
    place = folder("policies")
    return {path.stem: path for path in sorted(place.glob("*.pol"))} if place else {}


def find_policy(name: str) -> Path | None:
    """The shipped policy of that name, with or without ``.pol``."""
    return policies().get(name.removesuffix(".pol"))


def policy_meant(name: str) -> Path | None:
    """The file that a name means: a shipped policy by its bare name, whatever lies in the folder; else the path, if
    there is one; else a shipped policy with its ending."""
    path, shipped = Path(name), find_policy(name)
    if shipped is not None and (shipped.stem == name or not path.exists()):
        return shipped
    return path if path.exists() else None


def style_sheet() -> str:
    """The style sheet of the HTML pages."""
    return (Path(__file__).parent / "render" / "page.css").read_text(encoding="utf-8")
