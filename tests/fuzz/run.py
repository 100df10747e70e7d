"""``python -m tests.fuzz.run service --seconds 3600``: the targets of an environment, again and again with new inputs.

A round gives each target its turn. What fails is written to ``var/fuzz``, with the least input that was found, and is
tried first the next time; the other targets go on. Ends with status 1 when anything failed.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import secrets
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path

from hypothesis.database import DirectoryBasedExampleDatabase

from tests.fuzz.target import Target, examine

FOLDER = Path("var/fuzz")
_EXAMPLES = 200


@contextlib.contextmanager
def targets_of(part: str) -> Iterator[list[Target]]:
    """``nlu`` runs in Rasa's environment, ``service`` in the service's."""
    if part == "nlu":
        from tests.fuzz.reading import entity_targets, text_targets  # noqa: PLC0415 - each in its own environment

        yield [*text_targets(), *entity_targets()]
        return
    from tests.fuzz.console import console_targets, open_console  # noqa: PLC0415
    from tests.fuzz.gateway import DESCRIPTIONS, open_gateway  # noqa: PLC0415
    from tests.fuzz.service import service_targets  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as running:
        gateway = running.enter_context(open_gateway(_below(folder, "gateway")))
        console = running.enter_context(open_console(_below(folder, "console")))
        calls = [target for address in DESCRIPTIONS for target in gateway.targets(address)]
        yield [*service_targets(), *calls, *console_targets(console)]


def fuzz(targets: Sequence[Target], seconds: float, folder: Path) -> dict[str, str]:
    """What failed, by target, and how, as a text; each is in ``folder`` too. Runs for about ``seconds``."""
    folder.mkdir(parents=True, exist_ok=True)
    failed: dict[str, str] = {}
    end, rounds = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        rounds += 1
        for target in targets:
            if target.name in failed or time.monotonic() >= end:
                continue
            database = DirectoryBasedExampleDatabase(_path(folder, target).with_suffix(""))
            try:
                examine(target, examples=_EXAMPLES, chance=secrets.randbits(64), database=database)
            except (KeyboardInterrupt, SystemExit):
                raise
            # Also what is no Exception: Schemathesis raises groups.
            except BaseException as error:  # noqa: BLE001 - that is what we look for
                said = "".join(traceback.format_exception(error))
                failed[target.name] = said
                _path(folder, target).write_text(said, encoding="utf-8", errors="backslashreplace")
                sys.stdout.write(f"✗ {target.name}: {type(error).__name__}, {_path(folder, target)}\n")
    sys.stdout.write(f"{len(targets)} targets, {rounds} rounds, {len(failed)} failed\n")
    return failed


def _path(folder: Path, target: Target) -> Path:
    return folder / f"{''.join(char if char.isalnum() else '-' for char in target.name)}.txt"


def _below(folder: str, name: str) -> Path:
    place = Path(folder, name)
    place.mkdir()
    return place


def main() -> None:
    """Run one part."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("part", choices=("nlu", "service"))
    parser.add_argument("--seconds", type=float, default=3600.0)
    given = parser.parse_args()
    # What the gateway logs of refused calls would hide what is found.
    logging.disable(logging.CRITICAL)
    with targets_of(given.part) as targets:
        sys.exit(1 if fuzz(targets, given.seconds, FOLDER / given.part) else 0)


if __name__ == "__main__":
    main()
