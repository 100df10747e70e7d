"""At least one row for each page of the console, over the published rows of data/, and the address of each page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from urllib.parse import quote

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.console.people import By
from bot.conversation.models import HandoverAudit
from bot.conversation.retraining.tables import TrainingRun
from bot.conversation.review.models import (
    RegressionCase,
    ReviewItem,
    ReviewSample,
    ReviewTurn,
    SampledTurn,
    Task,
    TurnText,
)
from bot.conversation.review.positions import position_of
from bot.knowledge.audit import Audit
from bot.knowledge.editing import changesets
from bot.knowledge.editing.tables import RunRecord
from bot.knowledge.editing.to_confirm import unconfirmed
from bot.knowledge.editing.units import KINDS, Kind, key_of
from bot.knowledge.editing.work import Work
from bot.knowledge.learned import LearnedPhraseRecord
from bot.knowledge.prepared import prepare
from tests.console.reviewing.conftest import ASKED, OTHERWISE
from tests.conversation.review.conftest import citizen, logged, wish

TAUGHT = "bà con lớn tuổi được lĩnh bao nhiêu"
CHECKED = "ông bà cao tuổi mỗi tháng được mấy đồng"


def fill(engine: Engine, officer: str, now: dt.datetime) -> Mapping[str, str]:
    """Add the rows; by the name of a route's parameter, or by the whole route, what to put there."""
    at = now - dt.timedelta(days=1)
    answered = {"topic": "health_insurance", "program": "bhyt_can_ngheo", "aspect": "benefit", "rating": -1}
    led = {"kind": "program", "target": "huu_tri_xa_hoi", "aspect": "benefit"}
    with Session(engine) as db, db.begin():
        db.add(citizen())
        db.flush()
        turns = [logged(number, text, at=at, **answered) for number, text in enumerate((ASKED, OTHERWISE), 1)]
        db.add_all(turns)
        item = ReviewItem(state="open", turns=2, first_at=at, last_at=at, aspect="benefit")
        drawn = ReviewSample(since=at - dt.timedelta(days=7), until=now, answered=9, drawn_by=officer, drawn_at=now)
        request = wish(turns[0])
        db.add_all([item, drawn, request])
        db.flush()
        for turn in turns:
            text = {"position": position_of(turn.asked_at, turn.turn_id), "folded": prepare(turn.question or "")}
            db.add(TurnText(turn_id=turn.turn_id, **text))
            db.add(ReviewTurn(turn_id=turn.turn_id, item_id=item.id, reason="thumbs_down", found_at=now))
            db.add(SampledTurn(sample_id=drawn.id, turn_id=turn.turn_id, asked_at=turn.asked_at))
        taught = {"text": TAUGHT, "folded": prepare(TAUGHT), "approved_by": officer, "approved_at": now}
        checked = {"text": CHECKED, "folded": prepare(CHECKED), "created_by": officer, "created_at": now}
        task = Task(kind="policy", target="huu_tri_xa_hoi", note="Sai mức tiền", created_by=officer, created_at=now)
        trained = TrainingRun(
            state="failed", asked_by=officer, asked_at=at, phrases=[], compared_with="cu.tar.gz", ended_at=now,
            problem="Không huấn luyện được.",
        )  # fmt: skip
        kept = {"began_at": now, "beat_at": now, "kept_until": now + dt.timedelta(days=365)}
        result = {"version": 1, "rows": [], "problems": [], "notes": [], "unchanged": 9, "changes": []}
        told = {"kind": "excel", "officer": officer, "name": "x.xlsx", "doing": "Đọc", "done": 1, "total": 1}
        db.add_all([LearnedPhraseRecord(**taught, **led), RegressionCase(**checked, **led), task, trained])
        db.add(RunRecord(id="xong", seconds=1.0, result=result, **told, **kept))
        db.add(HandoverAudit(code=request.code, officer=officer, action="claim", at=now))
        work = Work(db, officer, now)
        draft = changesets.create(work, "Sửa một câu trả lời")
        first = {kind: key_of(kind, db.scalars(select(KINDS[kind].record)).first()) for kind in Kind}  # type: ignore[arg-type]
        content = changesets.published_content(db, Kind.FAQ, first[Kind.FAQ])
        changesets.put(work, draft.id, Kind.FAQ, {**(content or {}), "answer": "Dạ, nay đã khác."})
        By(officer, now).record(db, "change", "officer", officer, {"name": "Lan"}, {"name": "Lân"})
        db.flush()
        waits = next(iter(unconfirmed(db)))
        act = db.scalars(select(Audit.id).order_by(Audit.id.desc())).first()
        units = {
            "/documents/": Kind.LEGAL_DOCUMENT, "/parameters/": Kind.PARAMETER, "/values/": Kind.PARAMETER_VALUE,
            "/offices/": Kind.OFFICE, "/topics/": Kind.TOPIC, "/facts/": Kind.CITIZEN_FACT, "/programs/": Kind.PROGRAM,
            "/provisions/": Kind.PROVISION, "/faq/": Kind.FAQ,
        }  # fmt: skip
        return {
            **{place: quote(first[kind], safe="") for place, kind in units.items()},
            "/log/": turns[0].turn_id,
            "/queue/": str(item.id),
            "/samples/": str(drawn.id),
            "/tasks/": str(task.id),
            "/training/": str(trained.id),
            "/excel/runs/": "xong",
            "/inbox/": request.code,
            "/changes/": str(draft.id),
            "/audit/": str(act),
            "/officers/": officer,
            "/guide/": "dang-nhap",
            "/todo/confirm/": f"{waits.kind.value}/{quote(waits.key, safe='')}",
        }
