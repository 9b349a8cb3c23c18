"""Words much like one that is not known, but none that says the contrary."""

from __future__ import annotations

import re
from collections.abc import Collection
from difflib import get_close_matches

from policydsl.text.fold import lower

_NO = re.compile(r"[不非未无没勿免]|\b(?:not|no|non|un|dis|without)\b")
_CONTRARY = tuple(tuple(pair.split("/")) for pair in (
    "上/下 高/低 多/少 大/小 早/晚 前/后 内/外 增/减 升/降 起/止 首/末 收/付 买/卖 且/或 有/无 "
    "above/below over/under more/less high/low early/late before/after first/last in/ex max/min up/down start/end "
    "and/or most/least"
).split())

# What authors call a block, and what it is called here.
_MEANT = (
    "level/tiers levels/tiers grade/tiers grades/tiers rank/tiers ranks/tiers ladder/tiers calculate/compute "
    "calculation/compute formula/compute bonus/reward fine/penalty sanction/penalty "
    "级别/等级 分级/等级 定级/等级 公式/计算 算式/计算 奖金/奖励 罚款/处罚 罚则/处罚 时限/期限 名单/清单 "
    "期望/应得 预期/应得 结果/应得 输入/已知 条件/若 前提/若 expected/expect result/expect input/given inputs/given "
    "布尔/是否 布尔值/是否 真假/是否 字符串/文本 字符/文本 字串/文本 整数/数值 小数/数值 浮点/数值 "
    "枚举/选项 单选/选项 下拉/选项 "
    "boolean/yes/no bool/yes/no string/text integer/number decimal/number enum/choice amount/money currency/money "
    "事实/数据 输入/数据 变量/数据 facts/data inputs/data input/data variables/data 迟于/晚于"
)
MEANT: dict[str, tuple[str, ...]] = {}
for _pair in _MEANT.split():
    _word, _, _here = _pair.partition("/")
    MEANT[_word] = (*MEANT.get(_word, ()), _here)
MEANT["datetime"] = ("date and time",)



def alike(word: str, known: Collection[str], percent: int = 60) -> list[str]:
    """Up to three of the words that are written much like one (by ``percent``), the most alike first, without its
    contraries."""
    found = get_close_matches(word, known, 6, percent / 100)
    return [other for other in found if not contrary(word, other)][:3]


def contrary(word: str, other: str) -> bool:
    """Whether what two words differ in turns the meaning round: 满 and 不满, 含税额 and 不含税额, above and below."""
    a, b = lower(word), lower(other)
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    a, b = a[start:], b[start:]
    end = next((i for i, (x, y) in enumerate(zip(a[::-1], b[::-1], strict=False)) if x != y), min(len(a), len(b)))
    a, b = a[:len(a) - end], b[:len(b) - end]
    if bool(_NO.search(a)) != bool(_NO.search(b)):
        return True
    return any(x in a and y in b or x in b and y in a for x, y in _CONTRARY)
