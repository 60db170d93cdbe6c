"""What an author should do about a problem: one sentence beside what is wrong."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from shuniu.policy.problems import Problem

# The first words that stand in what was expected decide; from the special to the general.
ADVICE: tuple[tuple[str, str], ...] = (
    ("应为已声明的事实", "在 facts 中声明这个事实（name、type、label、source），或改用已声明的名称"),
    ("各项分值合计应等于总分", "改各项的 points，或把 total 改成合计数；附加分写 kind: bonus，扣分写 kind: deduction"),
    ("照 2026-07-01 写", "写定的日期月、日各两位；事实在 facts 中写 type: date"),
    ("问题应为", "照所列的问题写"),
    ("事实文件应能读取", "核对 --facts 后面的路径"),
    ("文件夹应存在", "核对路径；新的一份用 python -m shuniu.policy new 写出样例"),
    ("文件夹应含有", "核对路径；新的一份用 python -m shuniu.policy new 写出样例"),
    ("一个被比较的值", "写成 {fact: 事实, is: 值} 的样子；被比较的值有哪些写法，见编写指南"),
    ("没有这一行", "由人打分的写 points.名称，名称照评分表各行的 key"),
    ("given、facts 中的", "删去，或改成上面写过的事实"),
    ("样例里的名称", "换成原文的名称"),
    ("没有附原文", "把原文的文字存成同一文件夹里的 原文.txt（或 .docx、.pdf）"),
    ("以下没有写", "原文没有写的不改，落在那里的不作判断；原文写了不得分、不定级的，补上这一档"),
    ("文件不应为空", "用 python -m shuniu.policy new 写出样例，照着改"),
    ("两边不能相比", "数与数比，日期与日期比，文字与文字比；满几年用 elapsed，取年份用 year"),
    ("单位不同", "在 facts 中改成同一单位；单位只用来显示，引擎不换算"),
    ("完全相同", "照原文改正；确是一样的，删去一条"),
    ("不能同时为两个值", "列举的任一项用 in: [甲, 乙]；两种情形各有条件的用 any_of"),
    ("没有一个环节用到", "在 procedure 里办这件事的环节写上 vote 或 quotas"),
    ("追溯施行", "核对两处日期的年份"),
    ("比的是百分数", "calc: share 和以 % 为单位的事实都按百分数比较；确是这个数的不改"),
    ("跨年", "首尾写反了就对调；确是跨年的不改"),
    ("current 只用于", "往前推算的去掉 current；按自然年、半年、季度的改 unit"),
    ("这个状态只会是", "改用所列的状态；状态由记录的取值、start 和 becomes 的 to 组成"),
    ("没有用处", "改成记录里的状态，或在比较中写上它"),
    ("自动变化的起点", "改用记录里的状态"),
    ("上级类别应为", "上级类别写在下级之前，parent 写它的 key；类别不能成环"),
    ("类别的名称不得相同", "照原文写全称；两个小类同名的，前面加上大类的名称"),
    ("合格线不应高于", "核对原文：合格线是分数，不是百分比"),
    ("分数不应小于零", "去掉负号"),
    ("代替自己", "写原办法的 key；原办法没有录入的，另取一个"),
    ("应从低到高", "照从低到高的次序重排"),
    ("validity_end", "在 outcome 里写 validity: {n, unit, clause, first_day}"),
    ("应引用类型是", "counts 引一个整数或小数的事实，passed_by 引一个文字的事实，先在 facts 中声明"),
    ("应与文件夹同名", "改 key，或改文件夹的名称"),
    ("分数或百分数，如", "写成 1/2 或 30%"),
    ("每一项应为一个值", "照 [甲, 乙] 写，至少写一个"),
    ("规则的列表", "写成 [{…}, {…}]，或每行以“- ”开头；只有一条的不用列表"),
    ("true 或 false", "是写 true，否写 false，不加引号"),
    ("各项合计应为", "改这一组各项的 points，或改 groups 里的 points"),
    ("需要正好两个值", "减、除、占比、余数各要两个值，前后次序照“甲减乙、甲占乙”写"),
    ("一档应写", "数的分档写 from、to；选项、是否的分档写 is"),
    ("同一事项不能既写在 stated", "原文写了的留在 stated，删去 not_stated 里的"),
    ("后果应为", "案例的 effects 写后果的 key，照 consequences 的次序"),
    ("结果应为", "对照原文：是案例写错了，还是规则录错了"),
    ("实为", "对照原文：是案例写错了，还是规则录错了"),
    ("应指出缺少", "对照规则：这个事实是不是已经知道，或者规则用不到它"),
    ("档次重叠", "原文如此的不改：案例写明两种得分，由通知选定；录错的，改 from_included、to_included"),
    ("档次之间有空缺", "原文如此的不改，落在空缺中的不作判断；录错的，补上缺的一档"),
    ("到不了", "调整 procedure 的先后，或补上前面的环节；环节按原文的顺序排列"),
    ("没有持有者", "补上持有名额的环节或类别，或把 holder 改成原文所说的一方"),
    ("条款号", "在 clauses 中补上这一条，条款号照原文写；或改正这里的引用"),
    ("两处意思不同", "一个条款只写一处；确是两款的，用 items 分开写"),
    ("不能有两种意思", "核对原文，留下对的一处；两种理解都说得通的，写成同一条件的两个 readings"),
    ("同一句引文", "引文照所引条款的原文写；不是这一条的话，删去或改条款号"),
    ("在 clauses 中没有条目", "补上这一条；没有规则可录的写 kind: text"),
    ("在所附原文中没有", "核对条款号；标题缺失的，先看“原文编号”一类的提示"),
    ("引文应在所引条款的原文之中", "引文逐字照抄，不超过 30 字；标点不计"),
    ("原文编号", "对照原件；确是原文缺标题的，条款号照应有的次序写，不改 原文.txt"),
    ("原文应", "换成能打开、能复制文字的 Word、PDF 或纯文本；扫描件先识别成文字并校对"),
    ("没有一处规则引用", "补上执行它的条件、环节、后果、期限或义务；只供阅读的改为 kind: text"),
    ("没有一处规则用到", "删去，或补上用到它的规则；申报表只问规则用到的事实"),
    ("没有案例", "在 cases.yaml 中各写一例符合、一例不符合，临界的数和日期都写上"),
    ("没有判为", "在 cases.yaml 中补一例，临界的数和日期最能查出录错的规则"),
    ("结论应为", "对照原文：是案例写错了，还是规则录错了"),
    ("依据应含", "对照原文：案例的依据写错了，还是规则的 clause 录错了"),
    ("案例无法判断", "事实的值照 facts 中声明的类型写"),
    ("这里没有“", "删去这个键，或改成提示的键；各部分的键见 docs/policy-format.md"),
    ("有效的 YAML", "缩进只用空格；键后写英文冒号，空一格；含冒号、井号的文字加引号"),
    ("键不得重复", "合成一处，或改名"),
    ("名称不得重复", "每个名称只用一次"),
    ("应为数（百分数", "百分之四十写 0.4；占比用 calc: share，得出的是百分数，与 40 比较"),
    ("比大小的应为", "占比用 calc: share，得出的是百分数，与 40 比较；选项用 is 或 in"),
    ("一个比较词", "一条规则写一个值和一个比较词，如 {fact: 事实, at_least: 3}；见编写指南"),
    ("只用一个逻辑词", "几个逻辑词要嵌套：把里面的一条写在 all_of 或 any_of 的列表中"),
    ("只有这些值", "改用所列的值，或在该事实的 values 中补上"),
    ("不能比大小", "比大小用于数和日期；选项用 is 或 in"),
    ("应为一个列表", "写成 [甲, 乙]，或每行以“- ”开头"),
    ("没有声明 time", "在 facts 的这个事实里写 time: 记录中表示日期或年度的字段"),
    ("类型是 records 的事实", "先在 facts 中声明 type: records 的事实，并写明 fields"),
    ("类型是 date 的事实", "先在 facts 中声明这个日期（type: date）"),
    ("类型是 text 的事实", "先在 facts 中声明写理由的事实（type: text，source: application）"),
    ("的记录没有这个字段", "在该事实的 fields 中补上这一项，或改用已有的字段"),
    ("只写一个", "两个都写就不知以哪个为准，删去一个"),
    ("至少要有两种理解", "只有一种理解的不写 readings，直接写 rule"),
    ("上级制度", "采用上级制度的写法见 docs/policy-format.md；不采用的删去 extends、local"),
    ("组成的名称", "名称用小写英文，如 publicity_days；中文写在 label"),
    ("中的名称", "名称照所指列表里的 key 写"),
    ("一组“键: 值”", "写成下一级缩进的“键: 值”，或 {键: 值}"),
    ("上限不应小于下限", "上下限写反了，对调"),
    ("不应早于开始日期", "首尾日期写反了，对调"),
    ("UTF-8", "在编辑器里另存为 UTF-8 编码"),
    ("的整数", "只写数字，不加单位和引号"),
    ("应为一个数", "只写数字，不加单位和引号"),
    ("日期", "日期写成 2026-07-01，每年的月日写成 \"11-30\""),
    ("数字和日期请加引号", "这里要文字：数字和日期加引号"),
    ("不得超过", "写短一些；quote 只引起决定作用的几个字"),
    ("应为以下之一", "从所列的词中选一个"),
    ("应取自", "从所列的词中选"),
    ("必须写明", "补上；写法可参看 python -m shuniu.policy new 生成的样例"),
)  # fmt: skip
_GENERAL = "对照编写指南（policy-authoring.md）改正"


def advise(problem: Problem) -> Problem:
    """The problem with its advice."""
    said = next((advice for words, advice in ADVICE if words in problem.expected), _GENERAL)
    return dataclasses.replace(problem, advice=problem.advice or said)


def advised(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Every problem once, with its advice, by file and line."""
    found = dict.fromkeys(map(advise, problems))
    return tuple(sorted(found, key=lambda each: (each.file != "document.yaml", each.file, each.line)))
