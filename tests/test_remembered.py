"""A policy kept between two runs is the policy that would be read: same verdicts, same refusals, never out of date."""

from __future__ import annotations

import os
import pickle
import shutil
import stat
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from policydsl import console, private, remembered
from policydsl.cli import run
from policydsl.diagnostics import PolicyError
from policydsl.engine import Policy
from shipped import POLICIES
from tries import some

EXAMPLES = POLICIES.parent / "examples"
SHIPPED = [(f"{p.stem}.pol", p) for p in sorted(EXAMPLES.glob("*.yaml")) if "unfinished" not in p.stem]
SHIPPED.append(("h3c_star_2024.en.pol", EXAMPLES / "h3c_star_2024.yaml"))

TEXT = """政策 甲
  条款：JIA-

参数
  门槛 ＝ 100万元

数据
  金额：业绩

等级 级【1】
  | 等级 | 业绩   |
  | 金牌 | ≥ 门槛 |
"""


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of the user's own in which policies are kept."""
    folder = tmp_path / "cache"
    monkeypatch.setattr(private, "folder", lambda: folder)
    return folder


def read(path: Path) -> Policy:
    return console.read_policy(str(path), examples=False)


def again(path: Path, monkeypatch: pytest.MonkeyPatch) -> Policy:
    """The policy as it was kept: reading it anew is an error."""
    with monkeypatch.context() as patch:
        patch.setattr(console, "_read_anew", _never)
        return read(path)


def _never(*_: object) -> Policy:
    raise AssertionError("read anew")


@pytest.mark.sampled
@pytest.mark.parametrize(("name", "facts"), some(SHIPPED, 2))
def test_what_was_kept_says_what_is_read(
    name: str, facts: Path, kept: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    both = [str(POLICIES / name), str(facts)]
    commands = [
        ["eval", *both, "--format", "json", "--proof"], ["eval", *both, "--all"],
        ["explain", *both, "--format", "markdown"], ["facts", both[0]],
    ]

    def said() -> list[tuple[int, bytes]]:
        return [(run(command), capsysbinary.readouterr().out) for command in commands]

    anew = said()
    assert [code for code, _ in anew] == [0] * len(commands)
    assert len(list(kept.iterdir())) == 1
    monkeypatch.setattr(console, "_read_anew", _never)
    assert said() == anew


def test_parameters_are_held_against_what_was_kept(tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the limit at 400,000 sales of 450,000 would be in both rows."""
    path = tmp_path / "a.pol"
    path.write_text(
        "政策 甲\n数据\n  金额：业绩\n参数\n  界限 ＝ 50万元\n奖励 奖\n  基数：业绩\n"
        "  | 业绩      | 比例 |\n  | ＜ 50万元 | 1%   |\n  | ≥ 界限    | 2%   |\n", encoding="utf-8")
    read(path)
    with pytest.raises(PolicyError) as refused:
        again(path, monkeypatch).hold({"界限": Fraction(400_000)})
    assert [d.code for d in refused.value.diagnostics] == ["POL458"]


@pytest.mark.parametrize("change", [
    lambda p: p.write_text(TEXT.replace("100万元", "200万元"), encoding="utf-8"),
    lambda p: p.with_name("a.clauses.yaml").write_text("policy: 甲\nclauses: []\n", encoding="utf-8"),
    lambda p: p.with_name("a.names.yaml").write_text("names: {业绩: sales}\n", encoding="utf-8"),
    lambda p: shutil.copystat(p, p),
], ids=["text", "register", "aliases", "nothing"])
def test_any_change_is_read(
    change: Callable[[Path], object], tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    path = tmp_path / "a.pol"
    path.write_text(TEXT, encoding="utf-8")
    read(path)
    change(path)
    if "nothing" in request.node.name:
        again(path, monkeypatch)
    else:
        with pytest.raises(AssertionError, match="read anew"):
            again(path, monkeypatch)


def test_another_version_of_the_program_reads_anew(
    tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.pol"
    path.write_text(TEXT, encoding="utf-8")
    read(path)
    monkeypatch.setattr(remembered, "_program", lambda: iter([("core.py", 1, 1)]))
    with pytest.raises(AssertionError, match="read anew"):
        again(path, monkeypatch)


def test_what_is_not_valid_is_not_kept(tmp_path: Path, kept: Path) -> None:
    path = tmp_path / "a.pol"
    path.write_text(TEXT.replace("门槛 |", "门坎 |"), encoding="utf-8")
    with pytest.raises(PolicyError):
        read(path)
    assert not kept.exists()


def test_what_speaks_of_other_files_is_not_kept(tmp_path: Path, kept: Path) -> None:
    (tmp_path / "b.pol").write_text("政策 乙\n  编号：YI\n\n参数\n  线 ＝ 1万元\n", encoding="utf-8")
    path = tmp_path / "a.pol"
    path.write_text("政策 丙\n  编号：BING\n  修订：YI\n  生效：自 2024年1月1日 起\n", encoding="utf-8")
    assert not read(path).alone
    assert not kept.exists()


class _Harm:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(_Harm.where),)

    where = Path()


@pytest.mark.parametrize("data", [
    lambda: pickle.dumps(_Harm()), lambda: b"", lambda: b"\x80\x05.", lambda: pickle.dumps(7),
    lambda: b"cpolicydsl.cli\nrun\n(lp0\nS'facts'\nap1\ntp2\nR.",
], ids=["code", "empty", "broken", "another", "a function of ours"])
def test_what_is_no_policy_is_neither_run_nor_taken(
    data: Callable[[], bytes], tmp_path: Path, kept: Path
) -> None:
    _Harm.where = tmp_path / "harm"
    path = tmp_path / "a.pol"
    path.write_text(TEXT, encoding="utf-8")
    read(path)
    (file,) = kept.iterdir()
    file.write_bytes(data())
    assert [r.name for r in read(path).program.results] == ["级"]
    assert not _Harm.where.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="modes of directories are a matter of POSIX")
@pytest.mark.parametrize("what", ["folder", "file"])
def test_what_others_may_write_is_not_trusted(
    what: str, tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.pol"
    path.write_text(TEXT, encoding="utf-8")
    read(path)
    (file,) = kept.iterdir()
    assert (stat.S_IMODE(kept.stat().st_mode), stat.S_IMODE(file.stat().st_mode)) == (0o700, 0o600)
    again(path, monkeypatch)
    os.chmod(kept if what == "folder" else file, 0o777)
    with pytest.raises(AssertionError, match="read anew"):
        again(path, monkeypatch)


def test_the_newest_are_kept(tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST_KEPT", 2)
    paths = [tmp_path / f"{n}.pol" for n in range(3)]
    for number, path in enumerate(paths):
        path.write_text(TEXT, encoding="utf-8")
        read(path)
        newest = max(kept.iterdir(), key=lambda p: p.stat().st_mtime_ns)
        os.utime(newest, (number, number))
    assert len(list(kept.iterdir())) == 2
    again(paths[2], monkeypatch)
