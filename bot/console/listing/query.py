"""What an officer asks of a list, as it stands in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bot.console.listing.columns import Filter

_LONGEST_SEARCH = 200


@dataclass(frozen=True)
class Query:
    """``search`` words, values of filters by key, ``order`` by the key of a column, page from 1."""

    search: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    order: str = ""
    descending: bool = False
    page: int = 1

    @classmethod
    def read(cls, given: Mapping[str, str], *, filters: Sequence[Filter], orders: Sequence[str], default: str) -> Query:
        """Read the address; what makes no sense there counts as not said. ``default`` is an order such as ``-at``."""
        order = given.get("order", default)
        if order.removeprefix("-") not in orders:
            order = default
        page = given.get("page", "")
        return cls(
            search=" ".join(given.get("q", "").split())[:_LONGEST_SEARCH].rstrip(),
            filters={each.key: value for each in filters if (value := _fitting(each, given.get(each.key, "")))},
            order=order.removeprefix("-"),
            descending=order.startswith("-"),
            page=int(page[:9]) if page.isascii() and page.isdigit() and int(page[:9]) > 0 else 1,
        )

    def address(self, **changes: str) -> str:
        """The query of an address that asks for the same, but for ``changes``; page 1 unless they say otherwise."""
        order = ("-" if self.descending else "") + self.order
        values = {"q": self.search, **self.filters, "order": order, **changes}
        return "?" + urlencode({key: value for key, value in values.items() if value})


def _fitting(each: Filter, value: str) -> str:
    if each.choices:
        return value if value in {key for key, _ in each.choices} else ""
    return value[:64]
