"""``python -m tests.faults``: the long form of each fault, into docs/faults.md and var/reports/faults.json.

``--short`` takes the form that ``make test`` runs. With names of faults it runs these alone, and writes nothing.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
import tempfile
from pathlib import Path

from bot.knowledge.clock import VIETNAM
from tests.e2e.cluster import open_folder
from tests.e2e.running import ROOT
from tests.faults import table
from tests.faults.faults import FAULTS, LONG, SHORT
from tests.faults.world import Result, world

_REPORT = ROOT / "var/reports/faults.json"


def main() -> int:
    """Suffer the faults, tell of each; the status says whether all went as it must."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("names", nargs="*", metavar="fault", choices=[[], *(fault.name for fault in FAULTS)])
    given = parser.parse_args()
    chosen = [fault for fault in FAULTS if not given.names or fault.name in given.names]
    results: list[Result] = []
    with (
        tempfile.TemporaryDirectory(prefix="ansinh-faults-", ignore_cleanup_errors=True) as folder,
        world(open_folder(Path(folder)), SHORT if given.short else LONG) as running,
    ):
        for fault in chosen:
            if fault.disk and not running.stack.disks[fault.disk].small:
                sys.exit("to fill a disk one must be mounted: run this as root")
            result = running.suffer(fault)
            results.append(result)
            _say(result)
    if not given.names:
        form = "short" if given.short else "long"
        table.write(results, f"The {form} form, {dt.datetime.now(VIETNAM).date():%d/%m/%Y}:")
        _REPORT.parent.mkdir(parents=True, exist_ok=True)
        _REPORT.write_text(json.dumps(_numbers(results), indent=1), encoding="utf-8")
    return int(any(result.faults() for result in results))


def _say(result: Result) -> None:
    print(f"{result.fault}: {'; '.join(result.faults()) or 'ok'}")
    for name, tally in (("web", result.web), ("zalo", result.zalo)):
        told = f"{tally.sent} sent, {tally.answered} answered, {tally.unavailable} unavailable"
        print(f"  {name}: {told}, longest {tally.longest:.1f} s, {dict(tally.refusals)}", flush=True)


def _numbers(results: list[Result]) -> dict[str, float]:
    """A flat object of named numbers."""
    numbers: dict[str, float] = {}
    for result in results:
        key = result.fault.replace(" ", "_")
        numbers[f"{key}_back_s"] = result.back
        for name, tally in (("web", result.web), ("zalo", result.zalo)):
            for what in ("sent", "answered", "unavailable", "lost", "doubled", "longest"):
                numbers[f"{key}_{name}_{what}"] = getattr(tally, what)
    return numbers


if __name__ == "__main__":
    sys.exit(main())
