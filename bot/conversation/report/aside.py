"""The Word file made in a process that ends with it: charts and documents need libraries that would stay in memory."""

from __future__ import annotations

import datetime as dt
import multiprocessing
from concurrent.futures import ProcessPoolExecutor

from bot.conversation.report.content import Content
from bot.conversation.report.form import Form


def document_aside(content: Content, form: Form, day: dt.date, made_at: dt.datetime) -> bytes:
    """The .docx file; waits some seconds, so call it off the event loop."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=spawn) as pool:
        return pool.submit(_document, content, form, day, made_at).result()


def _document(content: Content, form: Form, day: dt.date, made_at: dt.datetime) -> bytes:
    from bot.conversation.report.document import document  # noqa: PLC0415 - in the child alone

    return document(content, form, day, made_at)
