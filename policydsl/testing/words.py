"""The words of a file of cases, in Chinese and English side by side; each stands for one key."""

from __future__ import annotations


from policydsl.text.fold import name_key
from policydsl.text.near import alike

Words = dict[str, tuple[str, ...]]

CASE: Words = {
    "define": ("定义", "define"),
    "name": ("名称", "name"),
    "clause": ("依据", "clause", "clauses"),
    "ruling": ("裁定", "ruling", "rulings"),
    "why": ("说明", "why"),
    "like": ("沿用", "like"),
    "facts": ("事实", "facts"),
    "without": ("去掉", "without"),
    "as_of": ("评估日", "as_of", "evaluation date"),
    "set": ("参数", "set"),
    "tables": ("表", "tables"),
    "expect": ("应得", "expect"),
    "refused": ("拒收", "refused"),
    "fired": ("触发", "fired"),
    "not_fired": ("未触发", "not_fired"),
    "missing": ("缺少", "missing"),
    "status": ("判定", "status"),
    "to_confirm": ("待确认", "to_confirm"),
}
DEFINED = ("define", "like", "facts", "without", "as_of", "set", "tables", "clause", "ruling", "why")
EXPECT: Words = {
    "value": ("值", "value"),
    "min": ("下限", "min"),
    "max": ("上限", "max"),
    "one_of": ("可能", "one_of"),
    "unknown": ("未定", "unknown"),
    "missing": ("缺少", "missing"),
    "status": ("判定", "status"),
    "holds": ("成立", "holds"),
    "state": ("状态", "state"),
    "not_applicable": ("不适用", "not_applicable"),
    "deemed": ("视为", "deemed"),
    "measures": ("措施", "measures"),
    "records": ("逐条", "records"),
    "parts": ("分项", "parts"),
    "barred": ("受限", "barred"),
    "not_done": ("未发生", "not_done"),
}
MEASURE: Words = {
    "status": ("发生", "status"),
    "modality": ("要求", "modality"),
    "from": ("自", "from"),
    "to": ("至", "to"),
    "afterwards": ("之后", "afterwards"),
}
# Of a value: the document does not say.
NOT_STATED: Words = {"not_stated": ("未规定", "not_stated", "not stated")}
# What a value may be where only a few words are possible.
TRUTH: Words = {
    "true": ("是", "true", "yes", "成立", "holds"),
    "false": ("否", "false", "no", "不成立", "fails"),
    "null": ("未定", "null", "unknown", "undetermined"),
}
HAPPENS: Words = {
    "yes": ("是", "yes", "true"),
    "no": ("否", "no", "false"),
    "unknown": ("未定", "unknown", "undetermined", "null"),
}
STATUS: Words = {
    "known": ("已定", "known"),
    "unknown": ("未定", "unknown", "undetermined"),
    "not_applicable": ("不适用", "not_applicable", "not applicable"),
    "conflict": ("冲突", "conflict"),
}
WHOLE: Words = {
    "determined": ("已定", "determined"),
    "undetermined": ("未定", "undetermined"),
}
MODALITY: Words = {
    "must": ("应当", "must"),
    "may": ("可以", "may"),
    "may_one_of": ("可以择一", "may_one_of"),
    "must_one_of": ("至少一项", "must_one_of"),
    "must_not": ("不得", "must_not"),
    "deemed": ("视为", "deemed"),
}


def meant(text: str, words: Words) -> str | None:
    """The key that a word stands for."""
    key = name_key(text)
    return next((name for name, spelled in words.items() if any(name_key(one) == key for one in spelled)), None)


def near(text: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Known words much like an unknown one."""
    keys = {name_key(one): one for one in known}
    return tuple(dict.fromkeys(keys[k] for k in alike(name_key(text[:80]), keys, percent=50)))


def spellings(words: Words, only: tuple[str, ...] | None = None) -> tuple[str, ...]:
    """Every word of a group, for advice."""
    return tuple(one for name, spelled in words.items() if only is None or name in only for one in spelled)
