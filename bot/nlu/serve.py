"""Serves a trained model: ``python -m bot.nlu.serve --port 5005 --model models/….tar.gz``.

What ``rasa run`` does for one model with our channel, without its command line and without TensorFlow. The runner
(``bot/nlu/runner.py``) gives it a socket in place of a port.
"""

from __future__ import annotations

import argparse
import socket
import sys
from functools import partial
from pathlib import Path
from typing import Any

from bot.nlu import archive, without_tensorflow
from bot.nlu.lifeline import Lifeline

_MODELS = Path(__file__).parents[2] / archive.FOLDER


def prepare() -> None:
    """Make Rasa ready to serve a model of ours: without TensorFlow, turn by turn, logging as its environment says."""
    without_tensorflow.install()
    # All that is needed, with every component that Rasa brings: importing them imports TensorFlow.
    import rasa.core.run  # noqa: PLC0415
    import rasa.engine.recipes.default_components  # noqa: F401, PLC0415
    from rasa.utils.common import configure_logging_and_warnings  # noqa: PLC0415
    from rasa.utils.log_utils import configure_structlog  # noqa: PLC0415

    from bot.nlu import one_turn  # noqa: PLC0415

    without_tensorflow.seal()
    one_turn.install()
    configure_logging_and_warnings()
    configure_structlog()


def main() -> int:
    """Serve until stopped; 2 when the model is not to be loaded."""
    parser = argparse.ArgumentParser(prog="python -m bot.nlu.serve", description="Serve a trained Rasa model.")
    parser.add_argument("--interface", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5005)
    parser.add_argument("--socket", type=int, help="in place of a port: a bound socket that was inherited")
    parser.add_argument("--lifeline", type=int, help="where the runner hears that it is ready, inherited too")
    parser.add_argument("--model", type=Path, required=True, help="the archive that training left")
    parser.add_argument("--credentials", default="credentials.yml")
    parser.add_argument("--endpoints", default="endpoints.yml")
    given = parser.parse_args()
    lifeline = None if given.lifeline is None else Lifeline(given.lifeline)
    try:
        archive.check(given.model, _MODELS)
    except archive.ModelRefusedError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    listener = _bound(given.interface, given.port) if given.socket is None else socket.socket(fileno=given.socket)
    prepare()
    from rasa.core import run  # noqa: PLC0415
    from rasa.core.utils import AvailableEndpoints  # noqa: PLC0415
    from rasa.utils.common import update_sanic_log_level  # noqa: PLC0415

    endpoints = AvailableEndpoints.read_endpoints(given.endpoints)
    # As `serve_application` does, which knows of no inherited socket.
    channels = run.create_http_input_channels(None, given.credentials)
    app = run.configure_app(channels, enable_api=False, endpoints=endpoints)
    app.register_listener(partial(run.load_agent_on_start, str(given.model), endpoints, None), "before_server_start")
    app.register_listener(run.close_resources, "after_server_stop")
    if lifeline is not None:
        app.register_listener(partial(_tell, lifeline), "after_server_start")
    app.register_listener(_leave, "before_server_stop")
    update_sanic_log_level()
    app.run(sock=listener)
    return 0


def _bound(interface: str, port: int) -> socket.socket:
    """A socket that nobody can connect to before the model is loaded: it does not listen yet."""
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((interface, port))
    return bound


async def _tell(lifeline: Lifeline, _app: Any, _loop: Any) -> None:
    lifeline.ready()


async def _leave(app: Any, _loop: Any) -> None:
    """From now on each connection ends with its answer: whoever kept one would go on with the model that leaves."""

    async def close(request: Any, _response: Any) -> None:
        request.stream.keep_alive = False

    app.register_middleware(close, "response")


if __name__ == "__main__":
    sys.exit(main())
