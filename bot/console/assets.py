"""The console's style sheets and scripts as the build left them, under names that change with what is in them."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from aiohttp import web

from bot.console.parts import PREFIX

DIST = Path(__file__).with_name("dist")
_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Assets:
    """The build in ``folder``; ``names`` leads from ``console.css`` to ``console-1a2b3c4d.css``."""

    folder: Path
    names: dict[str, str]

    @classmethod
    def read(cls, folder: Path) -> Self:
        """What was built. Without a build the pages work all the same, only plain; the log says so."""
        try:
            names = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            _log.warning("the console's styles are not built, so its pages are plain: run `make widget`")
            names = {}
        return cls(folder, names)

    def address(self, name: str) -> str:
        """Where a page finds the file."""
        return f"{PREFIX}/static/{self.names.get(name, name)}"

    def file(self, name: str) -> web.FileResponse:
        """The file of the build called ``name``; raises ``HTTPNotFound``."""
        if name not in self.names.values():
            raise web.HTTPNotFound
        path = self.folder / name
        # aiohttp sends the compressed file beside it to browsers that take one.
        headers = {"Content-Type": _TYPES[path.suffix], "Cache-Control": "public, max-age=31536000, immutable"}
        return web.FileResponse(path, headers=headers)


ASSETS = web.AppKey("assets", Assets)
