"""Stands in for TensorFlow in the process that serves the model.

Rasa imports TensorFlow whether or not a component uses it. None of ours does, and the import took more than half of
the time to ready and some 200 MB. Rasa's modules only name its classes when they are imported: as bases, as
decorators, in annotations. So until :func:`install`'s end marks – :func:`seal` – every name exists and does nothing;
from then on any use is an error that says what to do. Training, tests and stories run with the real one.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import FunctionType, ModuleType
from typing import Any

PACKAGES = frozenset({"keras", "tensorflow", "tensorflow_addons", "tensorflow_hub"})
_sealed = False


class TensorFlowLeftOutError(RuntimeError):
    """Something would have used TensorFlow in the serving process."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} of TensorFlow is needed, which the serving process leaves out. "
            "Serve a model with such components by `rasa run`."
        )


def install() -> None:
    """Make the stand-in importable; to be called before anything of Rasa is imported."""
    loaded = PACKAGES & sys.modules.keys()
    if loaded:
        raise RuntimeError(f"imported before its stand-in: {', '.join(sorted(loaded))}")
    sys.meta_path.insert(0, _Finder())


def seal() -> None:
    """End the time of imports: from now on using what stands in is an error."""
    global _sealed  # noqa: PLW0603 - as the modules it speaks of, there is one per process
    _sealed = True


def _name(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    if _sealed:
        raise TensorFlowLeftOutError(name)
    return _Names(name, (_Nothing,), {})


class _Names(type):
    """A class whose attributes are such classes, and that leaves what it decorates as it was."""

    def __getattr__(cls, name: str) -> Any:
        made = _name(name)
        setattr(cls, name, made)
        return made

    def __call__(cls, *args: Any, **settings: Any) -> Any:
        if _sealed:
            raise TensorFlowLeftOutError(cls.__name__)
        if len(args) == 1 and not settings and isinstance(args[0], FunctionType):
            return args[0]
        return super().__call__()


class _Nothing(metaclass=_Names):
    def __call__(self, decorated: Any) -> Any:
        return decorated


class _Module(ModuleType):
    def __getattr__(self, name: str) -> Any:
        made = _name(name)
        setattr(self, name, made)
        return made


class _Finder(MetaPathFinder, Loader):
    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002 - importlib's signature
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] in PACKAGES:
            return ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing: a name comes into being when it is read."""
