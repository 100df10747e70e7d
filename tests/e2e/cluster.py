"""Two of each process over one PostgreSQL and one Redis, behind the shipped nginx configurations."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from bench.cluster import Cluster, Size, cluster
from tests.channels.proxy import find
from tests.e2e.running import TODAY, wait_for

SECRET = "khoa-ky-cua-bai-thu"
RASA_SECRET = "khoa-cua-rasa-trong-bai-thu"
READY_SECONDS = 400.0
TWO = Size(gateways=2, rasa=2, actions=2)


@contextlib.contextmanager
def two_of_each(folder: Path, database_url: str, redis_url: str) -> Iterator[Cluster]:
    """Starts everything and waits until both gateways have sent a turn through; stops it at the end."""
    find()
    settings = {
        "ANSINH_REDIS_URL": redis_url,
        "ANSINH_SECRET": SECRET,
        "ANSINH_RASA_SECRET": RASA_SECRET,
        "ANSINH_TODAY": TODAY,
        # A test types faster than a person.
        "ANSINH_RATE_SESSION_MESSAGES": "300/minute",
    }
    with cluster(folder, database_url, TWO, settings, ready_seconds=READY_SECONDS) as running:
        yield running


def kill(running: Cluster, name: str) -> None:
    """Kills a process outright."""
    running.processes[name].kill()
    running.processes[name].wait(10)


def wait_listening(running: Cluster, name: str) -> None:
    """Until somebody takes calls at the port of a process."""
    wait_for(lambda: running.listens(name), READY_SECONDS)


def open_folder(folder: Path) -> Path:
    """A folder that nginx's workers, who are not root, may enter."""
    place = folder / "cluster"
    place.mkdir()
    if os.getuid() == 0:
        for each in (folder, *folder.parents[:3]):
            each.chmod(each.stat().st_mode | 0o011)
        shutil.chown(place, "nobody")
    return place
