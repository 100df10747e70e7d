"""The menu: every page is part of one entry, and sections hold what their officer may use."""

from __future__ import annotations

from bot.console.menu import MENU, Section, entries_for, groups_of
from bot.console.pages import ALL
from bot.console.parts import PREFIX
from bot.console.roles import Role

OF_NO_ENTRY = ("/login", "/account", "/guide", "/static", "/report")
PAGES = {definition.path for routes in ALL for definition, _ in routes if definition.method == "GET"} - {"/"}


def test_every_page_is_part_of_one_entry() -> None:
    for path in PAGES:
        if not path.startswith(OF_NO_ENTRY):
            assert len([entry for entry in MENU if entry.holds(PREFIX + path)]) == 1, path


def test_an_address_that_only_begins_alike_is_another_page() -> None:
    log = next(entry for entry in MENU if entry.path == "/log")
    assert log.holds(f"{PREFIX}/log/7")
    assert not log.holds(f"{PREFIX}/login")


def test_entries_of_a_section_stand_together() -> None:
    titles = [group.title for group in groups_of(MENU) if group.title]
    assert titles == [section.value for section in Section]


def test_an_officer_sees_the_sections_in_which_they_may_do_something() -> None:
    approver = groups_of(entries_for([Role.APPROVER]))
    assert [group.title for group in approver] == [None, "Nội dung", None, "Quản trị"]
    assert [group.entries[0].title for group in approver if not group.title] == ["Việc cần làm", "Số liệu, báo cáo"]


def test_a_section_counts_what_waits_in_all_of_it() -> None:
    talks = next(group for group in groups_of(MENU) if group.title == Section.TALKS.value)
    assert talks.waiting({"/inbox": 2, "/queue": 3, "/officers": 4}) == 5
