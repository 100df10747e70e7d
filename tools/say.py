"""What the two commands print: steps, and the message of a stop.

Runs under any Python from 3.8 on, before an environment exists: standard library only.
"""

from __future__ import annotations

import sys
from pathlib import Path


class Stop(Exception):  # noqa: N818 - it ends the command; not every stop is an error of the code
    """Ends the command: what went wrong and what to do, in Vietnamese and in English."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.vi = vi
        self.en = en


def line(text: str) -> None:
    """Prints one line at once, also where the output is a file or a pipe."""
    print(text, flush=True)


def show_stop(stop: Stop) -> None:
    """Prints a stop on standard error, Vietnamese first."""
    sys.stdout.flush()
    print(f"\n✗ {stop.vi}\n  {stop.en}", file=sys.stderr, flush=True)


def speak_utf8() -> None:
    """Lets Vietnamese through on a terminal that claims less than UTF-8 (LANG=C)."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")


def tail(path: Path, lines: int = 20) -> str:
    """The last lines of a log, indented; empty when there is no such file."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return "\n".join(f"    | {text_line}" for text_line in text.splitlines()[-lines:])
