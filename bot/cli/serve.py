"""``python -m bot.cli.serve`` runs the gateway, and with it the officers' console."""

from __future__ import annotations

from collections.abc import AsyncIterator

import uvloop
from aiohttp import web

from bot.channels.base import deliver
from bot.channels.web.app import create_app
from bot.channels.web.gateway import GATEWAY
from bot.console.app import alone, create_console, mount
from bot.console.parts import Console
from bot.garbage import collect_rarely
from bot.logs import write_logs
from bot.settings import Settings


def create_service(settings: Settings) -> web.Application:
    """The gateway with the console: under ``/console``, or at a listen address of its own where a port is set."""
    gateway = create_app(settings)
    console = create_console(settings, lambda: console_parts(gateway))
    if settings.console_port is None:
        mount(gateway, console)
        return gateway

    async def beside(_app: web.Application) -> AsyncIterator[None]:
        runner = web.AppRunner(alone(console), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, settings.console_host, settings.console_port).start()
        yield
        await runner.cleanup()

    # After the gateway's own parts, which the console shares.
    gateway.cleanup_ctx.append(beside)
    return gateway


def console_parts(app: web.Application) -> Console:
    """What the console shares with the running gateway ``app``."""
    gateway = app[GATEWAY]
    return Console(
        settings=gateway.settings,
        clock=gateway.clock,
        store=gateway.store,
        box=gateway.box,
        payloads=gateway.payloads,
        published=gateway.published,
        rasa=gateway.rasa,
        desk=gateway.desk,
        standing=gateway.standing,
        deliver=lambda channel, session_id, messages: deliver(app, channel, session_id, messages),
        key=gateway.settings.signing_key(),
    )


def main() -> None:
    """Serve until SIGINT or SIGTERM; turns under way are finished first."""
    settings = Settings()
    collect_rarely()
    write_logs(settings)
    web.run_app(
        create_service(settings),
        host=settings.host,
        port=settings.port,
        # The conversation log says more, and without addresses.
        access_log=None,
        shutdown_timeout=settings.turn_timeout_seconds + 2,
        print=None,
        # What Rasa and the action server run on too, by way of Sanic.
        loop=uvloop.new_event_loop(),
    )


if __name__ == "__main__":
    main()
