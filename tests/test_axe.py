"""The real pages in a real browser, by axe-core: no violation of WCAG 2.2 A and AA, light and dark, wide and narrow; on
paper: how many pages they take.

For the night: it needs Chromium, and fetches axe-core with npm; where one of the two is not to be had it says so and is
skipped. ``AXE`` names a copy of ``axe.min.js`` that is there already.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest
from hanging import HANG

from policydsl.cli import run

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.nightly
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync")
ASK = """
const asked = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"];
addEventListener("load", () => axe.run({runOnly: asked}).then(r => {
  const pre = document.createElement("pre");
  pre.id = "axe-found";
  pre.textContent = JSON.stringify(r.violations.map(v => [v.id, v.nodes.length, v.nodes[0].html]));
  document.body.append(pre);
}));
"""
INSPUR = ["explain", "2022_inspur"]
# A page, how wide the window is, whether the reader's system is dark.
PAGES = {
    "partner": ([*INSPUR, "examples/2022_inspur.yaml", "--format", "html"], 1200, False),
    "unfinished": ([*INSPUR, "examples/2022_inspur_unfinished.yaml", "--format", "html", "--lang", "en"], 500, True),
    "list": ([*INSPUR, "examples/2022_inspur.yaml", "examples/2022_inspur_unfinished.yaml", "--format", "html"], 1200,
             False),
    "list by phone, in the dark": (
        [*INSPUR, "examples/2022_inspur.yaml", "examples/2022_inspur_unfinished.yaml", "--format", "html"], 500, True),
    "handbook": (["doc", "tests/constructs/13_rewards.pol", "--as-of", "2022-12-31"], 1200, False),
}


@pytest.fixture(scope="module")
def browser() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None and shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], capture_output=True, timeout=HANG, check=False)
        found = shutil.which("chromium")
    if found is None:
        pytest.skip("no Chromium")
    return found


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    if os.environ.get("AXE"):
        return Path(os.environ["AXE"]).read_text("utf-8")
    npm, folder = shutil.which("npm"), tmp_path_factory.mktemp("axe")
    if npm is None:
        pytest.skip("no npm")
    packed = subprocess.run([npm, "pack", "--silent", "axe-core@4.10.3"], cwd=folder, capture_output=True, timeout=HANG,
                            check=False)
    if packed.returncode:
        pytest.skip("axe-core is not to be had")
    (archive,) = folder.glob("*.tgz")
    shutil.unpack_archive(archive, folder, "gztar")
    return (folder / "package" / "axe.min.js").read_text("utf-8")


def violations(html: str, axe: str, browser: str, folder: Path, *, width: int, dark: bool) -> list[object]:
    """What axe finds on the page, at a width, in a theme."""
    if dark:  # as if the reader's system were dark
        html = html.replace("(prefers-color-scheme: dark)", "all")
    path = folder / "asked.html"
    path.write_text(html.replace("</body>", f"<script>{axe}</script><script>{ASK}</script></body>"), "utf-8")
    made = subprocess.run(
        [browser, *FLAGS, f"--user-data-dir={folder / 'profile'}", f"--window-size={width},1400",
         "--virtual-time-budget=60000", "--dump-dom", path.as_uri()],
        capture_output=True, timeout=HANG, check=True,
    )
    found = re.search(r'<pre id="axe-found">(.*?)</pre>', made.stdout.decode("utf-8"), re.DOTALL)
    assert found is not None, made.stderr[-500:]
    out: list[object] = json.loads(unescape(found[1]))
    return out


def test_axe_is_asked(axe: str, browser: str, tmp_path: Path) -> None:
    """A page without a title and with grey on white is not let through."""
    bad = '<!doctype html><html><body><p style="color: #bbb">words</p></body></html>'
    found = {entry[0] for entry in violations(bad, axe, browser, tmp_path, width=1200, dark=False)}  # type: ignore[index]
    assert {"color-contrast", "document-title", "html-has-lang"} <= found


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(name: str, axe: str, browser: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    arguments, width, dark = PAGES[name]
    made = tmp_path / "page.html"
    assert run([*arguments, "-o", str(made)]) == 0
    html = (made / "index.html" if made.is_dir() else made).read_text("utf-8")
    assert violations(html, axe, browser, tmp_path, width=width, dark=dark) == []


SHEETS = sorted((ROOT / "examples").glob("*.yaml"))
POLICIES = sorted(path for path in (ROOT / "policies").glob("*.pol") if not path.stem.endswith(".en"))


def printed(made: Path, browser: str, folder: Path) -> int:
    """How many sheets of A4 a page takes."""
    paper = folder / "page.pdf"
    subprocess.run([browser, *FLAGS, f"--user-data-dir={folder / 'profile'}", "--no-pdf-header-footer",
                    f"--print-to-pdf={paper}", made.as_uri()], capture_output=True, timeout=HANG, check=True)
    return len(re.findall(rb"/Type /Page\n", paper.read_bytes()))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.stem)
def test_a_partner_prints_two_pages_and_an_annex(
    sheet: Path, browser: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    made = tmp_path / "page.html"
    policy = next(path.stem for path in POLICIES if sheet.stem.startswith(path.stem))
    assert run(["explain", policy, str(sheet), "--format", "html", "-o", str(made)]) == 0
    assert 1 <= printed(made, browser, tmp_path) <= 3


@pytest.mark.parametrize("policy", POLICIES, ids=lambda path: path.stem)
def test_a_short_handbook_prints_two_pages_and_an_annex(policy: Path, browser: str, tmp_path: Path) -> None:
    made = tmp_path / "book.html"
    assert run(["doc", str(policy), "--short", "-o", str(made)]) == 0
    assert 1 <= printed(made, browser, tmp_path) <= 3
