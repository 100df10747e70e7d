"""``python -m bot.channels.web`` runs the gateway."""

from __future__ import annotations

import logging

from aiohttp import web

from bot.channels.web.app import create_app
from bot.settings import Settings


def main() -> None:
    """Serve until SIGINT or SIGTERM; turns under way are finished first."""
    settings = Settings()
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    web.run_app(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        # The conversation log says more, and without addresses.
        access_log=None,
        shutdown_timeout=settings.turn_timeout_seconds + 2,
        print=None,
    )


if __name__ == "__main__":
    main()
