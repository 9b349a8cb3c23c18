"""``policydsl fmt``: what is written where, and what is not."""

from __future__ import annotations

import io
import os
import stat
import sys
from pathlib import Path

import pytest

from policydsl import cli

UNTIDY = "政策 甲\n编号:A-1\n要求 达标:1>=1\n"
TIDY = "政策 甲\n  编号：A-1\n\n要求 达标：1 ≥ 1\n"
ENGLISH = "policy 甲\n  id: A-1\n\nrequirement 达标: 1 >= 1\n"
BROKEN = "政策 乙\n要求 达标：1 ≥\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "甲.pol").write_text(UNTIDY, encoding="utf-8")
    (tmp_path / "齐.pol").write_text(TIDY, encoding="utf-8")
    return tmp_path


def text(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def test_files_are_rewritten_in_place(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.chmod(folder / "甲.pol", 0o640)
    before = (folder / "齐.pol").stat().st_mtime_ns
    assert cli.run(["fmt", "甲.pol", "齐.pol", "甲.pol"]) == 0
    assert text(folder / "甲.pol") == TIDY
    assert stat.S_IMODE((folder / "甲.pol").stat().st_mode) == 0o640
    assert (folder / "齐.pol").stat().st_mtime_ns == before
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "甲.pol：已整理\n2 个文件：1 个已整理，1 个不变\n"
    assert sorted(p.name for p in folder.iterdir()) == ["甲.pol", "齐.pol"]


def test_line_ends_and_byte_order_mark_are_settled(folder: Path) -> None:
    (folder / "齐.pol").write_bytes(b"\xef\xbb\xbf" + TIDY.replace("\n", "\r\n").encode())
    assert cli.run(["fmt", "齐.pol", "--check"]) == 1
    assert cli.run(["fmt", "齐.pol"]) == 0
    assert text(folder / "齐.pol") == TIDY


def test_check_names_what_would_change(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["fmt", ".", "--check"]) == 1
    assert capsys.readouterr().err == "甲.pol：版式待整理\n2 个文件：1 个待整理，1 个不变\n"
    assert text(folder / "甲.pol") == UNTIDY
    assert cli.run(["fmt", "齐.pol", "--check"]) == 0
    assert cli.run(["fmt", "甲.pol", "--check", "--lang", "en"]) == 1
    assert "甲.pol: would be reformatted" in capsys.readouterr().err


def test_diff(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["fmt", "甲.pol", "--diff"]) == 0
    assert capsys.readouterr().out == (
        "--- 甲.pol\n+++ 甲.pol\n@@ -1,3 +1,4 @@\n 政策 甲\n-编号:A-1\n-要求 达标:1>=1\n"
        "+  编号：A-1\n+\n+要求 达标：1 ≥ 1\n"
    )
    assert cli.run(["fmt", "甲.pol", "--diff", "--check"]) == 1
    assert text(folder / "甲.pol") == UNTIDY


def test_a_folder_stands_for_its_policies(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inner, hidden = folder / "里" / "更里", folder / ".git"
    inner.mkdir(parents=True)
    hidden.mkdir()
    for path in (inner / "丙.pol", hidden / "丁.pol", inner / "戊.txt"):
        path.write_text(UNTIDY, encoding="utf-8")
    assert cli.run(["fmt", "里"]) == 0
    assert text(inner / "丙.pol") == TIDY
    assert text(inner / "戊.txt") == UNTIDY
    assert cli.run(["fmt", "."]) == 0
    assert text(hidden / "丁.pol") == UNTIDY
    (folder / "空").mkdir()
    assert cli.run(["fmt", "空"]) == 2
    assert "no .pol file" in capsys.readouterr().err


def test_nothing_is_written_when_one_file_is_faulty(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "乙.pol").write_text(BROKEN, encoding="utf-8")
    assert cli.run(["fmt", "甲.pol", "乙.pol"]) == 3
    assert text(folder / "甲.pol") == UNTIDY
    assert text(folder / "乙.pol") == BROKEN
    said = capsys.readouterr().err
    assert "乙.pol 第 2 行" in said
    assert "没有写任何文件" in said


def test_translation_overwrites_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["fmt", "甲.pol", "--to", "en"]) == 0
    assert capsys.readouterr().out == ENGLISH
    assert text(folder / "甲.pol") == UNTIDY
    assert cli.run(["fmt", "甲.pol", "--to", "en", "-o", "甲.en.pol"]) == 0
    assert text(folder / "甲.en.pol") == ENGLISH
    assert cli.run(["fmt", "甲.en.pol", "--to", "zh", "--stdout"]) == 0
    assert capsys.readouterr().out == TIDY


def test_standard_input(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def pipe(content: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), encoding="utf-8"))

    pipe(UNTIDY.encode())
    assert cli.run(["fmt", "-"]) == 0
    assert capsys.readouterr().out == TIDY
    pipe(BROKEN.encode())
    assert cli.run(["fmt", "-"]) == 3
    assert capsys.readouterr().out == ""
    pipe("政策 甲".encode("gbk"))
    assert cli.run(["fmt", "-"]) == 2
    assert "UTF-8" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["甲.pol", "-o", "x.pol", "--stdout"],
        ["甲.pol", "-o", "x.pol", "--check"],
        ["甲.pol", "齐.pol", "--stdout"],
        ["甲.pol", "齐.pol", "--to", "en"],
        ["-", "甲.pol"],
        ["没有.pol"],
        ["甲.pol", "-o", "没有/x.pol"],
    ],
)
def test_wrong_usage(folder: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["fmt", *arguments]) == 2
    assert "Traceback" not in capsys.readouterr().err
    assert sorted(p.name for p in folder.iterdir()) == ["甲.pol", "齐.pol"]
    assert text(folder / "甲.pol") == UNTIDY


def test_a_link_stays_a_link(folder: Path) -> None:
    (folder / "link.pol").symlink_to("甲.pol")
    assert cli.run(["fmt", "link.pol"]) == 0
    assert (folder / "link.pol").is_symlink()
    assert text(folder / "甲.pol") == TIDY


def test_a_meaning_that_would_change_is_no_traceback(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import policydsl.format as canonical

    monkeypatch.setattr(canonical, "meaning", lambda *_: object())
    assert cli.run(["fmt", "甲.pol"]) == 70
    assert "意思会不同" in capsys.readouterr().err
    assert text(folder / "甲.pol") == UNTIDY
