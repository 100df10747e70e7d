"""Serves a trained model: ``python -m bot.nlu.serve --port 5005 --model models/….tar.gz``.

What ``rasa run`` does for one model with our channel, without its command line and without TensorFlow.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.nlu import archive, without_tensorflow

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
    parser.add_argument("--model", type=Path, required=True, help="the archive that training left")
    parser.add_argument("--credentials", default="credentials.yml")
    parser.add_argument("--endpoints", default="endpoints.yml")
    given = parser.parse_args()
    try:
        archive.check(given.model, _MODELS)
    except archive.ModelRefusedError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    prepare()
    from rasa.core.run import serve_application  # noqa: PLC0415
    from rasa.core.utils import AvailableEndpoints  # noqa: PLC0415

    serve_application(
        model_path=str(given.model),
        interface=given.interface,
        port=given.port,
        credentials=given.credentials,
        endpoints=AvailableEndpoints.read_endpoints(given.endpoints),
        enable_api=False,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
