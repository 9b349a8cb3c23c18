"""Policies and sheets that grow, one dimension at a time: a scenario makes the text and the facts of its size n."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

Facts = dict[str, object]
Make = Callable[[int], tuple[str, Facts]]
DAY = date(2024, 10, 15)


@dataclass(frozen=True, slots=True)
class Scenario:
    """``largest``: the largest size worth measuring; ``make``: of a size, the text of the policy and the facts."""

    largest: int
    make: Make


def policy(*lines: str) -> str:
    return "\n".join(("政策 增长", "  编号：GROWTH", *lines)) + "\n"


def many(n: int, line: str) -> list[str]:
    """The line n times: ``{i}`` counts from 0, ``{j}`` is one more, ``{u}`` its last digit, ``{d}`` counts down."""
    return [line.format(i=i, j=i + 1, u=i % 10, d=n - 1 - i) for i in range(n)]


def money(n: int) -> list[str]:
    """An amount below n × 10 yuan, for tables of bands."""
    return ["数据", f"  额：金额，≥ 0元，＜ {n * 10}元"]


# ---------------------------------------------------------------------------------------------- the policy grows
def rules(n: int) -> tuple[str, Facts]:
    """Conditions, each of which reads one of the first ten and a fact."""
    body = ["数据", *many(n, "  业绩{i}号：金额，≥ 0元，别名 sales_{i}"), "条件 达标0号：业绩0号 ≥ 1元"]
    body += many(n, "条件 达标{j}号：达标{u}号 或 业绩{i}号 ≥ {j}万元 【{j}】")
    return policy(*body), {f"sales_{i}": i for i in range(n)}


def fields(n: int) -> tuple[str, Facts]:
    body = ["台账 单", "  号：文本", *many(n, "  额{i}号：金额，≥ 0元")]
    body += many(n, "计算 总{i}号 ＝ 合计（额{i}号，逐条 单）")
    return policy(*body), {"单": [{"号": "1"} | {f"额{i}号": i for i in range(n)}]}


def cases(n: int) -> tuple[str, Facts]:
    return policy(*money(n), "计算 率", *many(n, "  若 额 ＜ {j}0元：{j}%"), "  否则：0%"), {"额": n * 10 - 5}


def bands(n: int) -> tuple[str, Facts]:
    rows = many(n, "  | {i}0元 ≤ 额 ＜ {j}0元 | {i}分 |")
    return policy(*money(n), "分档 得分", "  | 额 | 得分 |", *rows), {"额": n * 10 - 5}


def decision(*modes: str) -> Make:
    """Bands of an amount, for each of four numbers of people."""

    def make(n: int) -> tuple[str, Facts]:
        rows = [line for k in range(4) for line in many(n // 4, f"  | {{i}}0元 ≤ 额 ＜ {{j}}0元 | {k}人 | {{i}}% |")]
        facts = [*money(n // 4), "  数：数量（人），0人 至 3人"]
        return policy(*facts, "判定表 率", *modes, "  | 额 | 数 | 率值 |", *rows), {"额": n // 4 * 10 - 5, "数": 3}

    return make


def tiers(n: int) -> tuple[str, Facts]:
    rows = many(n, "  | 级{d}号 | ≥ {d}元 | ≥ {d}人 |")
    return policy(*money(n), "  数：数量（人），≥ 0人", "等级 级别", "  | 名 | 额 | 数 |", *rows), {"额": 0, "数": 0}


def tier_columns(n: int) -> tuple[str, Facts]:
    names, cells = " | ".join(many(n, "级{d}号")), " | ".join(many(n, "≥ {d}元"))
    return policy(*money(n), "等级 级别", f"  | 要求 | {names} |", f"  | 额 | {cells} |"), {"额": 0}


def table(n: int) -> tuple[str, Facts]:
    body = ["数据", "  货：文本，属于 单价", "表 单价", "  | 货名 | 价 |", *many(n, "  | 货{i}号 | {j}元 |")]
    return policy(*body, "计算 应付 ＝ 单价（货）"), {"货": f"货{n - 1}号"}


def scores(n: int) -> tuple[str, Facts]:
    body = ["数据", *many(n, "  得{i}号：分数，≥ 0分"), "评分 总评", "  | 项 | 满分 | 得分 |"]
    return policy(*body, *many(n, "  | 项{i}号 | 5分 | 得{i}号 |")), {f"得{i}号": 3 for i in range(n)}


def options(n: int) -> tuple[str, Facts]:
    names = "、".join(many(n, "型{i}号"))
    body = ["数据", f"  型：选项（{names}）", "判定表 率", "  | 型 | 率值 |", *many(n, "  | 型{i}号 | {i}% |")]
    return policy(*body), {"型": f"型{n - 1}号"}


def rewards(n: int) -> tuple[str, Facts]:
    body = ["数据", *many(n, "  业绩{i}号：金额，≥ 0元")]
    body += many(n, "奖励 奖{i}号\n  若：业绩{i}号 ≥ 1元\n  金额：{j}元")
    return policy(*body, "计算 总奖 ＝ 奖励合计"), {f"业绩{i}号": i for i in range(n)}


def measures(n: int) -> tuple[str, Facts]:
    body = ["措施清单：" + "、".join(many(n, "措施{i}号")), "数据", *many(n, "  坏{i}号：是否")]
    body += many(n, "处罚 罚{i}号\n  若：坏{i}号\n  措施：措施{i}号")
    return policy(*body), {f"坏{i}号": bool(i % 2) for i in range(n)}


def requirements(n: int) -> tuple[str, Facts]:
    """Each asked of the records that it concerns, and read by a condition."""
    body = ["台账 单", "  号：文本", "  额：金额，≥ 0元"]
    body += many(n, "要求 够{i}号：额 ≥ {j}元\n  逐条：单，其中 额 ≥ 1元\n条件 都够{i}号：够{i}号")
    return policy(*body), {"单": [{"号": "1", "额": 1}]}


def examples(n: int) -> tuple[str, Facts]:
    body = ["数据", *many(n, "  额{i}号：金额，≥ 0元"), *many(n, "条件 大{i}号：额{i}号 ≥ 1元")]
    body += many(n, "示例 例{i}号\n  评估日：2024年1月1日\n  已知：额{i}号 ＝ {j}元\n  应得：大{i}号 成立")
    return policy(*body), {f"额{i}号": 1 for i in range(n)}


# ---------------------------------------------------------------------------------------------- the sheet grows
LEDGERS = """
数据
  保证金：金额，≥ 0元
