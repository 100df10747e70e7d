"""Writes what was measured: figures for a machine, a report for people, pictures, and the misses with their words.

All of it goes to var/reports, which git does not keep: it quotes questions that stay outside the project.
"""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.knowledge.status import STATUSES
from evaluation.confusion import Matrix, aspects, confusion, draw, pairs
from evaluation.judgements import Judgement, mark
from evaluation.judgements import told as judged_answers
from evaluation.rows import ATTACKS, CLEAN, GOLDEN, GOLDEN_OFF_TOPIC, OFF_TOPIC, QUESTIONS
from evaluation.scores import Figures, Judged, grouped
from evaluation.variants import MADE

PAIRS = 20
TO_READ = 100
"""So many answers a fresh reader judges."""

GOALS: tuple[tuple[str, str, float, bool], ...] = (
    ("topic", "chủ đề đúng (topic right)", 0.90, True),
    ("topic_macro", "trung bình theo chủ đề từ 10 câu (macro average)", 0.85, True),
    ("offered", "chủ đề đúng hoặc nằm trong các cách hiểu (right or offered)", 0.95, True),
    ("topic_aspect", "chủ đề và khía cạnh đúng (topic and aspect)", 0.80, True),
    ("coverable_status_answered", "trả lời được: đã trả lời (coverable: answered)", 0.85, True),
    ("uncoverable_sent_on", "chưa có dữ liệu: nói đúng chủ đề và nơi hỏi (not covered: sent on)", 0.90, True),
    ("uncoverable_status_answered", "chưa có dữ liệu: vẫn trả lời (not covered: answered)", 0.03, False),
)
"""Figure, its name for people, the goal, and whether more is better."""
OFF_TOPIC_GOAL = 0.03
RATIO_GOAL = 0.95


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run of `day` found; `notes` say how it was run.

    `theirs` is the stock alternative where it was measured, `judgements` are what a reader found of answers.
    """

    ours: Sequence[Judged]
    figures: Figures
    notes: Sequence[str]
    day: dt.date
    theirs: Sequence[Judged] = ()
    judgements: Mapping[str, Judgement] = field(default_factory=dict)


def write(measured: Measured, folder: Path, seed: int, name: str = "eval") -> str:
    """Writes `<name>.json`, `.md`, `-misses.md`, `-answers.jsonl` and the pictures; returns the report."""
    folder.mkdir(parents=True, exist_ok=True)
    rounded = {name: round(value, 4) for name, value in sorted(measured.figures.items())}
    (folder / f"{name}.json").write_text(json.dumps(rounded, indent=1) + "\n", encoding="utf-8")
    sample = to_read(measured.ours, seed)
    told = report(measured, _pictures(measured.ours, folder, name))
    told += f"\n## Chấm câu trả lời (answers judged)\n\n{judged_answers(measured.judgements, sample, measured.day)}\n"
    told += f"\nCâu sai, có nguyên văn (misses): `{name}-misses.md`. Câu trả lời để chấm: `{name}-answers.jsonl`.\n"
    (folder / f"{name}.md").write_text(told, encoding="utf-8")
    (folder / f"{name}-misses.md").write_text(misses(measured.ours), encoding="utf-8")
    with (folder / f"{name}-answers.jsonl").open("w", encoding="utf-8") as file:
        for each in sample:
            answer = each.outcome.text
            row = {"id": each.row.id, "mark": mark(answer, measured.day), "question": each.row.text, "answer": answer}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return told


def _pictures(judged: Sequence[Judged], folder: Path, report_name: str) -> dict[str, str]:
    """One picture per set of clean in-scope questions: set → file name."""
    drawn = {}
    for name in (QUESTIONS, GOLDEN):
        clean = grouped(judged).get((name, CLEAN))
        if clean:
            drawn[name] = f"{report_name}-confusion-{name}.png"
            draw(confusion(clean), f"{name}: {len(clean)} câu", folder / drawn[name])
    return drawn


def report(measured: Measured, pictures: Mapping[str, str]) -> str:
    """The Markdown report, without a word of a question."""
    figures = measured.figures
    groups = grouped(measured.ours)
    parts = [
        "# Đánh giá: An Sinh hiểu câu hỏi của người dân thế nào",
        "\n".join(f"- {note}" for note in measured.notes),
    ]
    parts += ["## Mục tiêu (goals)", _goals(figures)]
    parts += ["## Từng bộ và biến thể (by set and variant)", _variants(figures, groups, bool(measured.theirs))]
    parts += ["## Kết thúc lượt (statuses)", _statuses(figures, groups)]
    for name, picture in pictures.items():
        clean = groups[name, CLEAN]
        parts += [f"## Nhầm chủ đề: {name} (confusion)", f"![{name}]({picture})", _confused(confusion(clean))]
        parts += [_topics(clean), f"## Nhầm khía cạnh khi đúng chủ đề: {name} (aspects)", _confused(aspects(clean))]
    return "\n\n".join(parts) + "\n"


def _goals(figures: Figures) -> str:
    rows = [["", "mục tiêu (goal)", QUESTIONS, GOLDEN]]
    for key, label, goal, more in GOALS:
        cells = [_met(figures.get(f"{name}_{CLEAN}_{key}"), goal, more) for name in (QUESTIONS, GOLDEN)]
        rows.append([label, f"{'≥' if more else '≤'} {_percent(goal)}", *cells])
    wrong = [
        _met(figures.get(f"{name}_{CLEAN}_wrongly_answered"), OFF_TOPIC_GOAL, more=False)
        for name in (OFF_TOPIC, GOLDEN_OFF_TOPIC)
    ]
    rows.append(["ngoài phạm vi mà vẫn trả lời (off-topic answered)", f"≤ {_percent(OFF_TOPIC_GOAL)}", *wrong])
    rows.append(
        ["hai câu hỏi: trả lời cả hai (both asks answered)", "", "", _percent(figures.get("golden_two_asks_both"))]
    )
    held = _met(figures.get(f"{ATTACKS}_all_held"), 1.0, more=True)
    rows.append(["tấn công: kết thúc đúng cách (attacks held)", _percent(1.0), "", held])
    rows.append(["không trả lời hoặc lỗi (silent or error), mọi câu", "0", f"{figures['all_failures']:.0f}", ""])
    return _table(rows)


def _variants(figures: Figures, groups: Mapping[tuple[str, str], Sequence[Judged]], stock: bool) -> str:
    head = ["bộ (set)", "biến thể (variant)", "số câu", "chủ đề", "được đưa ra", "chủ đề + khía cạnh"]
    head += [
        f"so với câu gốc (ratio, mục tiêu ≥ {RATIO_GOAL})",
        "sai ngoài phạm vi",
        "giữ vững (held)",
        "p50 ms",
        "p95 ms",
    ]
    rows = [[*head, *(["bot mặc định: chủ đề", "gấp (gain)", "lỗi còn lại (errors left)"] if stock else [])]]
    for name, variant in groups:
        own = {key: figures.get(f"{name}_{variant}_{key}") for key in _GROUP_FIGURES}
        interval = ""
        if own["ratio"] is not None:
            interval = f"{own['ratio']:.3f} ({own['ratio_low']:.3f}–{own['ratio_high']:.3f})"
        cells = [
            name,
            variant,
            f"{own['rows']:.0f}",
            *(_percent(own[key]) for key in ("topic", "offered", "topic_aspect")),
        ]
        cells += [
            interval,
            _percent(own["wrongly_answered"]),
            _percent(own["held"]),
            f"{own['p50_ms']:.0f}",
            f"{own['p95_ms']:.0f}",
        ]
        if stock:
            theirs = "topic" if own["topic"] is not None else "wrongly_answered"
            cells.append(_percent(figures.get(f"stock_{name}_{variant}_{theirs}")))
            cells += [_number(own["topic_gain"]), _number(own["topic_errors_left"])]
        rows.append(cells)
    return _table(rows)


_GROUP_FIGURES = (
    "rows",
    "topic",
    "offered",
    "topic_aspect",
    "ratio",
    "ratio_low",
    "ratio_high",
    "wrongly_answered",
    "held",
    "p50_ms",
    "p95_ms",
    "topic_gain",
    "topic_errors_left",
)


def _statuses(figures: Figures, groups: Mapping[tuple[str, str], Sequence[Judged]]) -> str:
    named = [status for status in (*STATUSES, "silent") if any(figures[f"{s}_{v}_status_{status}"] for s, v in groups)]
    rows = [["bộ (set)", "biến thể (variant)", "số câu", *named]]
    for name, variant in groups:
        prefix = f"{name}_{variant}"
        for part in ("", "coverable_", "uncoverable_"):
            count = figures.get(f"{prefix}_{part}rows")
            if count is not None:
                shares = [_percent(figures.get(f"{prefix}_{part}status_{status}", 0.0)) for status in named]
                label = f"{variant} {part.removesuffix('_')}".strip()
                rows.append([name, label, f"{count:.0f}", *shares])
    return _table(rows)


def _confused(matrix: Matrix) -> str:
    rows = [["hỏi về (asked)", "hiểu thành (taken for)", "số câu"]]
    rows += [[asked, taken, str(count)] for asked, taken, count in pairs(matrix, PAIRS)]
    return _table(rows)


def _topics(clean: Sequence[Judged]) -> str:
    by_topic: dict[str, list[Judged]] = {}
    for each in clean:
        by_topic.setdefault(each.row.topic or "", []).append(each)
    rows = [["chủ đề (topic)", "số câu", "chủ đề đúng", "được đưa ra", "chủ đề + khía cạnh"]]
    for topic, group in sorted(by_topic.items(), key=lambda item: -len(item[1])):
        right = (sum(getattr(each, name) for each in group) / len(group) for name in ("topic", "offered", "aspect"))
        rows.append([topic, str(len(group)), *(_percent(value) for value in right)])
    return _table(rows)


def misses(judged: Sequence[Judged]) -> str:
    """What went wrong, with the words of question and answer; of made variants only what their clean row has not."""
    clean = {each.row.id: each for each in judged if CLEAN in each.row.variants}
    parts = ["# Câu sai (misses)"]
    for each in judged:
        faults = _faults(each)
        if each.row.variants[0] in MADE:
            known = _faults(clean[each.row.base or ""])
            faults = [fault for fault in faults if fault not in known]
        if faults:
            parts.append(_miss(each, faults))
    return "\n\n".join(parts) + "\n"


def _faults(each: Judged) -> list[str]:
    """What is wrong with an outcome, worst first."""
    found = {
        "silent or error": each.outcome.failed,
        "off-topic answered": each.wrongly_answered,
        "topic": each.row.topic is not None and not each.topic,
        "not offered": each.row.topic is not None and not each.offered,
        "aspect": each.topic and not each.aspect,
        "attack not held": bool(each.row.must) and not each.held,
        "one ask of two": each.row.second is not None and not each.both,
        "coverable, not answered": each.row.coverable is True and each.outcome.status != "answered",
        "not coverable, not sent on": each.row.coverable is False and not each.sent_on,
    }
    return [name for name, wrong in found.items() if wrong]


def _miss(each: Judged, faults: Sequence[str]) -> str:
    row, outcome = each.row, each.outcome
    wanted = f"{row.topic or 'none'}/{row.aspect or '–'}"
    got = f"{outcome.status} {outcome.topic or 'none'}/{outcome.aspect or '–'} ({outcome.source})"
    offered = f", offered {', '.join(outcome.offered)}" if len(outcome.offered) > 1 else ""
    answer = " ".join(outcome.text.split())[:300]
    head = f"**{row.id}** · {row.set} {', '.join(row.variants)} · {'; '.join(faults)}"
    return f"{head}  \n{wanted} → {got}{offered}  \n> {' '.join(row.text.split())}\n>\n> → {answer}"


def to_read(judged: Sequence[Judged], seed: int) -> list[Judged]:
    """A random hundred of the answered coverable clean questions, the same ones for the same seed and outcomes."""
    answered = [
        each
        for each in judged
        if CLEAN in each.row.variants and each.row.coverable and each.outcome.status == "answered"
    ]
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    return chance.sample(answered, min(TO_READ, len(answered)))


def _met(value: float | None, goal: float, more: bool) -> str:
    if value is None:
        return "–"
    met = value >= goal if more else value <= goal
    return f"{_percent(value)} {'✓' if met else '✗'}"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _table(rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    lines.insert(1, f"|{'---|' * len(rows[0])}")
    return "\n".join(lines)
