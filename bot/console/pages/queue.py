"""The queue of the review: what went wrong, by count; claim, give back, merge, decide."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web
from sqlalchemy.orm import Session

from bot.console import review_words
from bot.console.people import By
from bot.console.review_forms import DecisionForm
from bot.console.roles import Permission
from bot.console.routes import Routes
from bot.console.visit import Visit
from bot.conversation.review import decisions, queue
from bot.conversation.review.queue import Item
from bot.conversation.review.targets import DecisionError
from bot.knowledge.domain import Aspect
from bot.knowledge.snapshot import Snapshot

routes = Routes()
_GUIDE = "xem-lai"
_ONE = "/queue/{id}"
_PAGE = 20
_KIND = "review_item"


@routes.get("/queue", Permission.REVIEW, guide=_GUIDE)
async def listed(visit: Visit) -> web.StreamResponse:
    """What waits, the most frequent first."""
    after = _after(visit.request.query.get("after", ""))
    snapshot = await visit.run(visit.console.published.read)
    items = await visit.run(queue.listed, visit.console.clock.now(), after=after, limit=_PAGE)
    further = f"?after={items[-1].turns}.{items[-1].id}" if len(items) == _PAGE else None
    titled = [(item, title(snapshot, item)) for item in items]
    return await visit.page("queue.html", items=titled, further=further, words=review_words)


@routes.get(_ONE, Permission.REVIEW, guide=_GUIDE)
async def one(visit: Visit) -> web.StreamResponse:
    """One item: its questions, what can be done, what was decided."""
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


def title(snapshot: Snapshot, item: Item) -> str:
    """What an item is called: its newest question, or the question of a check at which citizens stuck."""
    if item.fact:
        fact = snapshot.facts.get(item.fact)
        return f"Vướng ở câu hỏi “{fact.question or fact.label if fact else item.fact}”"
    return item.examples[0].question if item.examples else "(câu hỏi không còn lưu)"


async def _one(
    visit: Visit, *, form: DecisionForm | None = None, status: int = 200, refused: str | None = None
) -> web.Response:
    item = await _item(visit)
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
