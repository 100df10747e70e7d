"""The queue of the review: what went wrong, by count; claim, give back, merge, decide."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from aiohttp import web
from sqlalchemy.orm import Session

from bot.console import review_words
from bot.console.forms import masked
from bot.console.listing import Filter
from bot.console.listing.export import WRITERS, Table
from bot.console.listing.listing import sent
from bot.console.people import By
from bot.console.review_forms import DecisionForm
from bot.console.roles import Permission
from bot.console.routes import Routes
from bot.console.visit import Visit
from bot.conversation.review import decisions, queue
from bot.conversation.review.queue import Item
from bot.conversation.review.targets import DecisionError
from bot.knowledge.domain import Aspect
from bot.knowledge.prepared import prepare
from bot.knowledge.snapshot import Snapshot

routes = Routes()
_GUIDE = "xem-lai"
_ONE = "/queue/{id}"
_PAGE = 20
_MOST_EXPORTED = 2_000
_LONGEST_SEARCH = 200
_KIND = "review_item"
FILTERS = (
    Filter("reason", "Vì sao", list(review_words.REASONS.items())),
    Filter("claimed", "Đang xem", [("no", "chưa ai xem"), ("yes", "đang có người xem")]),
)


@routes.get("/queue", Permission.REVIEW, guide=_GUIDE)
async def listed(visit: Visit) -> web.StreamResponse:
    """What waits, the most frequent first; that it was read is written down."""
    given, now = visit.request.query, visit.console.clock.now()
    snapshot = await visit.run(visit.console.published.read)
    sought, asked = _sought(snapshot, given), _asked(given)
    write = WRITERS.get(given.get("export", ""))
    if write is not None:
        await visit.run(visit.by.record, "export", _KIND, "*", after=_told_of(asked))
        return await sent(visit, await visit.run(_table, snapshot, sought, now), write)
    await visit.run(visit.by.look, "read", _KIND, "*", _told_of(asked))
    items = await visit.run(queue.listed, now, sought, after=_after(given.get("after", "")), limit=_PAGE)
    further = {**asked, "after": f"{items[-1].turns}.{items[-1].id}"} if len(items) == _PAGE else None
    return await visit.page(
        "queue.html",
        items=[(item, title(snapshot, item)) for item in items],
        given=given,
        filters=FILTERS,
        further=f"?{urlencode(further)}" if further else None,
        export=lambda kind: f"?{urlencode({**asked, 'export': kind})}",
        words=review_words,
    )


@routes.get(_ONE, Permission.REVIEW, guide=_GUIDE)
async def one(visit: Visit) -> web.StreamResponse:
    """One item: its questions, what can be done, what was decided; that it was read is written down."""
    return await _one(visit)


@routes.post(f"{_ONE}/claim", Permission.REVIEW, guide=_GUIDE)
async def claim(visit: Visit) -> web.StreamResponse:
    """Make it mine."""

    def work(db: Session, by: By, number: int) -> None:
        queue.claim(db, number, by.officer, by.at)
        by.record(db, "claim", _KIND, str(number))

    return await _do(visit, work, "Đã nhận. Trong hai giờ mục này là của anh/chị.")


@routes.post(f"{_ONE}/release", Permission.REVIEW, guide=_GUIDE)
async def release(visit: Visit) -> web.StreamResponse:
    """Give it back undecided."""

    def work(db: Session, by: By, number: int) -> None:
        queue.release(db, number, by.officer)
        by.record(db, "release", _KIND, str(number))

    return await _do(visit, work, "Đã trả lại hàng đợi.")


@routes.post(f"{_ONE}/merge", Permission.REVIEW, guide=_GUIDE)
async def merge(visit: Visit) -> web.StreamResponse:
    """Move its questions into another item of mine."""
    into = number_of((await visit.form()).get("into", ""))
    if into is None or into == _number(visit):
        return visit.to(f"/queue/{_number(visit)}", "Hãy chọn mục khác để gộp vào.")

    def work(db: Session, by: By, number: int) -> None:
        queue.merge(db, number, into, by.officer)
        by.record(db, "merge", _KIND, str(number), after={"into": into})

    return await _do(visit, work, "Đã gộp.", to=into)


@routes.post(f"{_ONE}/decide", Permission.REVIEW, guide=_GUIDE)
async def decide(visit: Visit) -> web.StreamResponse:
    """Decide about it; a form that only searched for a target comes back with what was found."""
    given = await visit.form()
    number = _number(visit)
    snapshot = await visit.run(visit.console.published.read)
    item = await _item(visit)
    form = DecisionForm(given, snapshot=snapshot, suggest=_suggest(item))
    if given.get("step") == "find":
        return await _one(visit, form=form)
    if not form.validate():
        return await _one(visit, form=form, status=422)

    def work(db: Session, by: By) -> None:
        done = decisions.decide(db, snapshot, number, by.officer, form.verdict, by.at)
        by.record(db, "decide", _KIND, str(number), after={"decision": form.verdict.kind.value, "why": form.why.data})
        said.append("Đã ghi quyết định." + (" Có việc mới cho biên tập." if done.task else ""))

    said: list[str] = []
    try:
        await visit.run(work, visit.by)
    except DecisionError as error:
        return await _one(visit, form=form, status=422, refused=str(error))
    except (queue.ItemNotClaimedError, queue.ItemDecidedError):
        return await _one(visit, form=form, status=422, refused=_refusal(queue.ItemNotClaimedError()))
    return visit.to(f"/queue/{number}", *said)


def _asked(given: Mapping[str, str]) -> dict[str, str]:
    """What the list is narrowed down to, as it stands in the address."""
    words = " ".join(given.get("q", "").split())[:_LONGEST_SEARCH]
    known = {each.key: given.get(each.key, "") for each in FILTERS}
    chosen = {each.key: known[each.key] for each in FILTERS if known[each.key] in dict(each.choices)}
    return ({"q": words} if words else {}) | chosen


def _sought(snapshot: Snapshot, given: Mapping[str, str]) -> queue.Sought:
    asked = _asked(given)
    words = prepare(asked.get("q", "")).split()
    facts = [key for key in snapshot.facts if all(word in prepare(_stuck_at(snapshot, key)) for word in words)]
    claimed = {"yes": True, "no": False}.get(asked.get("claimed", ""))
    return queue.Sought(asked.get("q", ""), facts, asked.get("reason", ""), claimed)


def _told_of(asked: Mapping[str, str]) -> dict[str, str] | None:
    """The same as the audit log tells it; nothing for all of it."""
    parts = [f"“{masked(asked['q'])}”"] if "q" in asked else []
    parts += [f"{each.title}: {dict(each.choices)[asked[each.key]]}" for each in FILTERS if each.key in asked]
    return {"search": "; ".join(parts)} if parts else None


def _table(db: Session, snapshot: Snapshot, sought: queue.Sought, now: dt.datetime) -> Table:
    """The items as a file holds them: what the page shows."""
    items = queue.listed(db, now, sought, limit=_MOST_EXPORTED)
    rows = [
        (
            item.turns,
            title(snapshot, item),
            "\n".join(example.question for example in item.examples[1:]),
            ", ".join(f"{review_words.REASONS.get(each, each)} ({count})" for each, count in item.reasons.items()),
            item.last_at,
            item.claimed_by,
        )
        for item in items
    ]
    titles = ("Số lượt", "Câu hỏi", "Những câu khác", "Vì sao", "Gần nhất", "Ai đang xem")
    return Table("can-xem-lai", titles, rows, left_out=queue.count(db, now, sought) - len(items))


def title(snapshot: Snapshot, item: Item) -> str:
    """What an item is called: its newest question, or the question of a check at which citizens stuck."""
    if item.fact:
        return _stuck_at(snapshot, item.fact)
    return item.examples[0].question if item.examples else "(câu hỏi không còn lưu)"


def _stuck_at(snapshot: Snapshot, key: str) -> str:
    fact = snapshot.facts.get(key)
    return f"Vướng ở câu hỏi “{fact.question or fact.label if fact else key}”"


async def _one(
    visit: Visit, *, form: DecisionForm | None = None, status: int = 200, refused: str | None = None
) -> web.Response:
    item = await _item(visit)
    await visit.run(visit.by.look, "read", _KIND, str(item.id))
    snapshot = await visit.run(visit.console.published.read)
    mine = await visit.run(queue.claimed, visit.officer.login, visit.console.clock.now())
    if form is None:
        form = DecisionForm(snapshot=snapshot, suggest=_suggest(item), data=_first(item))
    return await visit.page(
        "queue_item.html",
        status=status,
        item=item,
        title=title(snapshot, item),
        others=[(each.id, title(snapshot, each)) for each in mine if each.id != item.id],
        is_mine=item.state == "open" and item.claimed_by == visit.officer.login,
        taken=[_told(snapshot, each) for each in await visit.run(decisions.taken, item.id)],
        form=form,
        refused=refused,
        words=review_words,
    )


def _told(snapshot: Snapshot, decision: decisions.Decision) -> dict[str, object]:
    where = decisions.target_of(decision)
    return {
        "made": decision,
        "name": review_words.VERDICTS[decision.kind],
        "target": review_words.target(snapshot, where) if where else None,
    }


async def _item(visit: Visit) -> Item:
    try:
        return await visit.run(queue.item, _number(visit), visit.console.clock.now())
    except queue.ItemUnknownError:
        raise web.HTTPNotFound from None


async def _do(
    visit: Visit, work: Callable[[Session, By, int], None], done: str, *, to: int | None = None
) -> web.Response:
    number = _number(visit)
    try:
        await visit.run(work, visit.by, number)
    except queue.ItemUnknownError:
        raise web.HTTPNotFound from None
    except (queue.ItemClaimedError, queue.ItemDecidedError, queue.ItemNotClaimedError) as error:
        return visit.to(f"/queue/{number}", _refusal(error))
    return visit.to(f"/queue/{to or number}", done)


def _refusal(error: Exception) -> str:
    match error:
        case queue.ItemClaimedError():
            return f"{error} đang xem mục này. Hãy chọn mục khác, hoặc đợi họ trả lại."
        case queue.ItemDecidedError():
            return "Mục này đã có quyết định rồi."
        case _:
            return "Mục này không (còn) là của anh/chị. Hãy bấm “Nhận xem mục này” trước, rồi làm lại."


def _first(item: Item) -> dict[str, str]:
    """What the form begins with: two questions of the item, one to teach and another to check by."""
    asked = list(dict.fromkeys(example.question for example in item.examples))
    aspect = item.aspect if item.aspect in set(Aspect) else ""
    return {"phrase": asked[0] if asked else "", "check": asked[1] if len(asked) > 1 else "", "aspect": aspect or ""}


def _suggest(item: Item) -> str:
    return item.examples[0].question if item.examples else ""


def number_of(text: str) -> int | None:
    """A row's number in an address or a form, if it is one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _number(visit: Visit) -> int:
    number = number_of(visit.request.match_info["id"])
    if number is None:
        raise web.HTTPNotFound
    return number


def _after(text: str) -> tuple[int, int] | None:
    turns, _, key = text.partition(".")
    at, number = number_of(turns), number_of(key)
    return None if at is None or number is None else (at, number)
