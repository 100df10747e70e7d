"""The pages of the console, one module for each part of it. A new module is named in ``ALL``, and in the menu."""

from __future__ import annotations

from bot.console.pages import (
    account,
    audit,
    cases,
    changes,
    documents,
    excel,
    fact_edit,
    facts,
    faq,
    faq_edit,
    figures,
    guide,
    impact,
    inbox,
    log,
    officers,
    offices,
    parameter_edit,
    parameters,
    privacy,
    program_edit,
    programs,
    provisions,
    queue,
    request,
    samples,
    sign_in,
    start,
    static,
    switches,
    tasks,
    todo,
    topics,
    training,
    trying,
)

_OF_EVERYONE = (static, sign_in, start, account, guide)
_OF_CONTENT = (
    *(todo, changes, impact, trying, switches, faq, faq_edit),
    *(
        parameters,
        parameter_edit,
        documents,
        programs,
        program_edit,
        provisions,
        facts,
        fact_edit,
        offices,
        topics,
        excel,
    ),
)
_OF_CONVERSATIONS = (inbox, request, log, queue, cases, samples, training, tasks, figures, privacy)

ALL = [page.routes for page in (*_OF_EVERYONE, *_OF_CONTENT, *_OF_CONVERSATIONS, officers, audit)]
