"""The archive that training leaves, and the digest beside it. Standard library only: what trains writes it too.

Rasa unpacks pickled objects of its archive, so whoever can put one in its place runs code in Rasa's process.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

FOLDER = "models"
"""Beside ``bot``: the only place from which a model is loaded."""


class ModelRefusedError(Exception):
    """A model that is not to be loaded; the message says why, and what to do."""


def digest_path(model: Path) -> Path:
    """Where the digest of ``model`` stands."""
    return model.with_name(f"{model.name}.sha256")


def write_digest(model: Path, name: str) -> None:
    """Write the digest of ``model``, which will be called ``name``, as ``sha256sum --check`` reads it."""
    digest_path(model).write_text(f"{_digest(model)}  {name}\n", encoding="ascii")


def check(model: Path, folder: Path) -> None:
    """Raise ``ModelRefusedError`` unless ``model`` really lies in ``folder`` and is what its digest says."""
    if not model.is_file():
        raise ModelRefusedError(f"There is no model {model}. `make train` makes it; then start again.")
    if model.resolve().parent != folder.resolve():
        raise ModelRefusedError(f"The model {model} does not lie in {folder}. Give one that `make train` made there.")
    try:
        expected = digest_path(model).read_text(encoding="ascii").split()[0]
    except (OSError, ValueError, IndexError):
        raise ModelRefusedError(f"The model {model} has no digest beside it. Delete it and run `make train`.") from None
    if _digest(model) != expected:
        raise ModelRefusedError(f"The model {model} is not what was trained: delete it and run `make train`.")


def _digest(model: Path) -> str:
    digest = hashlib.sha256()
    with model.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
