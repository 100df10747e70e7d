"""How pages are made of templates: what these may use."""

from __future__ import annotations

from pathlib import Path

import aiohttp_jinja2
from aiohttp import web
from jinja2 import FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from bot.console import words
from bot.console.assets import Assets
from bot.console.listing.columns import text
from bot.console.parts import PREFIX


def set_up(app: web.Application, assets: Assets) -> None:
    """Give ``app`` its templates. Everything is escaped; a value that is missing is an error."""
    environment = aiohttp_jinja2.setup(
        app,
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(root=PREFIX, asset=assets.address, csrf_field=_csrf_field)
    environment.filters.update(moment=text, action=words.action, kind=words.kind)


@pass_context
def _csrf_field(context: Context) -> Markup:
    """What each form carries to show that it is ours."""
    return Markup('<input type="hidden" name="csrf" value="{}">').format(context["csrf"])
