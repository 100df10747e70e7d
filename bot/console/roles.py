"""Roles of officers, and what each may do: the one place where that stands."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, StrEnum


class Role(StrEnum):
    """What an officer is there for; one officer may have several."""

    EDITOR = "editor"
    APPROVER = "approver"
    REVIEWER = "reviewer"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        """As officers call it."""
        return _TITLES[self]


_TITLES = {
    Role.EDITOR: "Biên tập",
    Role.APPROVER: "Phê duyệt",
    Role.REVIEWER: "Rà soát hội thoại",
    Role.ADMINISTRATOR: "Quản trị",
}


class Permission(Enum):
    """What a route asks for; each route names one."""

    ANYONE = "anyone"
    """Nobody has to sign in: the sign-in page itself, style sheets."""

    SIGNED_IN = "signed in"
    """Every officer, whatever their roles: the start page, their own account."""

    INBOX = "inbox"
    """See what citizens ask a person, claim a question and answer it."""

    INBOX_OTHERS = "inbox others"
    """Take a question away from the officer who claimed it."""

    PEOPLE = "people"
    """Create officers, give roles, reset passwords, lock out."""

    AUDIT = "audit"
    """Read who changed what."""

    TRANSCRIPTS = "transcripts"
    """Read what citizens asked and were told, masked, whoever claimed it."""

    REVIEW = "review"
    """Decide about what went wrong, teach, judge samples."""

    TRAIN = "train"
    """Have a model trained, have one that passed answer, and go back to the one before."""

    TRAIN_ANYWAY = "train anyway"
    """Have a model answer that did not pass, for a written reason."""

    TASKS = "tasks"
    """See what reviewers gave editors to mend, and say that it is done."""

    FIGURES = "figures"
    """Read the figures and make the periodic report: counts; who may read transcripts also sees questions."""

    PRIVACY = "privacy"
    """See the nightly job, and hand out what is kept of one person."""

    TODO = "todo"
    """See what waits for officers; whoever may not read content sees only what they may act on."""

    CONTENT = "content"
    """Read what citizens are told and what is being changed, and try it out."""

    EDIT = "edit"
    """Draft changes of it."""

    APPROVE = "approve"
    """Approve, reject, schedule and publish what others drafted."""

    SWITCH = "switch"
    """Switch the assistant, a topic or a program off, and on again."""


_ALL = frozenset(Role)
ROLES: dict[Permission, frozenset[Role]] = {
    Permission.ANYONE: _ALL,
    Permission.SIGNED_IN: _ALL,
    Permission.INBOX: frozenset({Role.EDITOR, Role.REVIEWER, Role.ADMINISTRATOR}),
    Permission.INBOX_OTHERS: frozenset({Role.ADMINISTRATOR}),
    Permission.PEOPLE: frozenset({Role.ADMINISTRATOR}),
    Permission.AUDIT: frozenset({Role.ADMINISTRATOR, Role.APPROVER}),
    Permission.TRANSCRIPTS: frozenset({Role.REVIEWER}),
    Permission.REVIEW: frozenset({Role.REVIEWER}),
    Permission.TRAIN: frozenset({Role.REVIEWER, Role.ADMINISTRATOR}),
    Permission.TRAIN_ANYWAY: frozenset({Role.ADMINISTRATOR}),
    Permission.TASKS: frozenset({Role.EDITOR, Role.REVIEWER}),
    Permission.FIGURES: _ALL,
    Permission.PRIVACY: frozenset({Role.ADMINISTRATOR}),
    Permission.TODO: _ALL,
    Permission.CONTENT: frozenset({Role.EDITOR, Role.APPROVER, Role.REVIEWER}),
    Permission.EDIT: frozenset({Role.EDITOR}),
    Permission.APPROVE: frozenset({Role.APPROVER}),
    Permission.SWITCH: frozenset({Role.APPROVER, Role.ADMINISTRATOR}),
}


def may(roles: Iterable[Role], permission: Permission) -> bool:
    """Whether somebody who signed in with these roles may do it."""
    return permission in {Permission.ANYONE, Permission.SIGNED_IN} or not ROLES[permission].isdisjoint(roles)
