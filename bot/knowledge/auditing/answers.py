"""FAQ answers whose figures contradict the tables, compared on a day for which the answer is given."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from bot.knowledge.auditing.figures import Figure, Known, amounts, computed, figures_in
from bot.knowledge.auditing.findings import Audited, Finding, Rule, Severity, path
from bot.knowledge.auditing.tables import Tables
from bot.knowledge.domain import FaqEntry
from bot.knowledge.periods import DAY
from bot.knowledge.wording import day_text
from bot.text.sentences import split_sentences

# A sentence with one of these may tell what was paid before.
_BEFORE = re.compile(
    r"trước (?:đó|đây|kia)|(?:mức|lãi|giá) cũ|đã (?:hết|kết thúc|bãi bỏ)|không còn (?:là mức|áp dụng)", re.IGNORECASE
)
_SUPPOSED = re.compile(r"ví dụ|thí dụ|chẳng hạn|giả sử", re.IGNORECASE)
_MOST_NAMED = 3


def check_answers(audited: Audited) -> Iterator[Finding]:
    """Find figures of another time in FAQ answers, and figures that no table knows.

    The figure of another time is an error where the tables give one for the day that the answer is for, unless the
    sentence says that it tells the past, or the answer names the year from which it will apply. What is only supposed,
    for an example, need not stand in any table.
    """
    tables = Tables(audited.snapshot)
    for faq in audited.snapshot.faqs.values():
        written = list(dict.fromkeys(figures_in(faq.answer)))
        if written:
            yield from _answer(faq, written, tables.known(faq), _day(faq, audited.day))


def _day(faq: FaqEntry, today: date) -> date:
    """Today, or the nearest day for which the answer is given."""
    if faq.applies_to is not None and faq.applies_to < today:
        return faq.applies_to
    return max(faq.applies_from or today, today)


def _answer(faq: FaqEntry, written: Sequence[Figure], known: Sequence[Known], day: date) -> Iterator[Finding]:
    current = [each.figure for each in known if each.holds_on(day)]
    unknown = []
    for figure in written:
        others = [each for each in known if each.figure == figure]
        if figure in current:
            continue
        if others:
            replaced_by = _successors(others, known, day)
            if not _is_coming(faq.answer, others, day) and not _is_past(faq.answer, others, replaced_by):
                yield _outdated(faq, others[0], replaced_by, day)
        elif not (
            _is_supposed(faq.answer, figure)
            or computed(figure, [*current, *(other for other in written if other != figure)])
            or _was_computed(faq.answer, figure, known)
        ):
            unknown.append(figure)
    if unknown:
        yield _unknown(faq, unknown, day)


def _is_coming(answer: str, others: Sequence[Known], day: date) -> bool:
    return any(each.first is not None and day < each.first and str(each.first.year) in answer for each in others)


def _is_past(answer: str, others: Sequence[Known], replaced_by: Sequence[Figure]) -> bool:
    """Whether a sentence gives the figure as a former one: in so many words, by its last day, or beside the new one."""
    for sentence in split_sentences(answer):
        told = set(figures_in(sentence))
        if others[0].figure in told and (
            _BEFORE.search(sentence)
            or any(each.last is not None and _ends(sentence, each.last) for each in others)
            or not told.isdisjoint(replaced_by)
        ):
            return True
    return False


def _was_computed(answer: str, figure: Figure, known: Sequence[Known]) -> bool:
    """Whether a sentence gives the figure until the last day of one that it follows from."""
    return any(
        computed(figure, [each.figure for each in known if each.last is not None and _ends(sentence, each.last)])
        for sentence in split_sentences(answer)
        if figure in figures_in(sentence)
    )


def _is_supposed(answer: str, figure: Figure) -> bool:
    """Whether the figure stands in examples only."""
    return all(_SUPPOSED.search(sentence) for sentence in split_sentences(answer) if figure in figures_in(sentence))


def _ends(text: str, last: date) -> bool:
    """Whether the text names the last day, or says "trước" the day after, or its month or year."""
    after = last + DAY
    day_after = rf"trước (?:ngày )?0?{after.day}/0?{after.month}/{after.year}\b"
    month_after = rf"trước (?:tháng 0?{after.month}/|năm ){after.year}\b"
    return re.search(rf"\b0?{last.day}/0?{last.month}/{last.year}\b|{day_after}|{month_after}", text) is not None


def _successors(others: Sequence[Known], known: Sequence[Known], day: date) -> list[Figure]:
    """The figures of the day that come from where the figure of another time came from, the nearest to it first."""
    origins, former = {each.origin for each in others}, others[0].figure
    found = [k.figure for k in known if k.origin in origins and k.holds_on(day) and k.figure.percent == former.percent]
    # "Không có lương hưu" is a bound of 0 đồng, which takes the place of no amount.
    return sorted((f for f in found if f.amount), key=lambda figure: abs(figure.amount - former.amount))


def _outdated(faq: FaqEntry, other: Known, instead: Sequence[Figure], day: date) -> Finding:
    since = f" từ {day_text(other.first)}" if other.first else ""
    until = f" đến {day_text(other.last)}" if other.last else ""
    wrong = f"Câu trả lời ghi {other.figure}, là mức áp dụng{since}{until}, không phải của ngày {day_text(day)}."
    if instead:
        wrong += f" Bảng của ngày ấy ghi: {amounts(instead[:_MOST_NAMED])}."
    mend = (
        "Sửa theo bảng, viết tên tham số trong ngoặc nhọn để con số tự đổi theo bảng, hoặc ghi ngày cuối cho câu "
        "này. Nếu nói về trước đây thì thêm chữ “trước đó” hay “trước ngày …”."
    )
    certain = instead and not _is_supposed(faq.answer, other.figure)
    severity = Severity.ERROR if certain else Severity.WARNING
    return Finding(Rule.OUTDATED_FIGURE, severity, path("faq_entries", faq.id), wrong, mend)


def _unknown(faq: FaqEntry, figures: Sequence[Figure], day: date) -> Finding:
    wrong = (
        f"Câu trả lời ghi {amounts(figures)}, nhưng ngày {day_text(day)} không bảng nào của chương trình, chủ đề hay "
        "văn bản được dẫn có con số ấy."
    )
    mend = "Đối chiếu với văn bản. Nếu đúng, nên đưa vào bảng tham số hoặc mức hưởng rồi nhắc bằng tên tham số."
    return Finding(Rule.UNKNOWN_FIGURE, Severity.WARNING, path("faq_entries", faq.id), wrong, mend)
