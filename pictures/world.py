"""What stands in the database before the pictures: officers, and the day before a real decree was entered."""

from __future__ import annotations

import datetime as dt
import secrets

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.console import people
from bot.console.models import OfficerRow
from bot.console.people import By
from bot.console.roles import Role
from bot.conversation.review.collect import collect
from bot.knowledge.assistant import Library
from bot.knowledge.tables import ParameterValueRecord

PASSWORD = secrets.token_urlsafe(24)
"""Of officers who exist as long as a database in a temporary folder does."""

EDITOR, APPROVER, REVIEWER, ADMINISTRATOR = "lan.pham", "minh.vo", "hoa.tran", "dung.le"
OFFICERS = {
    EDITOR: ("Phạm Thị Lan", Role.EDITOR),
    APPROVER: ("Võ Văn Minh", Role.APPROVER),
    REVIEWER: ("Trần Thị Hoa", Role.REVIEWER),
    ADMINISTRATOR: ("Lê Quang Dũng", Role.ADMINISTRATOR),
}

PARAMETER = "tro_cap_huu_tri_xa_hoi"
"""Its newest value is entered by the editor of the pictures just as data/ has it: they show nothing but the law."""


def prepare(engine: Engine) -> ParameterValueRecord:
    """Make the officers, and take the newest value of `PARAMETER` out; it is returned."""
    by = By("(dòng lệnh)", dt.datetime.now(dt.UTC))
    with Session(engine, expire_on_commit=False) as db, db.begin():
        for login, (name, role) in OFFICERS.items():
            people.create(db, by, login, name, [role], PASSWORD)
            db.get_one(OfficerRow, login).must_change_password = False
        former, newest = db.scalars(
            select(ParameterValueRecord)
            .where(ParameterValueRecord.parameter_id == PARAMETER)
            .order_by(ParameterValueRecord.applies_from.desc())
            .limit(2)
        ).all()[::-1]
        former.applies_to = None
        db.delete(newest)
    return newest


def fill_queue(engine: Engine) -> None:
    """What the job of the review will have found by tomorrow, abandoned checks included."""
    index = Library(engine).assistant().index
    with Session(engine) as db, db.begin():
        collect(db, index, dt.datetime.now(dt.UTC) + dt.timedelta(days=1))
