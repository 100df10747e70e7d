"""Writing what a form says into a draft, and what the form then shows where that is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web
from sqlalchemy.orm import Session

from bot.console.drafting import DraftForm, content_of, draft_with, mark, own_draft
from bot.console.editing import edit, open_drafts
from bot.console.units import ChangedField, changed, kind_of, page_of
from bot.console.visit import Visit
from bot.knowledge.editing.faults import EditingError, StaleError
from bot.knowledge.editing.preview import with_drafted
from bot.knowledge.editing.units import Content, Kind, key_of_row, parse
from bot.knowledge.editing.work import Work
from bot.knowledge.snapshot import Snapshot
from bot.text.fold import fold


@dataclass(frozen=True)
class Refusal:
    """Why nothing was written; ``differ`` tells a newer version of the unit from what was filled in.

    ``page`` edits the unit that is there already.
    """

    status: HTTPStatus
    said: Sequence[str]
    differ: Sequence[ChangedField] = ()
    page: str | None = None


@dataclass(frozen=True)
class Opened:
    """A unit as a form shows it: from the officer's draft, else as published; with what a form can refer to."""

    content: Content
    snapshot: Snapshot
    draft: str | None
    """The number of that draft."""


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

        def newer(db: Session) -> tuple[Content | None, str | None]:
            draft = draft_with(db, visit.officer.login, form.draft.data, kind, key)
            return content_of(db, draft, kind, key), str(draft.id) if draft else None

        now, number = await visit.run(newer)
        form.seen.data, form.draft.data = mark(now), number or form.draft.data
        rows = changed(kind, now, content, await visit.run(visit.console.published.read))
        return Refusal(HTTPStatus.CONFLICT, [str(error)], rows)
    except EditingError as error:
        return Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, form.show(error))


def open_unit(db: Session, visit: Visit, kind: Kind, wanted: str | None) -> Opened:
    """The unit that the address names, from the draft numbered ``wanted``, else from any of the officer's.

    Raises ``HTTPNotFound`` for none.
    """
    key = visit.request.match_info["id"]
    draft = draft_with(db, visit.officer.login, wanted, kind, key)
    content = content_of(db, draft, kind, key)
    if content is None:
        raise web.HTTPNotFound
    return Opened(content, offered(db, visit, wanted), str(draft.id) if draft else None)


def taken(kind: Kind, names: Mapping[str, str], given: str) -> Refusal | None:
    """Why no new unit is called ``given``: one of ``names`` (by key) reads the same, accents and capitals aside."""
    key = next((key for key, name in names.items() if fold(name) == fold(given)), None)
    if key is None:
        return None
    said = f"{kind_of(kind)} “{names[key]}” đã có trong bảng hoặc trong bản đang soạn, nên chưa ghi gì."
    return Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, [said], page=page_of(kind, key))


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
