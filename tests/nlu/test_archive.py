"""A model is loaded from our own folder and with its digest, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.nlu.archive import ModelRefusedError, check, digest_path, write_digest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "models"
    place.mkdir()
    return place


@pytest.fixture
def model(folder: Path) -> Path:
    path = folder / "a.tar.gz"
    path.write_bytes(b"trained")
    write_digest(path, path.name)
    return path


def test_what_was_trained_passes(model: Path, folder: Path) -> None:
    check(model, folder)


def test_one_changed_byte_is_refused(model: Path, folder: Path) -> None:
    model.write_bytes(b"traineD")
    with pytest.raises(ModelRefusedError, match="not what was trained"):
        check(model, folder)


@pytest.mark.parametrize("digest", [None, b"", b"\xff\xfe", b"0"])
def test_without_a_digest_it_is_refused(model: Path, folder: Path, digest: bytes | None) -> None:
    digest_path(model).unlink() if digest is None else digest_path(model).write_bytes(digest)
    with pytest.raises(ModelRefusedError, match="make train"):
        check(model, folder)


def test_one_of_elsewhere_is_refused_also_through_a_link(model: Path, folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "b.tar.gz"
    model.rename(elsewhere)
    write_digest(elsewhere, elsewhere.name)
    with pytest.raises(ModelRefusedError, match="does not lie in"):
        check(elsewhere, folder)
    model.symlink_to(elsewhere)
    with pytest.raises(ModelRefusedError, match="does not lie in"):
        check(model, folder)


def test_one_that_is_not_there_is_told(folder: Path) -> None:
    with pytest.raises(ModelRefusedError, match="There is no model"):
        check(folder / "none.tar.gz", folder)
