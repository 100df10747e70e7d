"""The figures of a measurement by name, and the table that says the same."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean

from bench.publish import publish_figures
from bench.publish import told as publication_told
from bench.run import CLIENTS, OURS, PHRASED, THEIRS, Results
from bench.screening import Screened

Figures = dict[str, float]

EMBEDDED_SHARE = 0.0
"""No question is embedded: retrieval is lexical."""

MB = 1_000_000


def turn_figures(results: Results) -> Figures:
    """What was measured over the two running systems; ratios are An Sinh ÷ the stock bot."""
    figures: Figures = {}
    for clients in CLIENTS:
        ours, theirs = results.turns[OURS, clients], results.turns[THEIRS, clients]
        figures[f"turn_p50_ratio_{clients}"] = ours.p50 / theirs.p50
        figures[f"turn_p95_ratio_{clients}"] = ours.p95 / theirs.p95
        figures[f"throughput_ratio_{clients}"] = ours.per_second / theirs.per_second
        for name, measured in ((OURS, ours), (THEIRS, theirs)):
            figures[f"{name}_turn_p50_{clients}_ms"] = measured.p50
            figures[f"{name}_turn_p95_{clients}_ms"] = measured.p95
            figures[f"{name}_throughput_{clients}_per_second"] = measured.per_second
            figures[f"{name}_failures_{clients}"] = measured.failures
    figures["memory_ratio"] = results.memory[OURS] / results.memory[THEIRS]
    figures["ready_ratio"] = fmean(results.ready[OURS]) / fmean(results.ready[THEIRS])
    for name in (OURS, THEIRS):
        figures[f"{name}_memory_mb"] = results.memory[name] / MB
        figures[f"{name}_memory_idle_mb"] = results.idle_memory[name] / MB
        figures[f"{name}_ready_seconds"] = fmean(results.ready[name])
        early, late = results.sessions[name]
        figures[f"{name}_turn5_ms"], figures[f"{name}_turn200_ms"] = early, late
    figures["turn200_ratio"] = results.sessions[OURS][1] / results.sessions[OURS][0]
    figures["stock_turn200_ratio"] = results.sessions[THEIRS][1] / results.sessions[THEIRS][0]
    figures |= publish_figures(results.publish[OURS], results.publish[PHRASED], results.publish[THEIRS])
    figures["embedded_share"] = EMBEDDED_SHARE
    return figures


def question_figures(from_nothing: Sequence[Screened], from_opening: Sequence[Screened]) -> Figures:
    """How many questions a screening puts, to those who told nothing and to those who told class, place and age."""
    figures: Figures = {"households": len(from_nothing)}
    for name, screened in (("questions", from_nothing), ("questions_after_opening", from_opening)):
        figures[f"{name}_mean"] = fmean(each.questions for each in screened)
        figures[f"{name}_max"] = max(each.questions for each in screened)
    figures["facts_mean"] = fmean(each.facts for each in from_nothing)
    figures["facts_max"] = max(each.facts for each in from_nothing)
    return figures


def table(figures: Mapping[str, float]) -> str:
    """The figures as a Markdown table for people."""
    rows = [("", "An Sinh", "bot gốc (stock)", "tỉ lệ (ratio)")]
    for clients in CLIENTS:
        for percent in ("p50", "p95"):
            label = f"{percent}, {clients} client (ms)"
            rows.append(_row(figures, label, f"turn_{percent}_{clients}_ms", f"turn_{percent}_ratio_{clients}"))
        label = f"lượt/giây (turns/s), {clients} client"
        rows.append(_row(figures, label, f"throughput_{clients}_per_second", f"throughput_ratio_{clients}"))
        rows.append(_row(figures, f"không trả lời được (failures), {clients} client", f"failures_{clients}"))
    rows += [
        _row(figures, "bộ nhớ sau khi đo (memory after load, MB PSS)", "memory_mb", "memory_ratio"),
        _row(figures, "bộ nhớ khi mới chạy (memory when ready, MB PSS)", "memory_idle_mb"),
        _row(figures, "sẵn sàng (time to ready, s)", "ready_seconds", "ready_ratio"),
        _row(figures, "lượt 5 (turn 5, ms)", "turn5_ms"),
        _row(figures, "lượt 200 (turn 200, ms)", "turn200_ms"),
    ]
    rows.append(("lượt 200 ÷ lượt 5", f"{figures['turn200_ratio']:.2f}", f"{figures['stock_turn200_ratio']:.2f}", ""))
    lines = [f"| {' | '.join(row)} |" for row in rows]
    lines.insert(1, "|---|---:|---:|---:|")
    lines += ["", *_notes(figures)]
    return "\n".join(lines)


def _notes(figures: Mapping[str, float]) -> list[str]:
    sent = (
        f"- {figures['distinct_questions']:.0f} câu hỏi khác nhau, mỗi câu gửi một lần trong mỗi phép đo; "
        f"tỉ lệ câu phải tính vectơ (embedded share): {figures['embedded_share']:.0%}."
    )
    publish = f"- {publication_told(figures)}"
    screening = (
        f"- Sàng lọc {figures['households']:.0f} hộ mô phỏng (screening): trung bình {figures['questions_mean']:.1f} "
        f"câu hỏi, nhiều nhất {figures['questions_max']:.0f}, cho trung bình {figures['facts_mean']:.1f} thông tin; "
        f"khi đã nói loại hộ, nơi ở và tuổi: trung bình {figures['questions_after_opening_mean']:.1f}, "
        f"nhiều nhất {figures['questions_after_opening_max']:.0f}."
    )
    return [sent, publish, screening]


def _row(figures: Mapping[str, float], label: str, key: str, ratio: str | None = None) -> tuple[str, str, str, str]:
    ours, theirs = (f"{figures[f'{name}_{key}']:.4g}" for name in (OURS, THEIRS))
    return label, ours, theirs, "" if ratio is None else f"{figures[ratio]:.2f}"


def write(figures: Mapping[str, float], told: str, folder: Path) -> None:
    """Writes bench.json and bench.md."""
    folder.mkdir(parents=True, exist_ok=True)
    rounded = {name: round(value, 4) for name, value in figures.items()}
    (folder / "bench.json").write_text(json.dumps(rounded, indent=1) + "\n", encoding="utf-8")
    (folder / "bench.md").write_text(f"# An Sinh và bot gốc của Rasa\n\n{told}\n", encoding="utf-8")
