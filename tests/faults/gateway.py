"""The gateway with a clock that is as wrong as a file says: ``python -m tests.faults.gateway``."""

from __future__ import annotations

import datetime as dt
import functools
import os
import time
from pathlib import Path

from bot.channels.web import gateway
from bot.cli import serve
from bot.conversation.clock import Clock

CLOCK = "FAULTS_CLOCK"
"""The variable that names the file: seconds to add to the real time."""


def main() -> None:
    """Serve, with ``time.time`` and the clock that the gateway hands to its parts moved."""
    file, real = Path(os.environ[CLOCK]), time.time
    time.time = lambda: real() + float(file.read_text(encoding="ascii"))
    gateway.Clock = functools.partial(  # type: ignore[assignment, misc]
        Clock, now=lambda: dt.datetime.fromtimestamp(time.time(), dt.timezone.utc)
    )
    serve.main()


if __name__ == "__main__":
    main()
