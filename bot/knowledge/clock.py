"""The day the assistant answers for.

Policy changes from one day to the next, so nothing but this module asks the system what day it is.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def today(fixed: date | None = None) -> date:
    """Return ``fixed`` (the setting ANSINH_TODAY) or today's date in Vietnam."""
    return fixed or datetime.now(VIETNAM).date()
