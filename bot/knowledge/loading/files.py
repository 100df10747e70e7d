"""Reading the data files, and finding the line of anything in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.knowledge.loading.explain import explain
from bot.knowledge.loading.problems import DataError, Location, Problem
from bot.knowledge.schema import PolicyFile

# libyaml reads ten times as fast; PyYAML is built without it on some machines.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PATTERNS = ("policy/**/*.yml", "faq/*.yml", "places/*.yml")
_NAMES = ("id", "key", "number", "code", "name", "label", "fact")


@dataclass(frozen=True, slots=True)
class SeedFile:
    """A file that has the form of the schema, with its YAML tree for finding lines."""

    path: Path
    content: PolicyFile
    tree: Node

    def problem(self, where: Location, value: Any, wrong: str, mend: str) -> Problem:
        """An error at ``where``, such as ``("programs", 3, "office")``."""
        return _problem(self.path, self.tree, where, value, wrong, mend)


def read_files(root: Path) -> list[SeedFile]:
    """Read all data files under ``root``; :class:`DataError` lists every file and row out of form."""
    paths = sorted(path for pattern in _PATTERNS for path in root.glob(pattern))
    if not any("policy" in path.relative_to(root).parts for path in paths):
        wrong = f"Không thấy tệp .yml nào trong thư mục {root / 'policy'}."
        mend = "Chạy lệnh ở thư mục gốc của dự án và ghi đúng tên thư mục dữ liệu, ví dụ: data"
        raise DataError([Problem(root, 1, "", None, wrong, mend)])
    files: list[SeedFile] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            files.append(_read(path))
        except DataError as error:  # noqa: PERF203 - one report for all files
            problems += error.problems
    if problems:
        raise DataError(problems)
    return files


def read_yaml(path: Path) -> Any:
    """Read a file that was not written by officers; raises ``yaml.YAMLError``."""
    return yaml.load(path.read_text(encoding="utf-8"), _LOADER)  # noqa: S506 - a safe one


def _read(path: Path) -> SeedFile:
    try:
        loader = _LOADER(path.read_text(encoding="utf-8"))
        tree = loader.get_single_node()
        if tree is None:
            tree = MappingNode("tag:yaml.org,2002:map", [], None, None)
        if (odd := next(_unreadable(tree, loader), None)) is not None:
            mend = "Sửa lại, hoặc đặt trong dấu ngoặc kép nếu là chữ."
            raise DataError([Problem(path, odd.start_mark.line + 1, "", odd.value, "Không có giá trị như vậy.", mend)])
        data = loader.construct_document(tree)
    except UnicodeDecodeError as error:
        mend = "Lưu lại tệp với bảng mã UTF-8."
        raise DataError([Problem(path, 1, "", None, "Tệp không phải UTF-8.", mend)]) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = 1 if mark is None else mark.line + 1
        wrong = f"Không đọc được YAML ({getattr(error, 'problem', None) or error})."
        mend = 'Xem lại thụt đầu dòng, dấu hai chấm; chữ có dấu ":" hay "#" phải đặt trong dấu ngoặc kép.'
        raise DataError([Problem(path, line, "", None, wrong, mend)]) from error
    except RecursionError as error:
        wrong, mend = "Dữ liệu lồng nhau quá sâu.", "Xem lại các dấu ngoặc và dấu gạch đầu dòng."
        raise DataError([Problem(path, 1, "", None, wrong, mend)]) from error
    problems = [
        _problem(path, tree, where, where[-1], "Mục này ghi hai lần.", "Bỏ bớt một lần, hoặc gộp hai chỗ làm một.")
        for where in _repeated_keys(tree, ())
    ]
    try:
        content = PolicyFile.model_validate(data)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            value, wrong, mend = explain(detail)
            problems.append(_problem(path, tree, detail["loc"], value, wrong, mend))
        raise DataError(problems) from error
    if problems:
        raise DataError(problems)
    return SeedFile(path, content, tree)


def _unreadable(node: Node, loader: Any) -> Iterator[ScalarNode]:
    """What looks like a day or a number and is none, such as 30 February."""
    if isinstance(node, ScalarNode):
        try:
            loader.construct_object(node)
        except (ValueError, OverflowError):
            yield node
    elif isinstance(node, SequenceNode):
        for item in node.value:
            yield from _unreadable(item, loader)
    elif isinstance(node, MappingNode):
        for pair in node.value:
            for part in pair:
                yield from _unreadable(part, loader)


def _problem(path: Path, tree: Node, where: Location, value: Any, wrong: str, mend: str) -> Problem:
    line, row = _describe(tree, where)
    return Problem(path, line, row, value, wrong, mend, where)


def _describe(tree: Node, where: Location) -> tuple[int, str]:
    """The line of ``where`` and its words; what the tree lacks (a missing key) is at its nearest parent."""
    node = tree
    line = 1
    words: list[str] = []
    for step in where:
        found = _child(node, step)
        if found is None:
            if isinstance(step, str) and isinstance(node, MappingNode):
                words.append(step)
            break
        start, node = found
        line = start.start_mark.line + 1
        words.append(step if isinstance(step, str) else _name(node) or str(step + 1))
    return line, " › ".join(words)


def _child(node: Node, step: str | int) -> tuple[Node, Node] | None:
    """The node to take the line from, and the node that ``step`` leads to."""
    if isinstance(node, MappingNode):
        # Of a key written twice, the last counts.
        return next(((key, value) for key, value in reversed(node.value) if key.value == step), None)
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    return None


def _name(node: Node) -> str | None:
    if not isinstance(node, MappingNode):
        return None
    scalars = {key.value: value.value for key, value in node.value if isinstance(value, ScalarNode)}
    return next((scalars[name] for name in _NAMES if name in scalars), None)


def _repeated_keys(node: Node, where: Location) -> Iterator[Location]:
    """YAML keeps the last of two equal keys and says nothing."""
    if isinstance(node, SequenceNode):
        for index, item in enumerate(node.value):
            yield from _repeated_keys(item, (*where, index))
    elif isinstance(node, MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield (*where, key.value)
            seen.add(key.value)
            yield from _repeated_keys(value, (*where, key.value))
