"""The format of the policy cases: facts of a household on a day, and what the law gives."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.knowledge.loading.files import read_yaml
from bot.knowledge.repository import snapshot_from_files

FOLDER = Path(__file__).parent
SNAPSHOT = snapshot_from_files(FOLDER.parents[1] / "data")

Told = bool | date | int | Decimal | str
Number = Annotated[Decimal, Field(ge=0)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Expectation(_Strict):
    """What is expected of one program, for one person where it is judged per person."""

    program: str
    person: str = "self"
    verdict: Literal["eligible", "not_eligible", "unknown"] | None = None
    state: Literal["open", "closed", "pending"] | None = None
    amounts: tuple[int, ...] = ()
    no_amounts: tuple[int, ...] = ()
    percents: tuple[Number, ...] = ()
    asks: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _asserts_something(self) -> Self:
        if not (self.verdict or self.state or self.amounts or self.no_amounts or self.percents or self.asks):
            raise ValueError(f"expects nothing of {self.program}: state a verdict, a state, amounts, percents or asks")
        return self


class Worked(_Strict):
    """What a calculation gives for the facts of the case; ``lines`` are all amounts of its working, in đồng."""

    program: str
    person: str = "self"
    lines: tuple[int, ...] | None = None
    totals: Mapping[str, int] = {}
    outcome: Literal["poor", "near_poor", "above_line"] | None = None
    asks: tuple[str, ...] = ()
    bounded: bool | None = None
    no_result: bool = False

    @model_validator(mode="after")
    def _asserts_something(self) -> Self:
        told = (self.totals, self.outcome, self.asks, self.no_result)
        if self.lines is None and self.bounded is None and not any(told):
            raise ValueError(f"expects nothing of {self.program}: state lines, totals, outcome, asks or no_result")
        return self


class PolicyCase(_Strict):
    """One case, named by a sentence; ``because`` is the legal basis."""

    case: str
    because: str
    day: date
    household: Mapping[str, Told] = {}
    people: Mapping[str, Mapping[str, Told] | None] = {}
    expect: tuple[Expectation, ...] = ()
    calculate: tuple[Worked, ...] = ()

    @model_validator(mode="after")
    def _expects_something(self) -> Self:
        if not (self.expect or self.calculate):
            raise ValueError("give expect or calculate")
        return self


def read_cases(folder: Path = FOLDER) -> Iterator[PolicyCase]:
    """Read all cases; raises ``ValueError`` that names the file and the case for one that is malformed."""
    for path in sorted(folder.glob("*.yml")):
        for stored in read_yaml(path):
            yield _read(stored, path)


def _read(stored: Mapping[str, object], path: Path) -> PolicyCase:
    try:
        return PolicyCase.model_validate(stored)
    except ValueError as error:
        raise ValueError(f"{path.name}, {stored.get('case')}: {error}") from error
