"""The findings as numbers by name, and as a page for officers."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from bot.knowledge.auditing.findings import Finding, Rule, Severity
from bot.knowledge.wording import day_text

Figures = dict[str, int]


def figures_of(findings: Sequence[Finding]) -> Figures:
    """Return the number of findings of each severity and of each rule."""
    figures = {f"{severity}s": sum(f.severity is severity for f in findings) for severity in Severity}
    return figures | {rule.value: sum(f.rule is rule for f in findings) for rule in Rule}


def summary(figures: Mapping[str, int]) -> str:
    """Return the counts in a sentence."""
    return f"{figures['errors']} lỗi, {figures['warnings']} cảnh báo."


def page(findings: Sequence[Finding], day: date) -> str:
    """Return the findings as Markdown, errors first."""
    figures = figures_of(findings)
    counts = [f"| {rule} | {figures[rule]} |" for rule in Rule]
    lines = ["# Kiểm tra dữ liệu chính sách", "", f"Tính đến ngày {day_text(day)}: {summary(figures)}", ""]
    lines += ["| Quy tắc | Số dòng |", "|---|---:|", *counts]
    for severity, title in ((Severity.ERROR, "Lỗi"), (Severity.WARNING, "Cảnh báo")):
        found = [finding for finding in findings if finding.severity is severity]
        if found:
            lines += ["", f"## {title}", ""]
            lines += [f"- **{f.row}** ({f.rule}): {f.wrong} *Cách sửa:* {f.mend}" for f in found]
    return "\n".join(lines) + "\n"


def write(findings: Sequence[Finding], day: date, folder: Path) -> None:
    """Write check-data.json and check-data.md."""
    folder.mkdir(parents=True, exist_ok=True)
    figures = json.dumps(figures_of(findings), indent=1)
    (folder / "check-data.json").write_text(figures + "\n", encoding="utf-8")
    (folder / "check-data.md").write_text(page(findings, day), encoding="utf-8")
