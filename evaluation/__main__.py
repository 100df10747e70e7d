"""`python -m evaluation`: asks An Sinh, and with `--stock` the stock alternative, and reports into var/reports."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import aiohttp

from bench.services import an_sinh, place, stock_bot
from bot.knowledge.clock import today
from bot.knowledge.repository import snapshot_from_files
from evaluation.judgements import read_judgements
from evaluation.outcome import Memory
from evaluation.report import Measured, write
from evaluation.rows import (
    Row,
    RowError,
    distinct,
    read_coverable,
    read_golden,
    read_real,
    sample,
    with_made_variants,
)
from evaluation.run import OurSystem, StockSystem, ask_all
from evaluation.scores import Judged, figures, gain, judge
from evaluation.stock import EPOCHS, SELECTOR_EPOCHS, ensure_alternative, entries
from tools.bootstrap import ROOT
from tools.model import INPUTS, fingerprint
from tools.say import Stop, line, show_stop, speak_utf8
from tools.steps import stop_on_signals

SEED = 20261125
DEFAULT_FOLDER = "../shared/eval"
TURN_SECONDS = 60.0
REPORTS, MEMORIES = ROOT / "var" / "reports", ROOT / "var" / "eval"
DEPENDS_ON = (*INPUTS, "bot", "actions", "data", "requirements/service.txt")
"""What an answer depends on: the model, the knowledge (all of data/) and the code."""


def main() -> int:
    """0 when everything was asked, whatever the figures."""
    speak_utf8()
    parser = argparse.ArgumentParser(prog="python -m evaluation", description="Measure how well An Sinh understands.")
    parser.add_argument("--quick", type=int, metavar="N", help="a random sample: N rows of each set and variant")
    parser.add_argument("--stock", action="store_true", help="measure the stock alternative too (trains it first)")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help=f"of its DIET (default {EPOCHS}; Rasa's: 100)")
    options = parser.parse_args()
    os.chdir(ROOT)
    stop_on_signals()
    try:
        rows = read_rows(os.environ.get("ANSINH_EVAL_DIR"), options.quick)
        _measure(rows, options.epochs if options.stock else None, "eval-quick" if options.quick else "eval")
    except Stop as stop:
        show_stop(stop)
        return 1
    return 0


def read_rows(named: str | None, quick: int | None) -> list[Row]:
    """All questions, or a sample, with their variants; raises Stop where a row cannot be used, or there is none.

    The folder of real questions may be missing unless it was `named`: the golden set is measured without it.
    """
    try:
        rows = distinct([*_real(named), *read_golden(ROOT / "tests" / "golden")])
    except RowError as error:
        raise Stop(f"Bộ câu hỏi có dòng sai: {error}", str(error)) from None
    if not rows:
        raise Stop("Không có câu hỏi nào để đo.", "There is no question to ask.")
    return with_made_variants(sample(rows, quick, SEED) if quick else rows, SEED)


def _real(named: str | None) -> list[Row]:
    folder = Path(named or DEFAULT_FOLDER)
    try:
        return read_real(folder, read_coverable(ROOT / "evaluation" / "coverable.yml"))
    except OSError:
        if named:
            raise Stop(
                f"Không đọc được bộ câu hỏi trong {folder} (ANSINH_EVAL_DIR).",
                f"The question files in {folder} (ANSINH_EVAL_DIR) cannot be read.",
            ) from None
    line(f"… không có {folder}, chỉ đo bộ câu hỏi của dự án (golden set only)")
    return []


def _measure(rows: Sequence[Row], stock_epochs: int | None, name: str) -> None:
    day = today()
    line(f"… {len(rows)} câu (rows); bỏ dở thì lần sau chạy tiếp (a stopped run goes on)")
    ours = asyncio.run(_ask_ours(rows))
    found = figures(ours, SEED)
    notes = [f"Ngày (day): {day:%d/%m/%Y}; {len(rows)} câu, mỗi câu một phiên mới (a session of its own)."]
    theirs: list[Judged] = []
    if stock_epochs is not None:
        theirs = asyncio.run(_ask_stock(rows, stock_epochs))
        found |= gain(found, figures(theirs, SEED))
        notes.append(
            f"Bot mặc định của Rasa (stock): DIET học {stock_epochs} lượt (epochs; mặc định của Rasa: 100), "
            f"ResponseSelector {SELECTOR_EPOCHS}, cùng câu mẫu data/nlu và data/faq; mọi ý định hỏi đều dẫn tới FAQ, "
            "có lợi cho bot này."
        )
    measured = Measured(ours, found, notes, day, theirs, read_judgements(ROOT / "evaluation" / "judgements.yml"))
    line(f"\n{write(measured, REPORTS, SEED, name)}\nvar/reports/{name}.md, {name}.json")


async def _ask_ours(rows: Sequence[Row]) -> list[Judged]:
    before = fingerprint(ROOT, DEPENDS_ON)
    memory = Memory(MEMORIES / f"ansinh-{before}-{today():%Y%m%d}.jsonl")
    texts = [row.text for row in rows]
    if any(memory.get(text) is None for text in texts):
        with place() as where, an_sinh(where) as running:
            if fingerprint(ROOT, DEPENDS_ON) != before:
                raise Stop(
                    "Tệp nguồn vừa bị sửa trong lúc khởi động; hãy chạy lại.", "Files changed while An Sinh started."
                )
            async with _client() as http:
                await ask_all("An Sinh", OurSystem(http, running.address), texts, memory)
    return _judged(rows, memory)


async def _ask_stock(rows: Sequence[Row], epochs: int) -> list[Judged]:
    snapshot = snapshot_from_files(ROOT / "data")
    folder, model = ensure_alternative(snapshot, epochs)
    memory = Memory(MEMORIES / f"{folder.name}.jsonl")
    texts = [row.text for row in rows]
    if any(memory.get(text) is None for text in texts):
        with stock_bot(folder, model) as running:
            async with _client() as http:
                await ask_all("stock", StockSystem(http, running.address, entries(snapshot)), texts, memory)
    return _judged(rows, memory)


def _client() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TURN_SECONDS))


def _judged(rows: Sequence[Row], memory: Memory) -> list[Judged]:
    outcomes = {row.text: outcome for row in rows if (outcome := memory.get(row.text)) is not None}
    return judge(rows, outcomes)


if __name__ == "__main__":
    sys.exit(main())
