"""The pages of the console, one module for each part of it. A new module is named in ``ALL``, and in the menu."""

from __future__ import annotations

from bot.console.pages import (
    account,
    audit,
    changes,
    documents,
    facts,
    faq,
    faq_edit,
    guide,
    impact,
    officers,
    parameters,
    programs,
    provisions,
    sign_in,
    start,
    static,
    switches,
    todo,
    trying,
)

ALL = [
    page.routes
    for page in (
        static,
        sign_in,
        start,
        account,
        officers,
        audit,
        guide,
        changes,
        faq,
        faq_edit,
        trying,
        switches,
        parameters,
        documents,
        programs,
        provisions,
        impact,
        facts,
        todo,
    )
]
