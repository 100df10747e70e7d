"""A small world of policy in the console's database, and editors to change it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.console.roles import Role
from bot.knowledge.db import Base, make_engine
from bot.knowledge.editing.changesets import changes_of
from bot.knowledge.editing.tables import ChangeSetRecord
from bot.knowledge.loader import load
from tests.console.conftest import Answer, Browser, Site
from tests.knowledge.seeds import seeds, write


def fill(engine: Engine, folder: Path) -> None:
    """All tables, with the small world of data files."""
    Base.metadata.create_all(engine)
    load(engine, write(folder / "data", seeds()))


@pytest.fixture
def engine(database_url: str, tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(database_url)
    fill(engine, tmp_path)
    yield engine
    engine.dispose()


@pytest.fixture
async def editor(site: Site, browser: Browser) -> Browser:
    site.person("lan", Role.EDITOR)
    await browser.sign_in("lan")
    return browser


def changes(engine: Engine, number: int) -> dict[str, Any]:
    """What a change set writes, by key."""
    with Session(engine) as db:
        return {key: content for (_, key), content in changes_of(db.get_one(ChangeSetRecord, number)).items()}


async def save(browser: Browser, path: str, **fields: str) -> Answer:
    """Fill in the form at ``path`` and send it."""
    page = (await browser.get(path)).text
    return await browser.post(path.partition("?")[0], **{"draft": "new", "seen": seen(page), **fields})


def seen(page: str) -> str:
    """The mark of what the page's form was made from."""
    found = re.search(r'name="seen"[^>]* value="([^"]*)"', page)
    return found[1] if found else ""
