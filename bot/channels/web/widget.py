"""The browser widget: its full page, the same page for frames of other sites, and the files of its build."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from aiohttp import web

from bot.channels.web.errors import ApiError
from bot.channels.web.gateway import GATEWAY
from bot.channels.web.pages import POLICY
from bot.channels.web.templates import render

DIST = Path(__file__).parents[2] / "widget" / "dist"
_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
# Scripts may not turn text into markup, whatever a mistake of ours would try.
_CHAT_POLICY = f"{POLICY}; require-trusted-types-for 'script'; trusted-types 'none'"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Widget:
    """The build in ``folder``: the names of the page's script and style sheet, which change with what is in them."""

    folder: Path
    script: str
    style: str

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """What was built; ``None`` when nothing has been, which the log says too."""
        try:
            manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            _log.warning("the widget is not built, so the chat page cannot be shown: run `make widget`")
            return None
        return cls(folder, manifest["src/chat/main.ts"]["file"], manifest["style.css"]["file"])


def widget_routes(folder: Path) -> list[web.AbstractRouteDef]:
    """The pages and files of the build in ``folder``; without a build each answers 503."""
    pages = _Pages(Widget.read(folder))
    return [
        web.get("/", pages.full),
        web.get("/embed", pages.embedded),
        web.get("/widget.js", pages.loader),
        web.get("/widget/{name}", pages.file),
    ]


class _Pages:
    def __init__(self, widget: Widget | None) -> None:
        self._widget = widget

    async def full(self, request: web.Request) -> web.Response:
        return self._page(request, embedded=False)

    async def embedded(self, request: web.Request) -> web.Response:
        return self._page(request, embedded=True)

    async def loader(self, _request: web.Request) -> web.FileResponse:
        # Its name stays, in the pages of others: a new release must reach them within minutes.
        return _file(self._built.folder / "widget.js", "public, max-age=300")

    async def file(self, request: web.Request) -> web.FileResponse:
        name = request.match_info["name"]
        if name not in {self._built.script, self._built.style}:
            raise web.HTTPNotFound
        return _file(self._built.folder / name, "public, max-age=31536000, immutable")

    @property
    def _built(self) -> Widget:
        if self._widget is None:
            raise ApiError(503, "widget_not_built")
        return self._widget

    def _page(self, request: web.Request, *, embedded: bool) -> web.Response:
        settings = request.app[GATEWAY].settings
        text = render(
            "chat.html",
            script=f"/widget/{self._built.script}",
            style=f"/widget/{self._built.style}",
            session_hours=f"{settings.session_hours:g}",
            text_days=settings.retention_text_days,
            longest=settings.message_max_characters,
            embedded=embedded,
        )
        ancestors = " ".join(["'self'", *settings.embedding_origins]) if embedded else "'none'"
        policy = _CHAT_POLICY.replace("frame-ancestors 'none'", f"frame-ancestors {ancestors}")
        # Checked again each time: a new release must not meet an old script.
        headers = {"Content-Security-Policy": policy, "Cache-Control": "no-cache"}
        return web.Response(text=text, content_type="text/html", headers=headers)


def _file(path: Path, caching: str) -> web.FileResponse:
    # aiohttp sends the compressed file beside it to browsers that take one.
    return web.FileResponse(path, headers={"Content-Type": _TYPES[path.suffix], "Cache-Control": caching})
