"""The documents name only what exists, and every decision has its four parts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "README.vi.md", ROOT / "ARCHITECTURE.md", *sorted((ROOT / "docs").rglob("*.md"))]
DECISIONS = sorted((ROOT / "docs/decisions").glob("0*.md"))
# Made by running An Sinh, so not there in a fresh copy; "…" and "*" stand for several names.
MADE_OR_SEVERAL = re.compile(r"^(var|models|\.venv[a-z-]*)(/|$)|[…*]")

LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
BLOCK = re.compile(r"```\w*\n(.*?)```", re.DOTALL)
MAKE = re.compile(r"\bmake ([a-z]+(?:-[a-z]+)*)")
MODULE = re.compile(r"python -m ([a-z_.]+)")
SETTING = re.compile(r"\bANSINH_[A-Z_]*[A-Z]\b")


def names(pages: list[Path]) -> list[str]:
    return [str(page.relative_to(ROOT)) for page in pages]


def code(text: str) -> list[str]:
    """What stands in code spans and code blocks."""
    return [*CODE.findall(BLOCK.sub("", text)), *BLOCK.findall(text)]


def is_path(span: str) -> bool:
    """Whether a code span means a file or folder of ours: it begins with one that is there, or ends like one."""
    if MADE_OR_SEVERAL.search(span) or not re.fullmatch(r"[\w.-]+(/[\w.-]+)*/?", span):
        return False
    known = (ROOT / span.split("/", maxsplit=1)[0]).exists()
    return known or ("/" in span and re.search(r"\.(py|yml|md|txt|toml|conf|tsv|in)$", span) is not None)


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    targets = [link.split("#")[0] for link in LINK.findall(page.read_text(encoding="utf-8"))]
    missing = [t for t in targets if t and "://" not in t and not (page.parent / t).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_every_path_exists(page: Path) -> None:
    spans = code(page.read_text(encoding="utf-8"))
    assert [span for span in spans if is_path(span) and not (ROOT / span).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_every_make_target_and_module_exists(page: Path) -> None:
    text = "\n".join(code(page.read_text(encoding="utf-8")))
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(MAKE.findall(text)) <= targets
    for module in MODULE.findall(text):
        place = ROOT / module.replace(".", "/")
        ours = place.with_suffix(".py").is_file() or (place / "__main__.py").is_file()
        assert ours or module == "alembic", module


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_every_setting_named_is_one_of_ours(page: Path) -> None:
    table = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `(ANSINH_\w+)`", table, re.MULTILINE))
    assert set(SETTING.findall(page.read_text(encoding="utf-8"))) <= listed


@pytest.mark.parametrize("page", DECISIONS, ids=names(DECISIONS))
def test_a_decision_has_its_four_parts(page: Path) -> None:
    parts = re.split(r"^## (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert parts[1::2] == ["Context", "Decision", "Reasons", "Consequences"]
    assert all(part.strip() for part in parts[2::2])
    assert parts[0].startswith(f"# {int(page.name[:4])}. ")


def test_decisions_are_numbered_without_gaps_and_all_listed() -> None:
    assert [int(page.name[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    index = (ROOT / "docs/decisions/README.md").read_text(encoding="utf-8")
    assert LINK.findall(index) == [page.name for page in DECISIONS]


def test_the_two_readmes_show_the_same_commands() -> None:
    english, vietnamese = (code((ROOT / name).read_text(encoding="utf-8")) for name in ("README.md", "README.vi.md"))
    assert set(MAKE.findall("\n".join(english))) == set(MAKE.findall("\n".join(vietnamese)))
