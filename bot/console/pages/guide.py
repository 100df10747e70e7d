"""The guide behind each page's question mark: Markdown files of ``docs/huong-dan/bang-dieu-khien``."""

from __future__ import annotations

import re
from pathlib import Path

from aiohttp import web
from markdown_it import MarkdownIt
from markupsafe import Markup

from bot.console.parts import PREFIX
from bot.console.roles import Permission
from bot.console.routes import Routes
from bot.console.visit import Visit
from bot.text.fold import fold

routes = Routes()
FOLDER = Path(__file__).parents[3] / "docs" / "huong-dan" / "bang-dieu-khien"
# No system takes longer names of files: it would call them an error, where they are merely of no page.
_NAME = re.compile(r"[a-z0-9-]{1,200}")
_PICTURE = re.compile(r"[a-z0-9-]{1,200}\.webp")
_BESIDE = re.compile(r"([a-z0-9-]+)\.md(#.*)?")
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


@routes.get("/guide", Permission.SIGNED_IN)
async def contents(visit: Visit) -> web.StreamResponse:
    """All pages of the guide, by title."""
    pages = sorted(((path.stem, _title(path)) for path in FOLDER.glob("*.md")), key=lambda page: fold(page[1]))
    return await visit.page("guide.html", pages=pages)


@routes.get("/guide/{page}", Permission.ANYONE)
async def page(visit: Visit) -> web.StreamResponse:
    """One page; it can be read before one has signed in, since it may say how to."""
    name = visit.request.match_info["page"]
    path = FOLDER / f"{name}.md"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise web.HTTPNotFound
    return await visit.page("guide_page.html", title=_title(path), content=_rendered(path))


@routes.get("/guide/pictures/{name}", Permission.ANYONE)
async def picture(visit: Visit) -> web.StreamResponse:
    """A picture of the guide."""
    name = visit.request.match_info["name"]
    path = FOLDER / "pictures" / name
    if not _PICTURE.fullmatch(name) or not path.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(path, headers={"Cache-Control": "no-cache"})


def _rendered(path: Path) -> Markup:
    """The page as HTML; what is HTML in it already is shown as text, and links to its neighbours lead to them."""
    tokens = _MARKDOWN.parse(path.read_text(encoding="utf-8"))
    for token in tokens:
        for inline in token.children or ():
            beside = _BESIDE.fullmatch(str(inline.attrs.get("href", "")))
            if beside:
                inline.attrs["href"] = f"{PREFIX}/guide/{beside[1]}{beside[2] or ''}"
            source = str(inline.attrs.get("src", ""))
            if source.startswith("pictures/"):
                inline.attrs["src"] = f"{PREFIX}/guide/{source}"
    return Markup(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))  # noqa: S704 - escaped by the renderer


def _title(path: Path) -> str:
    first, _, _ = path.read_text(encoding="utf-8").partition("\n")
    return first.removeprefix("# ").strip()