台账 货品，默认 无
  主键：货号
  货号：文本
  价：金额，≥ 0元
台账 还款，默认 无
  单据：文本
  还额：金额，≥ 0元
  还日：日期
  对应：文本
台账 单（每条称 某单）
  主键：号
  号：文本
  组：文本
  级：选项（三类、二类、一类），由低到高
  额：金额，≥ 0元，≤ 100000元
  税：金额，＝ 额 × 10%
  日：日期，不晚于 评估日
  货：文本，选填，属于 货品
"""


def ledger(ask: str) -> Make:
    """One policy that asks something of the records: n of them, three of a group, a repayment and a product of each."""

    def make(n: int) -> tuple[str, Facts]:
        days = [(DAY - timedelta(days=(i * 7) % 700)).isoformat() for i in range(n)]
        return policy(LEDGERS, ask), {
            "保证金": n * 25,
            "单": [
                {"号": f"r{i}", "组": f"g{i // 3}", "级": "三类" if i % 4 else "二类", "额": i % 97 + 1,
                 "日": days[i], "货": f"h{i}"}
                for i in range(n)
            ],
            "还款": [{"单据": f"p{i}", "还额": 1, "还日": days[i], "对应": f"r{i}"} for i in range(n)],
            "货品": [{"货号": f"h{i}", "价": i} for i in range(n)],
        }

    return make


SAME_LEDGER = """条件 首单：并非 存在（单，其中 组 为 本条 的 组 且 日 早于 本条 的 日）
  逐条：单"""
VALID = """期限 有效期
  逐条：单，其中 级 为 三类
  起算：日 当日起
  时长：12个月
