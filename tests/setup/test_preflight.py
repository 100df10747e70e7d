"""What stops a command before it begins, and what a person reads then."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tools.preflight import BUILD_NEEDS, GIB, check_compiler, check_disk, check_port, check_writable, is_full
from tools.say import Stop


def test_a_port_in_use_is_named_with_its_setting_and_a_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Stop) as stop:
            check_port("127.0.0.1", port, "ANSINH_RASA_PORT")
    for text in (stop.value.vi, stop.value.en):
        assert f"{port} (ANSINH_RASA_PORT)" in text
        assert "ANSINH_RASA_PORT=" in text
    check_port("127.0.0.1", port, "ANSINH_RASA_PORT")


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(Stop, match=r"Cannot listen at 192\.0\.2\.1"):
        check_port("192.0.2.1", 8080, "ANSINH_PORT")


def test_a_disk_too_small_for_the_first_build_is_told_with_figures(tmp_path: Path) -> None:
    with pytest.raises(Stop) as stop:
        check_disk(tmp_path, BUILD_NEEDS, lambda _path: int(1.5 * GIB))
    assert "còn 1.5 GB, cần 4.0 GB" in stop.value.vi
    assert "1.5 GB left, 4.0 GB needed" in stop.value.en
    check_disk(tmp_path, BUILD_NEEDS, lambda _path: 5 * GIB)


def test_a_disk_with_nothing_left_explains_a_failed_step(tmp_path: Path) -> None:
    assert is_full(tmp_path, lambda _path: 0)
    assert not is_full(tmp_path, lambda _path: GIB)


def test_no_compiler_is_told_with_what_to_install() -> None:
    with pytest.raises(Stop, match="apt-get install gcc"):
        check_compiler(lambda _name: None)
    check_compiler(lambda name: "/usr/bin/clang" if name == "clang" else None)


def test_a_file_where_the_folder_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "var").touch()
    with pytest.raises(Stop, match="cannot be written"):
        check_writable(tmp_path / "var" / "log")


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    check_writable(tmp_path / "var" / "log")
    assert list((tmp_path / "var" / "log").iterdir()) == []
