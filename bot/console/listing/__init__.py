"""Lists of rows: the one component with search, filters, order, pages and export.

``bot/console/pages/officers.py`` has a short list, ``bot/console/pages/audit.py`` a long one. A page is
``return await LISTING.respond(visit, "officers.html")``; its template includes ``list.html``.
"""

from bot.console.listing.columns import Column, Filter, Value
from bot.console.listing.listing import Listing
from bot.console.listing.rows import MemoryRows, SqlRows

__all__ = ["Column", "Filter", "Listing", "MemoryRows", "SqlRows", "Value"]
