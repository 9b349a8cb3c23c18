"""A small policy, and tables for it as people and programs make them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter

from policydsl.cli import run
from policydsl.engine import Policy, load_text
from policydsl.population.gather import gather
from policydsl.population.judging import Job
from policydsl.population.layout import layout
from policydsl.population.told import Report

TEXT = """政策 返利
  编号：T-W
  版本：1
  要点：级、返利、破冰奖、迟报罚款

参数
  金牌门槛 ＝ 150万元（含税）
  返利比例 ＝ 1%
  报送日：日期

数据
  选项（总代、分销）：渠道类型＊
  金额（含税），≥ 0元：业绩（别名 revenue）
  百分比：税率
  数量（人），≥ 0人：持证人数
  是否：新渠道
  日期，选填：赢单日、报到日
  时刻，选填：签收时刻
  多选（金融、医疗、零售）：行业
  文本，选填：电话

台账 订单
  主键：单号
  单号：文本，必填
  订单额：金额（含税），≥ 0元
  下单日：日期

台账 报备，共用
  主键：报备号
  报备号：文本，必填
  报备方：文本

等级 级
  | 等级 | 业绩       | 持证人数 |
  | 金牌 | ≥ 金牌门槛 | ≥ 2人    |
  | 银牌 | ≥ 50万元   | ≥ 1人    |

奖励 返利
  若：级 为 金牌
  金额：合计（订单额，逐条 订单） × 返利比例

奖励 破冰奖
  若：新渠道 且 赢单日 已填
  金额：2万元
  名额：前 1家，按 赢单日 先后

处罚 迟报罚款
  若：报到日 已填 且 报到日 晚于 报送日
  金额：500元
"""
HEADS = ("伙伴编号", "名称", "渠道类型", "业绩（万元，含税）", "持证人数", "新渠道", "赢单日")
ORDERS = ("伙伴编号", "单号", "订单额（元，含税）", "下单日")

Cells = Sequence[object]
Sheets = Mapping[str, Sequence[Cells]]


def policy() -> Policy:
    return load_text(TEXT, "返利.pol")


def workbook(path: Path, sheets: Sheets, percents: Sequence[str] = ()) -> Path:
    """A workbook as a worksheet program makes it; the cells named (``税率!B2``) are shown in percent."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    for each in percents:
        name, _, cell = each.partition("!")
        book[name][cell].number_format = "0.00%"
    book.save(path)
    return path


def folder(path: Path, sheets: Sheets, encoding: str = "utf-8") -> Path:
    """A folder of CSV files."""
    path.mkdir()
    for name, rows in sheets.items():
        with (path / f"{name}.csv").open("w", encoding=encoding, newline="") as stream:
            csv.writer(stream).writerows(rows)
    return path


def job(path: Path, **settings: Any) -> Job:
    loaded = policy()
    made = Job.of(loaded, gather(path, layout(loaded.program)), settings, None, "zh")
    for _ in made.prepare():
        pass
    return made


def reports(path: Path) -> dict[str, Report]:
    """What is told of each party, by its id."""
    made = job(path)
    return {r.id: r for r in map(made.report, range(len(made.found.parties)))}


def cell(report: Report, name: str) -> str:
    """A cell of the results of a party: its digits, or its words."""
    column = 4 + ("级", "返利", "破冰奖", "迟报罚款").index(name)
    return report.results[column].number or report.results[column].text


def problems(path: Path) -> list[tuple[str, str, str]]:
    """Every problem: code, place, whom it holds back."""
    from policydsl.population.grid import cell_name

    made = job(path)
    every = [*made.reader.problems, *(p for n in range(len(made.found.parties)) for p in made.reader.party(n).problems)]
    found = ((p.diagnostic.code, p.diagnostic.span, p.party) for p in every)
    return [(code, f"{at.file}!{cell_name(at)}".rstrip("!"), who) for code, at, who in found if code != "SHEET154"]


def evaluated(tmp_path: Path, *args: str) -> int:
    """The exit code of ``eval`` on the policy."""
    (tmp_path / "返利.pol").write_text(TEXT, encoding="utf-8")
    return run(["eval", str(tmp_path / "返利.pol"), *args])


def table(path: Path, name: str) -> list[tuple[Any, ...]]:
    """The rows of a sheet of a workbook."""
    book = openpyxl.load_workbook(path)
    return [tuple(row) for row in book[name].iter_rows(values_only=True)]


__all__ = [
    "HEADS", "ORDERS", "TEXT", "cell", "evaluated", "folder", "job", "policy", "problems", "reports", "table",
    "workbook", "xlsxwriter",
]
