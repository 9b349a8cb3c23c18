"""The interview: only what can still change the verdict, in a sheet that loses nothing."""

from __future__ import annotations

import codecs
import io
import os
import pty
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from hanging import HANG
from policydsl.cli import run
from policydsl.core import Program
from policydsl.engine import load_text
from policydsl.explain.sheet_text import SheetText
from policydsl.sheet import read_sheets

POLICY = """政策 问答
  编号：ASK
数据
  签约：是否 【1】
  人数：数量（人），≥ 0人
  等级：选项（金、银、铜）
  联系人：文本，选填
  无关：金额
台账 订单（每条称 单）
  主键：号
  号：文本，必填
  金额：金额，≥ 0元
  日期：日期
条件 大单：金额 ≥ 10万元
  逐条：订单
要求 达标 【2】
  全部满足
  - 签约 【2.1】
  - 人数 ≥ 10人 【2.2】
要求 有大单：存在（订单，其中 金额 ≥ 10万元） 【3】
"""
Ask = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "问.pol").write_text(POLICY, "utf-8")
    (tmp_path / "问.clauses.yaml").write_text(
        'clauses:\n  - {id: "2", place: 二, text: "达标看两项。", carried: rule}\n', "utf-8"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def ask(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Runs ``policydsl ask 问.pol …`` with answers from a pipe: (exit code, standard output, standard error). A new
    sheet is given no name and no date, unless the answers begin with them (``headed``)."""

    def call(answers: str, *args: str, headed: bool = False) -> tuple[int, str, str]:
        begun = any(Path(arg).exists() for arg in args)
        answers = answers if begun or headed else ("\n" if "--as-of" in args else "\n\n") + answers
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(answers.encode("utf-8")), encoding="utf-8"))
        code = run(["ask", "问.pol", *args])
        out, err = capsys.readouterr()
        return code, out, err

    return call


def test_what_has_become_irrelevant_is_not_asked(ask: Ask, folder: Path) -> None:
    """Not signed: the number of people no longer matters. What no result reads is never asked."""
    code, out, err = ask("否\n", "a.yaml", "--result", "达标")
    assert code == 0 and "问完了" in err and "人数" not in err and "无关" not in err
    assert (folder / "a.yaml").read_text("utf-8") == "签约: 否\n"
    assert "达标  不成立" in out


def test_a_wrong_answer_is_asked_again(ask: Ask, folder: Path) -> None:
    code, _, err = ask("大概\n是\n八\n12个\n12\n", "a.yaml", "--result", "达标")
    assert code == 0
    assert "看不懂“大概”" in err and err.count("[1]") == 1 and err.count("[2]") == 1
    assert (folder / "a.yaml").read_text("utf-8") == "签约: 是\n人数: 12\n"


def test_why(ask: Ask) -> None:
    _, _, err = ask("是\n？\n12\n", "a.yaml", "--result", "达标")
    assert "2：达标看两项。" in err
    assert "若 ＜ 10人  → 不成立" in err and "若 ≥ 10人   → 成立" in err


def test_back_and_skip(ask: Ask, folder: Path) -> None:
    code, _, err = ask("撤回\n是\n撤回\n是\n跳过\n", "a.yaml", "--result", "达标")
    assert "已经是第一问了" in err
    assert (folder / "a.yaml").read_text("utf-8") == "签约: 是\n"
    assert code == 4 and "跳过的仍然未知" in err  # the named result is still open


def test_the_end_of_the_answers_saves(ask: Ask, folder: Path) -> None:
    code, _, err = ask("是\n", "a.yaml")
    assert code == 0 and "先到这里" in err
    assert "签约: 是" in (folder / "a.yaml").read_text("utf-8")


def test_quit(ask: Ask, folder: Path) -> None:
    code, _, _ = ask("退出\n是\n", "a.yaml")
    assert code == 0 and not (folder / "a.yaml").exists()


def test_an_existing_sheet_keeps_everything(ask: Ask, folder: Path) -> None:
    text = (
        "# 甲公司的表\n名称: 甲   # 全称待补\n\n签约:   # 合同在法务\n订单:\n  # 第一单\n  - 号: A1   # 急\n"
        "    日期: 2024-01-01\n\n  - {号: A2, 日期: 2024-02-01}\n\n# 以下待填\n联系人: '不变:的'\n"
    )
    (folder / "a.yaml").write_text(text, "utf-8")
    code, _, _ = ask("是\n12人\n9万元\n20万元（含税）\n", "a.yaml", "--as-of", "2024-06-30")
    now = (folder / "a.yaml").read_text("utf-8")
    kept = [line for line in text.splitlines() if not line.startswith(("签约", "  - {号"))]
    assert all(line in now.splitlines() for line in kept)
    (sheet,) = read_sheets(now, "a.yaml", load_text(POLICY).program)
    assert sheet.values == {"签约": True, "人数": 12, "联系人": "不变:的"}
    assert [r.values["金额"] for r in sheet.lists["订单"]] == [90_000, 200_000]
    assert "签约: 是   # 合同在法务" in now and code == 0


def test_another_file_leaves_the_first_alone(ask: Ask, folder: Path) -> None:
    (folder / "a.yaml").write_text("签约: 是\n", "utf-8")
    ask("12\n", "a.yaml", "-o", "b.yaml", "--result", "达标")
    assert (folder / "a.yaml").read_text("utf-8") == "签约: 是\n"
    assert (folder / "b.yaml").read_text("utf-8") == "签约: 是\n人数: 12\n"


def test_a_json_sheet_stays_json(ask: Ask, folder: Path) -> None:
    import json

    (folder / "a.json").write_text('{\n  "签约": true,\n  "订单": [{"号": "A", "日期": "2024-01-01"}]\n}\n', "utf-8")
    ask("12\n30万元\n", "a.json")
    data = json.loads((folder / "a.json").read_text("utf-8"))
    assert data["人数"] == "12" and data["订单"][0]["金额"] == "30万元"


def test_records_are_asked_for(ask: Ask, folder: Path) -> None:
    """How many, then what identifies each; the second amount decides, the first need not be known."""
    code, _, err = ask("两条\n2\nA1\nA2\n跳过\n15万元\n", "a.yaml", "--result", "有大单")
    assert code == 0 and "请写有几条" in err
    assert (folder / "a.yaml").read_text("utf-8") == "订单:\n  - 号: A1\n  - 号: A2\n    金额: 15万元\n"


def test_no_records(ask: Ask, folder: Path) -> None:
    code, out, _ = ask("0\n", "a.yaml", "--result", "有大单")
    assert code == 0 and (folder / "a.yaml").read_text("utf-8") == "订单: []\n" and "不成立" in out


def test_two_records_cannot_have_one_key(ask: Ask, folder: Path) -> None:
    _, _, err = ask("2\nA1\nA1\nA2\n", "a.yaml", "--result", "有大单")
    assert (folder / "a.yaml").read_text("utf-8") == "订单:\n  - 号: A1\n  - 号: A2\n"
    assert "A1" in err


def test_without_a_file_the_sheet_goes_to_standard_output(ask: Ask) -> None:
    code, out, err = ask("否\n", "--result", "达标")
    assert (code, out) == (0, "签约: 否\n") and "不成立" in err


def test_english(ask: Ask) -> None:
    _, _, err = ask("why\nyes\nback\nno\n", "a.yaml", "--result", "达标", "--lang", "en")
    assert "yes or no" in err and "settles 达标" in err and "Done: no other fact" in err


def test_hostile_answers(ask: Ask, folder: Path) -> None:
    """Whatever is typed ends up as one value, or is refused."""
    for nasty in (
        "a: b", "#x", "[1, 2", "'", '"', "*x", "&a 1", "- 1", "x\\n", "{{}}", "%", "!!python/object:x", "：：", "~",
    ):
        (folder / "a.yaml").write_text("签约: 是\n", "utf-8")
        text = SheetText("签约: 是\n", load_text(POLICY).program).with_fact("联系人", nasty)
        (sheet,) = read_sheets(text, "a.yaml", load_text(POLICY).program)
        assert sheet.values["签约"] is True
        assert sheet.values.get("联系人", "") in (nasty, None, ""), nasty
    code, _, _ = ask("\x00\n\ufeff是\n12\n", "b.yaml", "--result", "达标")
    assert code == 0


@pytest.mark.parametrize(("args", "code"), [
    (["--result", "没有"], 2), (["-"], 2), (["bad.yaml"], 5), (["two.yaml"], 2), (["latin.yaml"], 5),
    (["-o", "/nowhere/at/all.yaml"], 2),
])
def test_wrong_usage(ask: Ask, folder: Path, args: list[str], code: int) -> None:
    (folder / "bad.yaml").write_text("人数: 很多\n", "utf-8")
    (folder / "two.yaml").write_text("- 签约: 是\n- 签约: 否\n", "utf-8")
    (folder / "latin.yaml").write_bytes(b"name: \xe9")
    found, _, err = ask("否\n", *args)
    assert found == code and "Traceback" not in err


# ---------------------------------------------------------------------------------------------- what is kept
def test_it_goes_on_from_the_file_it_saves_to(ask: Ask, folder: Path) -> None:
    text = "# 第一次问到这里\n签约: 是\n"
    (folder / "a.yaml").write_text(text, "utf-8")
    for stop in ("退出\n", ""):
        assert ask(stop, "-o", "a.yaml", "--result", "达标")[0] == 4
        assert (folder / "a.yaml").read_text("utf-8") == text
    code, _, err = ask("12\n", "-o", "a.yaml", "--result", "达标")
    assert code == 0 and "签约  是 或 否" not in err
    assert (folder / "a.yaml").read_text("utf-8") == text + "人数: 12\n"


def test_a_link_stays_a_link(ask: Ask, folder: Path) -> None:
    (folder / "kept").mkdir()
    (folder / "kept" / "a.yaml").write_text("签约: 是\n", "utf-8")
    (folder / "b.yaml").symlink_to(folder / "kept" / "a.yaml")
    ask("12\n", "-o", "b.yaml", "--result", "达标")
    assert (folder / "b.yaml").is_symlink()
    assert (folder / "kept" / "a.yaml").read_text("utf-8") == "签约: 是\n人数: 12\n"


@pytest.mark.parametrize(("args", "kept", "text", "code"), [
    (("-o", "问.pol"), "问.pol", POLICY, 2),
    (("-o", "link.yaml"), "问.pol", POLICY, 2),
    (("a.yaml", "-o", "b.yaml"), "b.yaml", "签约: 否\n", 2),
    (("new.yaml", "-o", "b.yaml"), "b.yaml", "签约: 否\n", 2),
    (("-o", "notes.yaml"), "notes.yaml", "买菜: 两斤\n", 5),
])
def test_nothing_else_is_written_over(
    ask: Ask, folder: Path, args: tuple[str, ...], kept: str, text: str, code: int
) -> None:
    (folder / "a.yaml").write_text("签约: 是\n", "utf-8")
    (folder / kept).write_text(text, "utf-8")
    (folder / "link.yaml").symlink_to(folder / "问.pol")
    assert ask("12\n", *args)[0] == code
    assert (folder / kept).read_text("utf-8") == text


def test_what_somebody_else_wrote_meanwhile_is_not_written_over(
    ask: Ask, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.yaml").write_text("签约: 是\n", "utf-8")
    answers = io.StringIO("12\n")

    class Meanwhile(io.StringIO):
        def readline(self, size: int | None = -1, /) -> str:
            (folder / "a.yaml").write_text("签约: 否\n", "utf-8")
            return answers.readline()

    monkeypatch.setattr(sys, "stdin", Meanwhile())
    assert run(["ask", "问.pol", "a.yaml", "--result", "达标"]) == 2
    assert (folder / "a.yaml").read_text("utf-8") == "签约: 否\n"


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_a_sheet_stays_in_its_encoding(ask: Ask, folder: Path, mark: bytes) -> None:
    codec = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}.get(mark, "utf-8")
    (folder / "a.yaml").write_bytes(mark + "签约: 是\n".encode(codec))
    ask("12\n", "a.yaml", "--result", "达标")
    assert (folder / "a.yaml").read_bytes() == mark + "签约: 是\n人数: 12\n".encode(codec)


def test_a_new_sheet_says_whose_it_is_and_of_which_day(ask: Ask, folder: Path) -> None:
    code, out, err = ask("甲公司\n去年\n2024-06-30\n否\n", "-o", "a.yaml", "--result", "达标", headed=True)
    assert code == 0 and "名称" in err and "看不懂“去年”" in err and "2024年6月30日" in out
    assert (folder / "a.yaml").read_text("utf-8") == "名称: 甲公司\n评估日: 2024-06-30\n签约: 否\n"
    ask("甲公司\n否\n", "-o", "b.yaml", "--as-of", "2024-05-01", "--result", "达标", headed=True)
    assert (folder / "b.yaml").read_text("utf-8") == "名称: 甲公司\n评估日: 2024-05-01\n签约: 否\n"
    ask("A\n\n否\n", "-o", "c.yaml", "--result", "达标", "--lang", "en", headed=True)
    assert (folder / "c.yaml").read_text("utf-8") == "name: A\n签约: 否\n"


def test_what_has_not_happened_yet_is_said_at_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the 10th of June the opening of the 20th has not happened: it is set aside, and so told."""
    (folder / "d.pol").write_text(
        "政策 开业\n  编号：D\n数据\n  开业日：日期，选填，不晚于 评估日\n要求 已开业：开业日 已填\n", "utf-8"
    )
    (folder / "d.yaml").write_text("名称: 甲\n", "utf-8")
    monkeypatch.setattr(sys, "stdin", io.StringIO("2024-06-20\n"))
    run(["ask", "d.pol", "d.yaml", "--as-of", "2024-06-10"])
    out, err = capsys.readouterr()
    assert "尚未发生：开业日（2024年6月20日）" in err and "尚未发生" in out


def test_it_says_how_many_questions_are_left(ask: Ask) -> None:
    _, _, err = ask("是\n12\n", "a.yaml", "--result", "达标")
    assert "大约还有 2 问" in err.split("[2]")[0] and "大约还有 1 问" in err.split("[2]")[1]


@pytest.mark.parametrize(("fact", "kept"), [("是否", "否"), ("金额，选填", "无"), ("金额", None)])
def test_there_is_none_is_understood_where_that_is_an_answer(folder: Path, fact: str, kept: str | None,
                                                             monkeypatch: pytest.MonkeyPatch) -> None:
    """An amount that is not said to be 无 is not taken for 0."""
    test = "甲 已填" if "选填" in fact else "甲" if fact == "是否" else "甲 ≥ 1元"
    (folder / "p.pol").write_text(f"政策 问\n  编号：A\n数据\n  甲：{fact}\n条件 果：{test}\n", "utf-8")
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n\n没有\n"))
    run(["ask", "p.pol", "-o", "a.yaml"])
    assert (folder / "a.yaml").exists() == (kept is not None)
    assert kept is None or (folder / "a.yaml").read_text("utf-8") == f"甲: {kept}\n"


# ---------------------------------------------------------------------------------------------- the text
@pytest.fixture(scope="module")
def program() -> Program:
    return load_text(POLICY, "问.pol").program


@pytest.mark.parametrize(("before", "after"), [
    ("", "人数: 3\n"),
    ("# 空\n", "# 空\n人数: 3\n"),
    ("签约: 是", "签约: 是\n人数: 3\n"),
    ("签约: 是\n...\n", "签约: 是\n人数: 3\n...\n"),
    ("---\n签约: 是\n...\n# 完\n", "---\n签约: 是\n人数: 3\n...\n# 完\n"),
    ("人数:\n签约: 是\n", "人数: 3\n签约: 是\n"),
    ("人数: null  # 待问\n", "人数: 3  # 待问\n"),
    ("{签约: 是}\n", '{签约: 是, "人数": "3"}\n'),
    ("{}\n", '{"人数": "3"}\n'),
    ("订单:\n  - 号: A\n    # 尾注\n", "订单:\n  - 号: A\n    # 尾注\n人数: 3\n"),
])
def test_adding_a_fact(program: Program, before: str, after: str) -> None:
    assert SheetText(before, program).with_fact("人数", "3") == after


@pytest.mark.parametrize(("before", "index", "after"), [
    ("", 0, "订单:\n  - 金额: 3元\n"),
    ("订单:  # 待填\n签约: 是\n", 0, "订单:  # 待填\n  - 金额: 3元\n签约: 是\n"),
    ("订单: []\n", 0, "订单:\n  - 金额: 3元\n"),
    ("订单:\n- 号: A # 甲\n签约: 是\n", 0, "订单:\n- 号: A # 甲\n  金额: 3元\n签约: 是\n"),
    ("订单:\n- 号: A # 甲\n签约: 是\n", 1, "订单:\n- 号: A # 甲\n- 金额: 3元\n签约: 是\n"),
    ("订单: [{号: A}]\n", 0, "订单: [{号: A, 金额: 3元}]\n"),
    ("订单: [{号: A}]\n", 1, "订单: [{号: A}, {金额: 3元}]\n"),
    ("订单:\n  A: {日期: 2024-01-01}\n", 0, "订单:\n  A: {日期: 2024-01-01, 金额: 3元}\n"),
])
def test_adding_a_field(program: Program, before: str, index: int, after: str) -> None:
    assert SheetText(before, program).with_field("订单", index, "金额", "3元") == after


# ---------------------------------------------------------------------------------------------- a terminal
class Terminal:
    """``policydsl ask`` on a terminal of its own."""

    def __init__(self, folder: Path, *args: str) -> None:
        self.fd, inner = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "policydsl", "ask", *args], stdin=inner, stdout=inner, stderr=inner,
            cwd=folder, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}, start_new_session=True,
            # tests that run in the background are deaf to an interrupt, and what they start would be too
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        os.close(inner)
        self.said = b""
        self.heard = 0

    def until(self, words: str) -> None:
        """Reads on until the words are said, after those that were waited for before."""
        wanted = words.encode("utf-8")
        while (at := self.said.find(wanted, self.heard)) < 0:
            assert self.more(), self.told()
        self.heard = at + len(wanted)

    def more(self) -> bool:
        """Waits for what is said next; whether there was something before the end."""
        assert select.select([self.fd], [], [], HANG)[0], self.told()
        try:
            data = os.read(self.fd, 65536)
        except OSError:  # what Linux calls the end of a terminal
            return False
        self.said += data
        return bool(data)

    def told(self) -> str:
        return self.said.decode("utf-8", "replace")

    def type(self, text: str) -> None:
        os.write(self.fd, text.encode("utf-8"))

    def interrupt(self) -> None:
        """An interrupt, and a line: one that comes after the prompt but before the wait for a key is heard with it."""
        self.process.send_signal(signal.SIGINT)
        with suppress(OSError):  # where it was heard at once
            self.type("\n")

    def code(self) -> int:
        while self.more():
            pass
        return self.process.wait(HANG)

    def close(self) -> None:
        os.close(self.fd)
        self.process.kill()
        self.process.wait()


