"""Writing what a form says into a draft, and what the form then shows where that is refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web
from sqlalchemy.orm import Session

from bot.console.drafting import DraftForm, content_of, mark, own_draft
from bot.console.editing import edit, open_drafts
from bot.console.units import ChangedField, changed
from bot.console.visit import Visit
from bot.knowledge.editing.faults import EditingError, StaleError
from bot.knowledge.editing.preview import with_drafted
from bot.knowledge.editing.units import Content, Kind, key_of_row, parse
from bot.knowledge.editing.work import Work
from bot.knowledge.snapshot import Snapshot


@dataclass(frozen=True)
class Refusal:
    """Why nothing was written; ``differ`` tells a newer version of the unit from what was filled in."""

    status: HTTPStatus
    said: Sequence[str]
    differ: Sequence[ChangedField] = ()


@dataclass(frozen=True)
class Opened:
    """A unit as a form shows it: from the officer's draft, else as published; with what a form can refer to."""

    content: Content
    snapshot: Snapshot


async def save(
    visit: Visit, form: DraftForm, kind: Kind, content: Content, step: Callable[[Work], int]
) -> int | Refusal:
    """The number of the draft into which ``step`` wrote ``content``; or why it did not.

    Faults then stand at their fields. A form that was overtaken gets the mark of the newer version, so that saving
    it once more replaces that.
    """
    try:
        return await edit(visit, step)
    except StaleError as error:
        key = key_of_row(kind, parse(kind, content))

        def newer(db: Session) -> Content | None:
            return content_of(db, own_draft(db, visit.officer.login, form.draft.data), kind, key)

        now = await visit.run(newer)
        form.seen.data = mark(now)
        rows = changed(kind, now, content, await visit.run(visit.console.published.read))
        return Refusal(HTTPStatus.CONFLICT, [str(error)], rows)
    except EditingError as error:
        return Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, form.show(error))


def open_unit(db: Session, visit: Visit, kind: Kind, wanted: str | None) -> Opened:
    """The unit that the address names, from the draft numbered ``wanted``; raises ``HTTPNotFound`` for none."""
    draft = own_draft(db, visit.officer.login, wanted)
    content = content_of(db, draft, kind, visit.request.match_info["id"])
    if content is None:
        raise web.HTTPNotFound
    return Opened(content, offered(db, visit, wanted))


def offered(db: Session, visit: Visit, wanted: str | None) -> Snapshot:
    """What is published, with what the draft numbered ``wanted`` adds to it: a form lets one choose from both.

    A form that would begin a new draft offers what any draft of the officer adds: it may have been added meanwhile.
    """
    draft = own_draft(db, visit.officer.login, wanted)
    drafts = open_drafts(db, visit.officer.login) if draft is None else [draft]
    return with_drafted(db, visit.console.published.read(db), *(each.id for each in drafts))


async def offer_drafts(visit: Visit, form: DraftForm, wanted: str | None = None) -> None:
    """Let the officer choose the draft to write into."""
    await visit.run(lambda db: form.offer(open_drafts(db, visit.officer.login), wanted))
