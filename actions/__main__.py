"""Serves the actions to Rasa: ``python -m actions``, one process, on loopback."""

import sklearn
from rasa_sdk.endpoint import create_app
from sanic import Sanic

from actions.actions import ActionAnswer, ActionButton, ActionSafety, ActionSocial
from actions.executor import DomainFreeExecutor
from bot.knowledge.assistant import Library
from bot.knowledge.db import make_engine
from bot.settings import Settings

# One turn after the other reads the number of the knowledge version: while one waits, all do.
_DATABASE_PATIENCE = 4.0


def main() -> None:
    """Read what is published, then serve until stopped; ends with an error where the database can't be read."""
    settings = Settings()
    # Checks of matrices that our own code has just made cost a question more than the search itself.
    sklearn.set_config(assume_finite=True, skip_parameter_validation=True)
    library = Library(make_engine(settings.database_url, patience=_DATABASE_PATIENCE))
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


if __name__ == "__main__":
    main()
