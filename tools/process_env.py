"""The environment variables that the processes get on top of the person's own."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path

ONE_THREAD = dict.fromkeys(
    (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "TF_INTER_OP_PARALLELISM_THREADS",
        "TF_INTRA_OP_PARALLELISM_THREADS",
    ),
    "1",
)
"""Three processes share the cores: thread pools of their own would only get in each other's way."""

QUIET_RASA = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    # Below warnings Rasa logs what citizens write.
    "LOG_LEVEL": "WARNING",
    "LOG_LEVEL_LIBRARIES": "ERROR",
    # SQLAlchemy 1.4 stays: there is nothing to do about its notice.
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}

CHOICE = "model-in-use"
"""The file in the folder of a run that names the model to answer with."""


def rasa_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """What training and checking with Rasa get."""
    return {**environ, **ONE_THREAD, **QUIET_RASA}


def run_environment(
    environ: Mapping[str, str], *, rasa_port: int, actions_port: int, model: Path, folder: Path, socket: Path
) -> dict[str, str]:
    """What supervisor and through it the three processes get.

    `folder` takes the logs and the name of the chosen model, `socket` is supervisor's. The addresses follow from the
    ports: what is started here talks to what is started here. The shared secret is new at each start unless it is set.
    """
    return {
        **rasa_environment(environ),
        "PYTHONUNBUFFERED": "1",
        "ANSINH_RASA_PORT": str(rasa_port),
        "ANSINH_RASA_URL": f"http://127.0.0.1:{rasa_port}",
        "ANSINH_ACTIONS_PORT": str(actions_port),
        "ANSINH_ACTIONS_URL": f"http://127.0.0.1:{actions_port}/webhook",
        "ANSINH_RASA_SECRET": environ.get("ANSINH_RASA_SECRET") or secrets.token_urlsafe(32),
        "ANSINH_MODEL_CHOICE": str(folder / CHOICE),
        # The gateway looks after models where nothing else does.
        "ANSINH_TRAINING_SECONDS": environ.get("ANSINH_TRAINING_SECONDS") or "2",
        "SUPERVISED_MODEL": str(model),
        "SUPERVISED_FOLDER": str(folder),
        "SUPERVISED_SOCKET": str(socket),
    }