@pytest.fixture
def terminal(folder: Path) -> Iterator[Terminal]:
    opened = Terminal(folder, "问.pol", "a.yaml", "--result", "达标")
    yield opened
    opened.close()


def test_on_a_terminal(folder: Path, terminal: Terminal) -> None:
    for said, typed in (("名称", "甲公司\n"), ("评估日", "\n"), ("[1]", "是\n"), ("[2]", "12人\n")):
        terminal.until(said)
        terminal.until("> ")
        terminal.type(typed)
    terminal.until("已存 a.yaml")
    terminal.until("成立")
    assert terminal.code() == 0
    assert (folder / "a.yaml").read_text("utf-8") == "名称: 甲公司\n签约: 是\n人数: 12人\n"


def test_a_line_can_be_edited_where_the_platform_can(folder: Path, terminal: Terminal) -> None:
    """Arrow left over 人, then backspace over 1: 12人 becomes 2人."""
    pytest.importorskip("readline")
    for said, typed in (
        ("名称", "\n"), ("评估日", "\n"), ("[1]", "是\n"), ("[2]", "12人\x1b[D\x1b[D\x7f\n"),
    ):
        terminal.until(said)
        terminal.until("> ")
        terminal.type(typed)
    terminal.until("已存 a.yaml")
    assert terminal.code() == 0
    assert (folder / "a.yaml").read_text("utf-8") == "签约: 是\n人数: 2人\n"


def test_name_and_date_can_be_taken_back_and_say_what_they_are_for(folder: Path, terminal: Terminal) -> None:
    for said, typed in (
        ("名称", "撤回\n"), ("第一问", "?\n"), ("文件名称呼", "甲公司\n"), ("评估日", "?\n"), ("已经发生", "撤回\n"),
        ("名称", "乙公司\n"), ("评估日", "2024-06-30\n"), ("[1]", "退出\n"),
    ):
        terminal.until(said)
        terminal.until("> ")
        terminal.type(typed)
    assert terminal.code() == 4  # 达标 is undetermined
    assert (folder / "a.yaml").read_text("utf-8") == "名称: 乙公司\n评估日: 2024-06-30\n"


def test_broken_off_on_a_terminal(folder: Path, terminal: Terminal) -> None:
    for said, typed in (("名称", "\n"), ("评估日", "\n"), ("[1]", "是\n")):
        terminal.until(said)
        terminal.until("> ")
        terminal.type(typed)
    terminal.until("[2]")
    terminal.until("> ")
    terminal.interrupt()
    terminal.until("先到这里")
    assert terminal.code() == 130
    assert (folder / "a.yaml").read_text("utf-8") == "签约: 是\n"
