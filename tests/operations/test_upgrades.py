"""A next version's tables can be used by the version before: both run at once while a set-up is brought up to date."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

VERSIONS = Path(__file__).parents[2] / "migrations/versions"
# From then on there may be set-ups in service.
FIRST_IN_SERVICE = "0012"
SAYS_SO = "STOPS_THE_OLD_VERSION"
_TAKES_AWAY = {"drop_table", "drop_column", "rename_table"}


def takes_away(source: str) -> Iterator[str]:
    """What in ``upgrade`` the version before could stumble over; nothing where the module says that it must stop."""
    tree = ast.parse(source)
    if any(isinstance(node, ast.Name) and node.id == SAYS_SO for node in ast.walk(tree)):
        return
    for function in tree.body:
        if not (isinstance(function, ast.FunctionDef) and function.name == "upgrade"):
            continue
        for call in ast.walk(function):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
                continue
            given = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
            tightened = call.func.attr == "alter_column" and given.get("nullable") == "False"
            if call.func.attr in _TAKES_AWAY or "new_column_name" in given or tightened:
                yield ast.unparse(call)
            elif call.func.attr == "add_column":
                columns = [part for part in ast.walk(call) if isinstance(part, ast.Call) and part is not call]
                told = [{keyword.arg: ast.unparse(keyword.value) for keyword in column.keywords} for column in columns]
                if any(one.get("nullable") == "False" and "server_default" not in one for one in told):
                    yield ast.unparse(call)


def test_no_revision_takes_away_what_the_version_before_needs() -> None:
    later = [path for path in sorted(VERSIONS.glob("[0-9]*.py")) if path.name[:4] >= FIRST_IN_SERVICE]
    found = {path.name: list(takes_away(path.read_text(encoding="utf-8"))) for path in later}
    assert {name: calls for name, calls in found.items() if calls} == {}


@pytest.mark.parametrize(
    ("line", "bad"),
    [
        ('op.add_column("t", sa.Column("c", sa.Text()))', False),
        ('op.add_column("t", sa.Column("c", sa.Text(), nullable=False, server_default=""))', False),
        ('op.add_column("t", sa.Column("c", sa.Text(), nullable=False))', True),
        ('batch.drop_column("c")', True),
        ('op.drop_table("t")', True),
        ('op.alter_column("t", "c", new_column_name="d")', True),
        ('op.alter_column("t", "c", nullable=False)', True),
        ('op.create_index("i", "t", ["c"])', False),
    ],
)
def test_what_the_version_before_stumbles_over(line: str, bad: bool) -> None:
    source = f"def upgrade():\n    {line}\n\ndef downgrade():\n    op.drop_table('t')\n"
    assert bool(list(takes_away(source))) == bad
    assert list(takes_away(f"{SAYS_SO} = True\n{source}")) == []
