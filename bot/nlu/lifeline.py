"""The line between a runner and its worker: the worker says on it that it is ready, and ends when it is cut.

So no worker outlives its runner, however that ended, to hold on to the port that the next runner needs.
"""

from __future__ import annotations

import os
import socket
import threading

_READY = b"+"


class Lifeline:
    """The worker's end, inherited as the file descriptor ``number``."""

    def __init__(self, number: int) -> None:
        self._line = socket.socket(fileno=number)
        threading.Thread(target=self._wait, name="lifeline", daemon=True).start()

    def ready(self) -> None:
        """Say that turns are answered."""
        self._line.send(_READY)

    def _wait(self) -> None:
        # The runner never writes: what comes is its end.
        try:
            self._line.recv(1)
        finally:
            os._exit(1)


def is_ready(line: socket.socket) -> bool:
    """Whether the worker at the other end of the runner's ``line`` has said so; ``line`` does not block."""
    try:
        return line.recv(1) == _READY
    except BlockingIOError:
        return False
