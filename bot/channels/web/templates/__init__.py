"""Pages made on the server."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.knowledge.voice import say
from bot.knowledge.wording import day_text

# Everything is escaped, whatever a file is called: rows and answers are text, never markup.
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.globals["say"] = say
_TEMPLATES.filters["day"] = day_text


def render(name: str, **values: object) -> str:
    """The template ``name`` filled with ``values``; a value that is missing is an error."""
    return _TEMPLATES.get_template(name).render(**values)
