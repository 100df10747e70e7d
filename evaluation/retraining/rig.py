"""A model with actions of its own over the live rows, to be asked without touching what answers citizens."""

from __future__ import annotations

import contextlib
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.ports import free_ports
from tools.bootstrap import RASA, ROOT
from tools.process_env import run_environment
from tools.processes import die_with_parent
from tools.say import Stop, tail
from tools.steps import started

_READY_SECONDS = 240.0


@dataclass(frozen=True)
class Rig:
    """Where Rasa answers, and the secret of its channel."""

    url: str
    secret: str


@contextlib.contextmanager
def rig(model: Path, folder: Path, environ: Mapping[str, str]) -> Iterator[Rig]:
    """Rasa with `model` and its actions, once both listen; their logs go to `folder`. Raises Stop."""
    ports, secret = free_ports(2), secrets.token_urlsafe(32)
    given = run_environment(
        {**environ, "ANSINH_RASA_SECRET": secret},
        rasa_port=ports[0],
        actions_port=ports[1],
        model=model,
        folder=folder,
        socket=folder / "none",
    )
    serve = [str(RASA.python), "-m", "bot.nlu.serve", "--port", str(ports[0]), "--model", str(model)]
    with contextlib.ExitStack() as running:
        actions = running.enter_context(_running([sys.executable, "-m", "actions"], given, folder / "actions.log"))
        rasa = running.enter_context(_running(serve, without_secrets(given), folder / "rasa.log"))
        begin = time.monotonic()
        while not all(map(_listens, ports)):
            ended = [process for process in (actions, rasa) if process.poll() is not None]
            if ended or time.monotonic() - begin > _READY_SECONDS:
                raise Stop(
                    f"Mô hình {model.name} không chạy được để kiểm tra.\n{tail(folder / 'rasa.log')}",
                    f"The model {model.name} could not be run to be asked: {folder / 'rasa.log'}",
                )
            time.sleep(0.5)
        yield Rig(given["ANSINH_RASA_URL"], secret)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def without_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """What Rasa may see of our settings: its libraries are old, and it needs no key but its own."""
    ours = {"ANSINH_RASA_SECRET", "ANSINH_ACTIONS_URL"}
    return {name: value for name, value in environ.items() if not name.startswith("ANSINH_") or name in ours}


def _running(
    command: Sequence[str], environ: Mapping[str, str], log: Path
) -> contextlib.AbstractContextManager[subprocess.Popen[bytes]]:
    # A run that is killed, as when memory is short, leaves nobody behind to hold more of it.
    return started(command, log, env=environ, cwd=ROOT, before=die_with_parent())
