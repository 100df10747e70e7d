"""What rests on a replaced document, and taking it into the draft with the new document as its basis."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from bot.console.drafting import content_of, draft_numbered
from bot.console.units import kind_of, page_of, title_of
from bot.knowledge.editing import changesets
from bot.knowledge.editing.faults import NotAllowedError
from bot.knowledge.editing.renewals import renewed, to_renew
from bot.knowledge.editing.tables import ChangeSetRecord
from bot.knowledge.editing.units import Content, Kind, called
from bot.knowledge.editing.values import with_value
from bot.knowledge.editing.work import Work
from bot.knowledge.snapshot import Snapshot

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Renewal:
    """A unit that rests on the document; ``page`` opens its form, ``taken`` says that the draft has it already."""

    kind: Kind
    key: str
    called: str
    title: str
    page: str | None
    taken: bool


def renewals(
    snapshot: Snapshot, document: str, day: dt.date, draft: ChangeSetRecord | None, new: str = ""
) -> Sequence[Renewal]:
    """The units that rest on ``document`` from ``day`` on; forms open in ``draft``, with ``new`` filled in."""
    taken = {(change.kind, change.key) for change in draft.changes} if draft else set()
    number = draft.id if draft else None
    found = []
    for kind, key in to_renew(snapshot, document, day):
        page = page_of(kind, key, number)
        if page and kind is Kind.PARAMETER_VALUE and new:
            page = f"/parameters/{key.partition('/')[0]}/value?{urlencode({'in': number or '', 'document': new})}"
        of = (kind.value, key)
        found.append(Renewal(kind, key, kind_of(kind), title_of(kind, key, None, snapshot), page, of in taken))
    return found


def renew(work: Work, number: str, kind: str, key: str, old: str, new: str) -> str:
    """Write a unit into the draft so that it rests on ``new``; a provision as a new version from its first day on.

    Returns what the officer is told. Raises :class:`NotAllowedError` for what is not there.
    """
    draft = draft_numbered(work.session, number, work.officer)
    document = content_of(work.session, draft, Kind.LEGAL_DOCUMENT, new)
    content = content_of(work.session, draft, Kind(kind), key) if kind in [*Kind] else None
    if document is None or content is None:
        raise NotAllowedError(f"Không có {new if document is None else key} để thay căn cứ. Hãy tải lại trang.")
    begins = document.get("effective_from")
    if kind == Kind.PROVISION and begins and begins > content["applies_from"]:
        for each in new_version(content, dt.date.fromisoformat(begins), old, new):
            changesets.put(work, draft.id, Kind.PROVISION, each)
        return "Đã chép quy định thành phiên bản mới. Hãy mở ra, xem lại điều khoản và nội dung."
    changesets.put(work, draft.id, Kind(kind), renewed(content, old, new))
    return f"Đã thay căn cứ của {called(Kind(kind), key)}. Hãy mở ra, xem lại điều khoản và nội dung."


def new_version(content: Content, first: dt.date, old: str = "", new: str = "") -> list[Content]:
    """A provision closed the day before ``first``, and a copy of it from that day on."""
    copied = {**(renewed(content, old, new) if new else content), "applies_from": first.isoformat()}
    copied |= {"key": f"{first:%Y-%m-%d}", "applies_to": content.get("applies_to")}
    return [*with_value([content], copied)]
