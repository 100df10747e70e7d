"""Facts: those that criteria read exist and can be learnt, and those that exist are of use."""

from collections.abc import Iterator, Mapping

from bot.knowledge.auditing.findings import Audited, Finding, Rule, Severity, criteria_of, path
from bot.knowledge.calculators.registry import CALCULATORS
from bot.knowledge.derive import OF_COMMUNE
from bot.knowledge.domain import Criterion, Evidence, FactDefinition, FactType, Operator, State


def check_criteria(audited: Audited) -> Iterator[Finding]:
    """Find criteria on a fact that is not defined: nobody is ever asked it."""
    for program in audited.snapshot.programs.values():
        for provision in program.provisions:
            for name in dict.fromkeys(criterion.fact for criterion in criteria_of(provision)):
                if name not in audited.snapshot.facts:
                    row = path("programs", program.id, provision.key)
                    wrong = f"Có điều kiện đọc {name}, nhưng không có thông tin người dân nào tên như vậy."
                    mend = "Chọn lại thông tin trong điều kiện, hoặc thêm thông tin này."
                    yield Finding(Rule.UNKNOWN_FACT, Severity.ERROR, row, wrong, mend)


def check_unread(audited: Audited) -> Iterator[Finding]:
    """Find facts that no criterion or calculator reads, that follow from no other fact and settle none that is read."""
    facts = audited.snapshot.facts
    read = {
        criterion.fact
        for program in audited.snapshot.programs.values()
        for provision in program.provisions
        for criterion in criteria_of(provision)
    }
    for program in audited.snapshot.programs.values():
        calculator = CALCULATORS.get(program.calculator or "")
        read.update(calculator.inputs if calculator else ())
    implied = {name for fact in facts.values() for name in _implied(fact)}
    for fact in facts.values():
        if fact.id not in read | implied and read.isdisjoint(_settled(fact)):
            wrong = "Không điều kiện hay phép tính nào đọc thông tin này, cũng không thông tin nào suy ra nó."
            mend = "Bỏ thông tin này, hoặc thêm điều kiện cần đến nó."
            yield Finding(Rule.UNREAD_FACT, Severity.WARNING, path("citizen_facts", fact.id), wrong, mend)


def check_questions(audited: Audited) -> Iterator[Finding]:
    """Find facts that a screened program reads, today or later, and that neither a question nor a fact tells."""
    facts = audited.snapshot.facts
    told = {name for fact in facts.values() if _can_be_asked(fact) for name in _settled(fact)}
    wanted = {
        criterion.fact: program.id
        for program in audited.snapshot.programs.values()
        if program.screened
        for provision in program.provisions
        if provision.state is State.OPEN and (provision.applies_to is None or audited.day <= provision.applies_to)
        for criterion in criteria_of(provision)
        if _decides(criterion)
    }
    for name, program in wanted.items():
        if name in facts and not _can_be_asked(facts[name]) and name not in told:
            wrong = f"Chương trình {program} cần thông tin này khi xét, nhưng không có câu nào để hỏi."
            mend = "Viết câu hỏi và cho phép hỏi người dân, hoặc bỏ chọn “Xét khi rà soát” (screened) của chương trình."
            yield Finding(Rule.FACT_WITHOUT_QUESTION, Severity.ERROR, path("citizen_facts", name), wrong, mend)


def _decides(criterion: Criterion) -> bool:
    """Whether an answer could settle the criterion."""
    return criterion.operator is not Operator.UNSETTLED and criterion.evidence is not Evidence.MEMORY


def _can_be_asked(fact: FactDefinition) -> bool:
    return fact.askable and bool(fact.question.strip())


def _implied(fact: FactDefinition) -> Iterator[str]:
    for settled in fact.implies.values():
        yield from settled


def _settled(fact: FactDefinition) -> Iterator[str]:
    """All facts that an answer to ``fact`` settles."""
    yield from _implied(fact)
    for choice in fact.choices:
        choices: tuple[Mapping[str, object], ...] = (choice.when, choice.unless)
        for settled in choices:
            yield from settled
    if fact.type is FactType.COMMUNE:
        yield from OF_COMMUNE
