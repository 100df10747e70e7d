"""The table of docs/faults.md, from what was measured."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.e2e.running import ROOT
from tests.faults.audit import Tally
from tests.faults.faults import FAULTS
from tests.faults.world import Result

PAGE = ROOT / "docs/faults.md"
HEAD = (
    "| Fault | What was done | Web | Zalo | Lost | Doubled | Longest wait for a word |",
    "|---|---|---:|---:|---:|---:|---:|",
)
_BEGIN, _END = "<!-- written by make faults -->\n", "<!-- until here -->\n"


def names(page: str) -> list[str]:
    """The faults that a page's table names."""
    return [row[0] for row in rows(page)]


def rows(page: str) -> list[list[str]]:
    """The cells of a page's table."""
    lines = [line for line in _between(page).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[len(HEAD) :]]


def write(results: Sequence[Result], how: str, page: Path = PAGE) -> None:
    """Put the results in place of the table of ``page``, with ``how`` they came about; what stands around it stays."""
    text = page.read_text(encoding="utf-8")
    done = {fault.name: fault.done for fault in FAULTS}
    lines = [how, "", *HEAD, *(_row(result, done[result.fault]) for result in results)]
    begin, end = text.index(_BEGIN) + len(_BEGIN), text.index(_END)
    page.write_text(text[:begin] + "\n".join(lines) + "\n" + text[end:], encoding="utf-8")


def _between(page: str) -> str:
    return page.split(_BEGIN)[1].split(_END, maxsplit=1)[0]


def _row(result: Result, done: str) -> str:
    both = (result.web, result.zalo)
    cells = (
        result.fault,
        done,
        *(_told(tally) for tally in both),
        str(sum(tally.lost for tally in both)),
        str(sum(tally.doubled for tally in both)),
        f"{result.web.longest:.1f} s",
    )
    return f"| {' | '.join(cells)} |"


def _told(tally: Tally) -> str:
    return f"{tally.sent}: {tally.answered} + {tally.unavailable}"
