"""Builds the parts of a document from its tree and checks that they refer to each other correctly."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from shuniu.policy import model as m
from shuniu.policy import words
from shuniu.policy.lint import rows, word
from shuniu.policy.load_duties import duties, horizon, name_use, succession, withdrawal
from shuniu.policy.load_facts import clauses, load_categories, load_facts, unique
from shuniu.policy.load_measures import filed_under_rows, load_measures, matter, same_matters
from shuniu.policy.load_norms import load_above, load_norms
from shuniu.policy.load_stages import Known, load_outcome, load_stages, load_templates
from shuniu.policy.parse_rules import RuleParser
from shuniu.policy.reader import Table, near
from shuniu.policy.rules import Rule

_QUESTIONS = (*words.CONDITION_QUESTIONS, *words.MEASURE_QUESTIONS)


def build(table: Table, parser: type[RuleParser] = RuleParser) -> m.Document:
    """The document of a file; problems are left in the table's sink. ``parser`` reads its rules."""
    version_of_format = table.integer("format", low=1, high=1, default=1)
    del version_of_format
    maker = _Maker(table, parser)
    document = maker.document()
    table.close()
    return document


class _Maker:
    def __init__(self, table: Table, parser: type[RuleParser]) -> None:
        self.table = table
        self.sink = table.sink
        self.clauses = clauses(table)
        self.numbers = {clause.number for clause in self.clauses}
        self.categories = load_categories(table, self.clause)
        self.limits = tuple(self._limits())
        numbers = {limit.key: limit.at_most for limit in self.limits}
        self.facts, self.rules = load_facts(table, self.categories, numbers, self.clause, parser)
        self.rules.sheets = tuple(word(row, "key") for row in rows(table.node, "score_sheets"))
        for limit in self.limits:
            for name, kinds in ((limit.counts, ("integer", "decimal")), (limit.passed_by, ("text",))):
                if name and (name not in self.facts or self.facts[name].type not in kinds):
                    found = f"“{name}”" + near(name, self.facts)
                    table.wrong("limits", f"{limit.key} 应引用类型是 {kinds[0]} 的事实", found)

    def clause(self, table: Table, key: str = "clause", *, required: bool = True) -> str:
        number = m.plain_number(table.text(key, required=required, limit=40))
        if number and number not in self.numbers:
            table.wrong(key, "应为 clauses 中已列出的条款号", f"“{number}”")
        return number

    def rule_at(self, table: Table, key: str) -> Rule | None:
        node = table.get(key)
        return None if node is None else self.rules.rule(node, table.at(key))

    def text_fact(self, table: Table, key: str, *, required: bool) -> str:
        name = table.text(key, required=required, limit=60)
        if name and (name not in self.facts or self.facts[name].type != "text"):
            table.wrong(key, "应为类型是 text 的事实（书面理由）", f"“{name}”")
        return name

    def document(self) -> m.Document:
        table = self.table
        effective = table.table("effective")
        day, until, effective_clause = None, None, ""
        if effective is not None:
            day, until = effective.day("from"), effective.day("until", required=False)
            if day is not None and until is not None and until < day:
                effective.wrong("until", "失效日期不应早于施行日期")
            effective_clause = self.clause(effective)
            effective.close()
        interpreter, interpreter_clause = self._interpreter()
        issuer, norms = self._issuer(), load_norms(table, self.clause)
        conditions = tuple(self._conditions(norms, issuer.level))
        points = tuple(self._not_stated())
        stated = tuple(self._stated(points))
        askable = [*(p.key for p in points), *(s.key for s in stated)]
        measures = load_measures(table, self.rules, self.facts, self.clause)
        same_matters(table, conditions, measures.sheets)
        filed_under_rows(table, self.facts, measures.sheets)
        return m.Document(
            key=table.word("key"),
            version=table.text("version", limit=20),
            title=table.text("title"),
            short=table.text("short", limit=20),
            issued=table.day("issued", required=False),
            effective=day,
            effective_clause=effective_clause,
            interpreter=interpreter,
            interpreter_clause=interpreter_clause,
            issuer=issuer,
            clauses=self.clauses,
            facts=self.facts,
            categories=self.categories,
            conditions=conditions,
            limits=self.limits,
            stages=load_stages(table, self.clause, Known(askable, conditions, measures)),
            outcome=load_outcome(table, self.clause, askable),
            consequences=tuple(self._consequences()),
            withdrawal=withdrawal(table, self.clause),
            name_use=name_use(table, self.clause),
            duties=duties(table, self.clause),
            not_stated=points,
            stated=stated,
            succession=succession(table, self.clause),
            horizon=horizon(table, self.clause),
            templates=load_templates(table, self.clause, measures.sheets),
            deadlines=measures.deadlines,
            votes=measures.votes,
            quotas=measures.quotas,
            sheets=measures.sheets,
            gradings=measures.gradings,
            fundings=measures.fundings,
            warnings=measures.warnings,
            effective_until=until,
            norms=tuple(norms.values()),
            index=MappingProxyType(_index(conditions)),
        )

    def _interpreter(self) -> tuple[str, str]:
        table = self.table.table("interpreter")
        if table is None:
            return "", ""
        found = table.text("name"), self.clause(table)
        table.close()
        return found

    def _issuer(self) -> m.Issuer:
        table = self.table.table("issuer", required=True)
        if table is None:
            return m.Issuer("", "city", "", (), ())
        issuer = m.Issuer(
            name=table.text("name"),
            level=table.choice("level", words.LEVELS),
            clause=self.clause(table),
            may_open=table.choices("may_open", words.LEVELS, required=True),
            may_use=table.choices("may_use", words.LEVELS),
        )
        table.close()
        return issuer

    def _limits(self) -> list[m.LimitSpec]:
        found = []
        for table in self.table.tables("limits"):
            binding = table.choice("binding", m.BINDINGS)
            found.append(
                m.LimitSpec(
                    key=table.word("key"),
                    clause=self.clause(table),
                    label=table.text("label"),
                    at_most=table.integer("at_most", low=1),
                    binding=m.binding_of(binding),
                    counts=table.text("counts", limit=60),
                    passed_by=table.text("passed_by", required=binding == "in_principle", limit=60),
                )
            )
        unique(self.table, "limits", [limit.key for limit in found])
        return found

    def _readings(self, table: Table, key: str = "rule") -> tuple[m.Reading, ...]:
        """One rule, or at least two readings."""
        if not table.has("readings"):
            node = table.get(key, required=True, what="一条规则（rule），或两种以上理解（readings）")
            return () if node is None else (m.Reading("only", "", self.rules.rule(node, table.at(key))),)
        if table.has(key):
            table.known.add(key)
            table.wrong(key, f"{key} 与 readings 只写一个")
        found = []
        for row in table.tables("readings"):
            rule = self.rule_at(row, "rule")
            if rule is None:
                row.wrong("rule", "必须写明这种理解下的规则", "缺少")
                continue
            found.append(m.Reading(row.word("key"), row.text("words"), rule))
        if len(found) < 2:
            table.wrong("readings", "readings 至少要有两种理解")
        unique(table, "readings", [reading.key for reading in found])
        return tuple(found)

    def _conditions(self, norms: Mapping[str, m.Norm], level: str) -> list[m.Condition]:
        found = []
        for table in self.table.tables("conditions"):
            binding = table.choice("binding", m.BINDINGS, default="must")
            hints = []
            for row in table.tables("hints"):
                when = self.rule_at(row, "when")
                say = row.text("say")
                if when is not None:
                    hints.append(m.Hint(when, say))
            key, readings = table.word("key"), self._readings(table)
            taken = table.text("taken", required=False, limit=60)
            if taken and (len(readings) < 2 or taken not in [reading.key for reading in readings]):
                table.wrong("taken", "应为 readings 中的一种理解", f"“{taken}”")
            found.append(
                m.Condition(
                    key=key,
                    clause=self.clause(table),
                    label=table.text("label"),
                    asks=table.choices("asks", words.CONDITION_QUESTIONS, required=True),
                    binding=m.binding_of(binding),
                    readings=readings,
                    quote=table.text("quote", required=False, limit=30),
                    applies=self.rule_at(table, "applies"),
                    passed_by=self.text_fact(table, "passed_by", required=binding == "in_principle"),
                    state=table.text("state", required=False, limit=20),
                    hints=tuple(hints),
                    taken=taken,
                    matter=matter(table, readings),
                    above=load_above(table, self.rules, norms, level),
                )
            )
        unique(self.table, "conditions", [condition.key for condition in found])
        return found

    def _not_stated(self) -> list[m.NotStated]:
        found = []
        for table in self.table.tables("not_stated"):
            default = table.get("default")
            value = default.value if default is not None else None
            if value is not None and not isinstance(value, str | int):
                table.wrong("default", "默认值应为文字或整数")
                value = None
            kind = table.choice("kind", words.VALUE_KINDS)
            choices = table.texts("choices", required=kind == "choice")
            if kind == "choice" and value is not None and value not in choices:
                table.wrong("default", f"默认值应取自 choices：{'、'.join(choices)}")
            found.append(
                m.NotStated(
                    key=table.word("key"),
                    label=table.text("label"),
                    filled_by=table.choice("filled_by", words.FILLERS),
                    kind=kind,
                    unit=table.text("unit", required=False, limit=10),
                    choices=choices,
                    default=value,
                    near=self.clause(table, "near", required=False),
                    note=table.text("note", required=False),
                    questions=table.choices("questions", _QUESTIONS),
                    when=self.rule_at(table, "when"),
                    per_category=table.flag("per_category"),
                )
            )
        unique(self.table, "not_stated", [point.key for point in found])
        return found

    def _stated(self, points: tuple[m.NotStated, ...]) -> list[m.Stated]:
        found = []
        for table in self.table.tables("stated"):
            given = table.get("value", required=True)
            value = given.value if given is not None else ""
            if isinstance(value, bool) or not isinstance(value, str | int):
                table.wrong("value", "应为文字或整数")
                value = ""
            unit = table.text("unit", required=False, limit=10)
            key, usual = table.word("key"), words.STATED_QUESTIONS
            questions = table.choices("questions", _QUESTIONS) or usual.get(key, ())
            found.append(m.Stated(key, self.clause(table), table.text("label"), value, unit, questions))
            if any(point.key == key for point in points):
                table.wrong(
                    "key",
                    "同一事项不能既写在 stated（本办法规定），又写在 not_stated（本办法未规定）",
                    f"“{key}”",
                )
        unique(self.table, "stated", [each.key for each in found])
        return found

    def _begins(self, table: Table) -> str:
        name = table.text("begins", required=False, limit=60)
        if name and (name not in self.facts or self.facts[name].type != "date"):
            table.wrong("begins", "应为类型是 date 的事实", f"“{name}”" + near(name, self.facts))
        if name and not table.has("lasts"):
            table.wrong("lasts", "写了 begins（从哪一天起算），必须写明多久", "缺少")
        return name

    def _consequences(self) -> list[m.Consequence]:
        found = [
            m.Consequence(
                key=table.word("key"),
                clause=self.clause(table),
                label=table.text("label"),
                effect=table.choice("effect", words.EFFECTS),
                scope=table.choice("scope", words.SCOPES),
                readings=self._readings(table, "ground"),
                automatic=table.flag("automatic", default=False),
                judged=table.flag("judged", default=False),
                quote=table.text("quote", required=False, limit=30),
                applies=self.rule_at(table, "applies"),
                note=table.text("note", required=False),
                begins=self._begins(table),
                lasts=_lasts(table),
                grades=table.integer("grades", required=False, low=1, high=20),
            )
            for table in self.table.tables("consequences")
        ]
        unique(self.table, "consequences", [each.key for each in found])
        return found


def _lasts(table: Table) -> tuple[int, str] | None:
    """How long a consequence lasts; it needs the day from which it runs."""
    row = table.table("lasts")
    if row is None:
        return None
    found = row.integer("n", low=1, high=100, default=1), row.choice("unit", ("years", "months", "days"))
    row.close()
    if not table.has("begins"):
        table.wrong("begins", "写了 lasts，必须写明从哪一天起算（类型是 date 的事实）", "缺少")
    return found


def _index(conditions: tuple[m.Condition, ...]) -> Mapping[str, tuple[m.Condition, ...]]:
    """Conditions by question, so that a judgement does not look through all of them."""
    by_question = {
        question: tuple(condition for condition in conditions if question in condition.asks)
        for question in words.CONDITION_QUESTIONS
    }
    both = {"eligibility", "category"}
    by_question["application"] = tuple(each for each in conditions if both & set(each.asks))
    return by_question
