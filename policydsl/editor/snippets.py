"""Blocks to start from, as a proposal at the beginning of a line. Each is a whole block of the smallest useful form;
its places (``${1:…}``) are stepped through with the tab key. The block word is the first of the keyword table."""

from __future__ import annotations

import re

from policydsl.diagnostics import Language

_PLACE = re.compile(r"\$\{\d+:([^}]*)\}")

# terminal of the block word -> what follows it, per language
SNIPPETS: dict[str, tuple[str, str]] = {
    "_POLICY": (
        " ${1:名称}\n  编号：${2:P-2024}\n  版本：${3:1.0}\n  来源：${4:文件}\n  生效：自 ${5:2024年1月1日} 起\n",
        " ${1:Title}\n  id: ${2:P-2024}\n  version: ${3:1.0}\n"
        "  source: ${4:document}\n  effective: from ${5:2024-01-01}\n",
    ),
    "_DATA": (
        "\n  ${1:业绩}：${2:金额}，≥ ${3:0元}，别名 ${4:revenue}\n",
        "\n  ${1:revenue}: ${2:money}, >= ${3:CNY 0}\n",
    ),
    "_LEDGER": (
        " ${1:订单}（每条称 ${2:本单}）\n  主键：${3:编号}\n  ${3:编号}：文本\n  ${4:金额}：金额，≥ 0元\n",
        " ${1:orders} (each called ${2:an order})\n  key: ${3:number}\n"
        "  ${3:number}: text\n  ${4:value}: money, >= CNY 0\n",
    ),
    "_PARAMS": ("\n  ${1:门槛}，别名 ${2:threshold} ＝ ${3:100万元}\n", "\n  ${1:threshold} = ${2:CNY 1 million}\n"),
    "_MEASURELIST": ("：${1:口头警告}、${2:取消资格}\n", ": ${1:oral warning}; ${2:loss of status}\n"),
    "_TABLE": (
        " ${1:返点表}\n  | ${2:产品} | ${3:返点} |\n  | ${4:服务器} | ${5:3%} |\n",
        " ${1:rates}\n  | ${2:product} | ${3:rate} |\n  | ${4:server} | ${5:3%} |\n",
    ),
    "_DECISION": (
        " ${1:名称}\n  | ${2:业绩} | ${3:结果} |\n  | ≥ ${4:100万元} | ${5:是} |\n  | ＜ ${4:100万元} | ${6:否} |\n",
        " ${1:name}\n  | ${2:revenue} | ${3:result} |\n  | >= ${4:CNY 1 million} | ${5:yes} |\n"
        "  | < ${4:CNY 1 million} | ${6:no} |\n",
    ),
    "_COMPUTE": (" ${1:名称} ＝ ${2:算式}\n", " ${1:name} = ${2:formula}\n"),
    "_CONDITION": (" ${1:名称}：${2:业绩} ≥ ${3:100万元}\n", " ${1:name}: ${2:revenue} >= ${3:CNY 1 million}\n"),
    "_REQUIRE": (" ${1:名称}：${2:业绩} ≥ ${3:100万元}\n", " ${1:name}: ${2:revenue} >= ${3:CNY 1 million}\n"),
    "_LADDER": (
        " ${1:等级}\n  | 要求 | ${2:金牌} | ${3:银牌} |\n  | ${4:业绩} | ≥ ${5:200万元} | ≥ ${6:100万元} |\n",
        " ${1:tier}\n  | criterion | ${2:gold} | ${3:silver} |\n"
        "  | ${4:revenue} | >= ${5:CNY 2 million} | >= ${6:CNY 1 million} |\n",
    ),
    "_BANDS": (
        " ${1:返点}\n  | ${2:完成率} | ${3:返点} |\n  | ≥ ${4:100%} | ${5:3%} |\n  | ＜ ${4:100%} | ${6:0%} |\n",
        " ${1:rate}\n  | ${2:attainment} | ${3:rate} |\n  | >= ${4:100%} | ${5:3%} |\n  | < ${4:100%} | ${6:0%} |\n",
    ),
    "_SCORE": (
        " ${1:评分}\n  合格线：${2:70分}\n  | 项 | 满分 | 得分 |\n  | ${3:销售} | ${4:60分} | ${5:业绩分} |\n"
        "  | ${6:交付} | ${7:40分} | ${8:服务分} |\n",
        " ${1:score}\n  pass mark: ${2:70 points}\n  | item | full marks | points |\n"
        "  | ${3:selling} | ${4:60 points} | ${5:selling-score} |\n"
        "  | ${6:delivery} | ${7:40 points} | ${8:delivery-score} |\n",
    ),
    "_REWARD": (
        " ${1:名称}\n  若：${2:条件}\n  金额：${3:2万元}\n",
        " ${1:name}\n  when: ${2:condition}\n  amount: ${3:CNY 20,000}\n",
    ),
    "_PENALTY": (
        " ${1:名称}\n  若：${2:条件}\n  措施：${3:警告}\n",
        " ${1:name}\n  when: ${2:condition}\n  measures: ${3:measure}\n",
    ),
    "_RESTRICT": (
        " ${1:名称}\n  若：${2:条件}\n  不得：${3:警告}，自 ${4:处罚日} 起 ${5:3个月}\n",
        " ${1:name}\n  when: ${2:condition}\n  barred from: ${3:measure}, from ${4:start day} for ${5:3 months}\n",
    ),
    "_DEADLINE": (
        " ${1:名称}\n  起算：${2:开始日}\n  时长：${3:30天}\n  完成：${4:完成日}\n",
        " ${1:name}\n  from: ${2:start day}\n  length: ${3:30 days}\n  done on: ${4:done date}\n",
    ),
    "_TALLY": (
        " ${1:名称}\n  统计：${2:台账}，其中 ${3:条件}\n  统计期：${4:期限}\n"
        "  每满：${5:3次}\n  视为：${6:1次} ${7:类别}\n",
        " ${1:name}\n  counting: ${2:ledger}, where ${3:condition}\n  window: ${4:deadline}\n  every: ${5:3 times}\n"
        "  counts as: ${6:1 time} ${7:class}\n",
    ),
    "_CASCADE": (
        " ${1:名称}\n  金额：${2:欠款}\n  次序：${3:返利}、${4:保证金}\n",
        " ${1:name}\n  amount: ${2:debt}\n  order: ${3:rebate}; ${4:deposit}\n",
    ),
    "_RULE": (" ${1:名称}\n  若 ${2:条件}，则 ${3:警告}\n", " ${1:name}\n  when ${2:condition}, then ${3:measure}\n"),
    "_GUARANTEE": (" ${1:名称}：${2:条件}\n", " ${1:name}: ${2:condition}\n"),
    "_EXAMPLE": (
        " ${1:名称}\n  评估日：${2:2024年6月30日}\n  已知：${3:业绩} ＝ ${4:100万元}\n  应得：${5:达标} 成立\n",
        " ${1:name}\n  as of: ${2:2024-06-30}\n  given: ${3:revenue} = ${4:CNY 1 million}\n"
        "  expect: ${5:requirement} holds\n",
    ),
}


def snippet(terminal: str, lang: Language) -> str | None:
    """What to put behind the block word; None for blocks that are only one line."""
    found = SNIPPETS.get(terminal)
    return found[0 if lang == "zh" else 1] if found else None


def flat(text: str) -> str:
    """The same without places to step through."""
    return _PLACE.sub(r"\1", text)