"""
ORDINAL = VALID + """处罚 罚
  逐条：单，其中 级 为 三类
  统计期：有效期
  | 次数 | 金额 |
  | 首次 | 1元 |
  | 第2次 以上 | 2元 |"""
CONVERSION = VALID + """累计 三变二
  统计：单，其中 级 为 三类
  统计期：有效期
  每满：3次
  视为：1次 二类"""
DEDUCTION = """抵扣 逐笔
  逐条：单，按 日 先后
  应付：额
  次序：保证金"""
REPAYMENT = "措施清单：补缴\n" + DEDUCTION + """
  不足：补缴，自 日 起 10天 内
  完成：还额，逐条 还款，其中 对应 为 号，按 还日
  逾期：每日 1%"""
QUOTA_OF_RECORDS = """奖励 先到
  逐条：单
  金额：1元
  名额：每个 组 前 1个，按 日 先后"""


def parties(ask: str) -> Make:
    def make(n: int) -> tuple[str, Facts]:
        sheets = [{"名称": f"P{i}", "业绩": i * 7919 % 100003 + 1} for i in range(n)]
        return policy("数据", "  业绩：金额，≥ 0元", ask), {"全体": sheets}

    return make


QUOTA = """奖励 破冰
  若：业绩 ≥ 1元
  金额：1万元
  名额：前 5家，按 业绩 由高到低"""


BUDGET = """奖励 基金
  金额：业绩
  预算：100万元，按 业绩 由高到低
  末份：付余额"""
POOL = """奖励 基金
  资金池：100万元
  分配：按 业绩 由高到低，同者 按 业绩 比例
  上限：3万元
  超出：不再分"""


def shared(n: int) -> tuple[str, Facts]:
    """Parties that look into one ledger of as many records."""
    body = ["数据", "  号：文本", "台账 报备，共用", "  渠道：文本", "  额：金额，≥ 0元"]
    body += ["计算 报额 ＝ 报备（号）的 额"]
    sheets = [{"名称": f"P{i}", "号": f"P{i}"} for i in range(n)]
    return policy(*body), {"报备": [{"渠道": f"P{i}", "额": i} for i in range(n)], "全体": sheets}


SCENARIOS: dict[str, Scenario] = {
    "rules": Scenario(1024, rules),
    "fields": Scenario(512, fields),
    "cases": Scenario(1024, cases),
    "bands": Scenario(1024, bands),
    "decision rows": Scenario(1024, decision()),
    "first that hits": Scenario(1024, decision("  命中：首条")),
    "tiers": Scenario(512, tiers),
    "tier columns": Scenario(256, tier_columns),
    "table rows": Scenario(2048, table),
    "score rows": Scenario(512, scores),
    "options": Scenario(512, options),
    "rewards": Scenario(512, rewards),
    "measures": Scenario(512, measures),
    "requirements": Scenario(256, requirements),
    "examples": Scenario(256, examples),
    "sum": Scenario(512, ledger("计算 总 ＝ 合计（额，逐条 单，其中 级 为 三类）")),
    "count": Scenario(512, ledger("计算 件 ＝ 条数（单，其中 额 高于 平均（额，逐条 单））")),
    "distinct": Scenario(512, ledger("计算 组数 ＝ 不同个数（组，逐条 单）")),
    "per record": Scenario(512, ledger("条件 大单：额 ≥ 50元\n  逐条：单")),
    "same ledger": Scenario(512, ledger(SAME_LEDGER)),
    "ordinal": Scenario(512, ledger(ORDINAL)),
    "conversion": Scenario(512, ledger(CONVERSION)),
    "look-up": Scenario(512, ledger("计算 货价 ＝ 货品（货）的 价\n  逐条：单")),
    "deduction": Scenario(512, ledger(DEDUCTION)),
    "repayment": Scenario(512, ledger(REPAYMENT)),
    "quota of records": Scenario(512, ledger(QUOTA_OF_RECORDS)),
    "parties": Scenario(512, parties("条件 大：业绩 ≥ 100元")),
    "quota": Scenario(512, parties(QUOTA)),
    "budget": Scenario(512, parties(BUDGET)),
    "pool": Scenario(512, parties(POOL)),
    "shared ledger": Scenario(512, shared),
}
