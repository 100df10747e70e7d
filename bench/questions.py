"""The questions that are sent: how people ask, taken from the project's own rows; each one different."""

from __future__ import annotations

import random

from bot.knowledge.domain import Aspect
from bot.knowledge.prepared import prepare
from bot.knowledge.snapshot import Snapshot

TEMPLATES: dict[Aspect, tuple[str, ...]] = {
    Aspect.ELIGIBILITY: ("Ai thì được {}?", "Nhà tôi muốn hỏi điều kiện {} với ạ"),
    Aspect.BENEFIT: ("{} được bao nhiêu tiền?",),
    Aspect.DOCUMENTS: ("Làm {} cần những giấy tờ gì?",),
    Aspect.PROCEDURE: ("{} thì nộp hồ sơ ở đâu?",),
    Aspect.TIME_LIMIT: ("{} mấy ngày thì có kết quả?",),
    Aspect.LEGAL_BASIS: ("{} theo quy định nào vậy?",),
}


def questions(snapshot: Snapshot, seed: int) -> list[str]:
    """All questions, shuffled: those of the FAQ entries, and each keyword of a program with each template.

    No two are the same once accents, capitals, punctuation and shorthand are taken away.
    """
    texts = [text for faq in snapshot.faqs.values() for text in (faq.question, *faq.phrasings)]
    for program in snapshot.programs.values():
        for keyword in (program.short_name, *program.keywords):
            for template in (each for several in TEMPLATES.values() for each in several):
                texts.append(template.format(keyword))  # noqa: PERF401 - three loops read better apart
    distinct = list({prepare(text): text for text in reversed(texts)}.values())
    # Seeded, so that two runs send the same.
    random.Random(seed).shuffle(distinct)  # noqa: S311
    return distinct


def choose(snapshot: Snapshot, count: int, seed: int) -> list[str]:
    """`count` different questions, half of them (or all there are) from the FAQ; raises ValueError for too few."""
    everything = questions(snapshot, seed)
    asked = {text for faq in snapshot.faqs.values() for text in (faq.question, *faq.phrasings)}
    from_faq = [text for text in everything if text in asked]
    made = [text for text in everything if text not in asked]
    half = min(len(from_faq), count // 2)
    chosen = [*from_faq[:half], *made[: count - half]]
    if len(chosen) < count:
        raise ValueError(f"{count} different questions are wanted, the rows give {len(chosen)}")
    random.Random(seed + 1).shuffle(chosen)  # noqa: S311
    return chosen
