"""Serves the actions to Rasa: ``python -m actions``, one process, on loopback."""

import contextlib
import os
import threading
from collections.abc import Callable

import sklearn
from rasa_sdk.endpoint import create_app
from sanic import Sanic

from actions.actions import ActionAnswer, ActionButton, ActionSafety, ActionSocial
from actions.executor import DomainFreeExecutor
from bot.garbage import collect_rarely
from bot.knowledge.assistant import Library
from bot.knowledge.db import make_engine
from bot.settings import Settings

# One turn after the other reads the number of the knowledge version: while one waits, all do.
_DATABASE_PATIENCE = 4.0
_LOW_PRIORITY = 10


def main() -> None:
    """Read what is published, then serve until stopped; ends with an error where the database can't be read."""
    settings = Settings()
    collect_rarely()
    # Checks of matrices that our own code has just made cost a question more than the search itself.
    sklearn.set_config(assume_finite=True, skip_parameter_validation=True)
    library = Library(make_engine(settings.database_url, patience=_DATABASE_PATIENCE), later=beside_answers)
    library.assistant()
    executor = DomainFreeExecutor()
    for action in (ActionAnswer, ActionButton, ActionSafety, ActionSocial):
        executor.register_action(action(library))
    app = create_app(executor, cors_origins=None)
    app.prepare(
        host=settings.actions_host,
        port=settings.actions_port,
        single_process=True,
        motd=False,
        access_log=False,
    )
    Sanic.serve_single(primary=app)


def beside_answers(work: Callable[[], None]) -> None:
    """Do ``work`` in a thread that gives way to all others."""

    def give_way() -> None:
        # On Linux threads have priorities of their own: answers come first, in this process and in others.
        # Where that may not be set, the work is done all the same.
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LOW_PRIORITY)
        work()

    threading.Thread(target=give_way, daemon=True).start()


if __name__ == "__main__":
    main()
