"""What stands in the way of a change, said so that an officer can mend it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.knowledge.loading.problems import Location


class EditingError(Exception):
    """A step that cannot be taken; the message is for the officer."""


class NotAllowedError(EditingError):
    """Not by this officer, or not in this state."""


class StaleError(EditingError):
    """The draft has been saved since by another window; nothing was overwritten."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One field of one unit: what was written, what is wrong, how to mend it.

    ``field`` leads to it from the unit's row: ``("benefits", 0, "amount")``; empty for the unit as a whole.
    """

    kind: str
    key: str
    field: Location
    value: Any
    wrong: str
    mend: str

    def __str__(self) -> str:
        place = " › ".join([self.key, *(str(step + 1) if isinstance(step, int) else step for step in self.field)])
        given = "" if self.value is None else f" Đã ghi: {self.value}."
        return f"{place}: {self.wrong}{given} {self.mend}"


class FaultyError(EditingError):
    """Content that cannot be published; ``faults`` holds every error found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Conflict:
    """A unit that was published anew after it was drafted: what the author began with, what stands now, the draft.

    Each is the JSON of a row, or ``None`` where there is or would be none.
    """

    kind: str
    key: str
    base: dict[str, Any] | None
    published: dict[str, Any] | None
    draft: dict[str, Any] | None


class ConflictError(EditingError):
    """Others have published some of the units since; ``conflicts`` shows each side."""

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        names = ", ".join(conflict.key for conflict in conflicts)
        super().__init__(
            f"Đã có nội dung mới được công bố cho: {names}. Bản nháp vẫn còn nguyên; hãy so sánh hai bản rồi chọn "
            "“lấy bản mới làm gốc”."
        )
        self.conflicts = tuple(conflicts)
