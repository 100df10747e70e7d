"""Programs that are open today and do not say what to bring or what to do."""

from collections.abc import Iterator

from bot.knowledge.auditing.findings import Audited, Finding, Rule, Severity, path
from bot.knowledge.domain import State


def check_procedures(audited: Audited) -> Iterator[Finding]:
    """Find the open provision of today that lists no documents, or no steps."""
    for program in audited.snapshot.programs.values():
        provision = program.on(audited.day)
        if provision is None or provision.state is not State.OPEN:
            continue
        row = path("programs", program.id, provision.key)
        if not provision.documents:
            wrong = "Chương trình đang mở nhưng chưa ghi giấy tờ nào."
            mend = "Thêm giấy tờ; không cần giấy tờ thì ghi một dòng nói rõ là không phải nộp."
            yield Finding(Rule.PROGRAM_WITHOUT_DOCUMENTS, Severity.WARNING, row, wrong, mend)
        if not provision.steps:
            wrong = "Chương trình đang mở nhưng chưa ghi bước nào phải làm."
            mend = "Thêm các bước: làm gì, ở đâu, bao lâu; không phải làm gì thì ghi một bước nói rõ điều đó."
            yield Finding(Rule.PROGRAM_WITHOUT_STEPS, Severity.WARNING, row, wrong, mend)
