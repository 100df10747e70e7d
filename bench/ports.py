"""Ports that a measurement or a test may listen on."""

from __future__ import annotations

import contextlib
import random
import socket
from pathlib import Path

_OUTGOING = Path("/proc/sys/net/ipv4/ip_local_port_range")
_LOWEST = 10_000


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody listens at, each another.

    None is of those that the system gives to outgoing connections: one of these could be taken between here and the
    use, or while a process that is to come back on it is away.
    """
    outgoing = int(_OUTGOING.read_text(encoding="ascii").split()[0]) if _OUTGOING.exists() else 32_768
    found: list[int] = []
    for port in random.sample(range(_LOWEST, outgoing), outgoing - _LOWEST):
        if len(found) == count:
            break
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            found.append(port)
    return found
