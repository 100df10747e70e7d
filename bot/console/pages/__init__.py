"""The pages of the console, one module for each part of it. A new module is named in ``ALL``, and in the menu."""

from __future__ import annotations

from bot.console.pages import account, audit, guide, inbox, officers, request, sign_in, start, static

from bot.console.pages import excel  # isort: skip
from bot.console.pages import cases, figures, log, privacy, queue, samples, tasks  # isort: skip
from bot.console.pages import changes, faq, faq_edit, switches, trying  # isort: skip

ALL = [page.routes for page in (static, sign_in, start, account, inbox, request, officers, audit, guide)]
ALL += [page.routes for page in (log, queue, cases, samples, tasks, figures, privacy)]
ALL += [page.routes for page in (changes, faq, faq_edit, trying, switches)]
ALL += [excel.routes]
