"""The figures of load and soak by name, and the tables that say the same."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from bench.load.growth import Growth
from bench.load.samples import Sample, Summary, seconds_until_calm, summary
from tools.bootstrap import ROOT
from tools.say import line

Figures = dict[str, float]
FLAT_SHARE = 0.05
"""Memory counts as flat where it would grow by less than this share in an hour."""

CALM = 2.0
"""It is as before when p95 is at most so many times what it was."""

CALM_SECONDS = 5.0
PERCENTS = (50, 95, 99)


def load_figures(
    stages: Mapping[int, Sequence[Sample]],
    lengths: Mapping[int, float],
    stock: Sequence[Sample],
    afterwards: Sequence[Sample],
    memory: Growth,
) -> Figures:
    """``stages`` and their ``lengths`` in seconds go by the number of citizens; the first is the stock bot's too."""
    few = min(stages)
    figures: Figures = {}
    for citizens, samples in stages.items():
        figures |= _stage(f"ansinh_{citizens}", summary(samples, lengths[citizens]))
    figures |= _stage(f"stock_{few}", summary(stock, lengths[few]))
    for percent in PERCENTS:
        figures[f"p{percent}_ratio_{few}"] = (
            figures[f"ansinh_{few}_p{percent}_ms"] / figures[f"stock_{few}_p{percent}_ms"]
        )
    calm = seconds_until_calm(afterwards, CALM * figures[f"ansinh_{few}_p95_ms"])
    figures["recovery_seconds"] = -1 if calm is None else calm
    return figures | memory_figures(memory)


def _stage(name: str, told: Summary) -> Figures:
    figures = {f"{name}_p{percent}_ms": told.p(percent) for percent in PERCENTS}
    figures[f"{name}_patient_p95_ms"] = told.patient_p(95)
    figures[f"{name}_per_second"] = told.per_second
    figures[f"{name}_turns"] = len(told.turns)
    figures[f"{name}_refused"] = told.refused
    figures[f"{name}_errors"] = told.errors.total()
    figures |= {f"{name}_error {kind}": count for kind, count in told.errors.items()}
    return figures


def soak_figures(samples: Sequence[Sample], seconds: float, memory: Growth) -> Figures:
    """One long stage: the whole, p95 of its first and of its last fifth, and memory."""
    figures = {"soak_minutes": seconds / 60, **_stage("soak", summary(samples, seconds)), **memory_figures(memory)}
    fifth = seconds / 5
    figures["soak_first_p95_ms"] = summary([each for each in samples if each.since < fifth], fifth).p(95)
    figures["soak_last_p95_ms"] = summary([each for each in samples if each.since >= seconds - fifth], fifth).p(95)
    return figures


def memory_figures(memory: Growth) -> Figures:
    """What each process holds at the beginning and at the end, and how it grows."""
    figures: Figures = {}
    for name in memory.held:
        figures[f"{name}_begin_mb"] = memory.begin_mb(name)
        figures[f"{name}_end_mb"] = memory.end_mb(name)
        figures[f"{name}_mb_per_hour"] = memory.slope_mb_per_hour(name)
        figures[f"{name}_growth_share"] = memory.growth_share(name)
    return figures


def goals(figures: Mapping[str, float]) -> dict[str, bool]:
    """Each goal that these figures can tell of, and whether it was met."""
    errors = sum(value for name, value in figures.items() if name.endswith("_errors") and not name.startswith("stock"))
    met = {"không lỗi nào ngoài từ chối có chủ ý (no error but deliberate 429)": errors == 0}
    for name, value in figures.items():
        if name.startswith("p95_ratio_"):
            met[f"p95 của {name.rpartition('_')[2]} người ≤ bot gốc (p95 ≤ stock's)"] = value <= 1
    if "recovery_seconds" in figures:
        met[f"hết quá tải thì trở lại trong {CALM_SECONDS:.0f} s (recovers)"] = (
            0 <= figures["recovery_seconds"] <= CALM_SECONDS
        )
    if "soak_minutes" in figures:
        met["bộ nhớ không tăng (memory flat)"] = all(
            value < FLAT_SHARE for name, value in figures.items() if name.endswith("_growth_share")
        )
    return met


def table(figures: Mapping[str, float]) -> str:
    """The figures in Markdown for people."""
    stages = [name.removesuffix("_turns") for name in figures if name.endswith("_turns")]
    rows = [
        "| | lượt (turns) | lượt/giây | p50 ms | p95 ms | p99 ms | p95 cả lúc chờ (with waits) | từ chối (429) | lỗi |"
    ]
    rows.append("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    names = ("turns", "per_second", *(f"p{percent}_ms" for percent in PERCENTS), "patient_p95_ms", "refused", "errors")
    rows += [
        f"| {each} | " + " | ".join(f"{figures[f'{each}_{name}']:.0f}" for name in names) + " |" for each in stages
    ]
    rows += ["", "| bộ nhớ riêng (own memory) | lúc đầu MB | lúc cuối MB | MB/giờ (nửa sau) |", "|---|---:|---:|---:|"]
    for name in (each.removesuffix("_begin_mb") for each in figures if each.endswith("_begin_mb")):
        values = (figures[f"{name}_{what}"] for what in ("begin_mb", "end_mb", "mb_per_hour"))
        rows.append(f"| {name} | " + " | ".join(f"{value:.1f}" for value in values) + " |")
    kinds = [f"- {name.replace('_error ', ': ')}: {value:.0f}" for name, value in figures.items() if "_error " in name]
    rows += ["", *(kinds or ["- Không có lỗi nào (no errors)."])]
    told = (
        "recovery_seconds",
        "soak_first_p95_ms",
        "soak_last_p95_ms",
        *(f"p{percent}_ratio_10" for percent in PERCENTS),
    )
    rows += [f"- {name}: {figures[name]:.2f}" for name in told if name in figures]
    rows += ["", *(f"- {'✓' if met else '✗'} {goal}" for goal, met in goals(figures).items())]
    return "\n".join(rows)


def conclude(name: str, figures: Figures) -> int:
    """Shows and writes the figures of a measurement; 0 when every goal was met, else 1."""
    told = table(figures)
    write(name, figures, told)
    line(f"\n{told}\n\nvar/reports/{name}.json, var/reports/{name}.md")
    return 0 if all(goals(figures).values()) else 1


def write(name: str, figures: Mapping[str, float], told: str) -> None:
    """Writes ``<name>.json`` and ``<name>.md`` into var/reports."""
    folder = ROOT / "var" / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    rounded = {key: round(value, 4) for key, value in figures.items()}
    (folder / f"{name}.json").write_text(json.dumps(rounded, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / f"{name}.md").write_text(f"# An Sinh: {name}\n\n{told}\n", encoding="utf-8")
