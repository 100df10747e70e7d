"""Each finding of the doctor, good and bad, on what is really there."""

from __future__ import annotations

import contextlib
import datetime as dt
import http.server
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from bench.ports import free_ports
from bot.operations.backups import Backups
from bot.operations.findings import Finding
from bot.operations.reach import certificate, look_at_processes, look_at_public_address, look_at_zalo, own_address
from bot.operations.secrecy import look_at_secrets
from bot.operations.storage import look_at_storage
from bot.settings import Settings
from tests.channels import proxy
from tests.operations.conftest import NOW
from tests.widget.site import Site

STRONG = "0123456789abcdefghijklmnopqrstuvwxyz"


def said(found: Iterable[Finding], level: str) -> list[str]:
    return [finding.what for finding in found if finding.level == level]


def test_a_finding_says_what_to_do_unless_all_is_well(in_service: str, tmp_path: Path) -> None:
    settings = Settings(
        database_url=in_service, backup_folder=tmp_path / "none", secret="aaaaaaaaaaaaaaaa", public_url=""
    )
    found = [*look_at_storage(settings, NOW), *look_at_secrets(settings, tmp_path / ".env")]
    assert all(bool(finding.mend) == (finding.level != "good") for finding in found)


class TestSecrets:
    @pytest.fixture
    def env_file(self, tmp_path: Path) -> Path:
        return tmp_path / ".env"

    def test_strong_and_different_ones_are_good(self, env_file: Path) -> None:
        settings = Settings(secret=STRONG, rasa_secret=STRONG[::-1])
        assert said(look_at_secrets(settings, env_file), "bad") == []

    @pytest.mark.parametrize("weak", ["mat-khau-12345678", "a" * 40])
    def test_weak_ones_are_not_and_are_not_repeated(self, env_file: Path, weak: str) -> None:
        found = list(look_at_secrets(Settings(secret=weak), env_file))
        assert said(found, "bad") == ["ANSINH_SECRET dễ đoán"]
        assert not any(weak in str(finding) for finding in found)

    def test_the_same_for_two_is_found(self, env_file: Path) -> None:
        found = list(look_at_secrets(Settings(secret=STRONG, officers_secret=STRONG), env_file))
        assert said(found, "bad") == ["ANSINH_SECRET và ANSINH_OFFICERS_SECRET giống nhau"]
        assert not any(STRONG in str(finding) for finding in found)

    def test_files_that_others_read_are_found(self, env_file: Path, tmp_path: Path) -> None:
        key = tmp_path / "secret.key"
        for file in (env_file, key):
            file.write_text("x", encoding="ascii")
            file.chmod(0o640)
        settings = Settings(secret="", secret_file=key)
        assert len(said(look_at_secrets(settings, env_file), "bad")) == 2
        for file in (env_file, key):
            file.chmod(0o600)
        assert said(look_at_secrets(settings, env_file), "bad") == []

    def test_rasa_on_another_machine_is_worth_a_thought(self, env_file: Path) -> None:
        found = look_at_secrets(Settings(secret=STRONG, rasa_url="http://10.0.0.5:5005"), env_file)
        assert said(found, "mind") == ["ANSINH_RASA_URL chỉ tới máy khác (10.0.0.5)"]


class TestStorage:
    def test_a_database_in_service_with_a_fresh_backup_is_good(self, published: str, tmp_path: Path) -> None:
        folder = tmp_path / "backups"
        now = dt.datetime.now(dt.UTC)
        Backups(folder, published).create(now, keep=1)
        settings = Settings(database_url=published, backup_folder=folder)
        assert said(look_at_storage(settings, now), "bad") == []

    def test_missing_data_and_backups_are_found(self, in_service: str, tmp_path: Path) -> None:
        settings = Settings(database_url=in_service, backup_folder=tmp_path / "none")
        found = said(look_at_storage(settings, dt.datetime.now(dt.UTC)), "bad")
        assert found == ["Chưa có dữ liệu chính sách", f"Chưa có bản sao lưu nào trong {tmp_path / 'none'}"]

    def test_an_old_schema_and_an_old_backup_are_found(self, in_service: str, tmp_path: Path) -> None:
        Backups(tmp_path, in_service).create(NOW, keep=1)
        command.downgrade(Config("alembic.ini"), "0001")
        settings = Settings(database_url=in_service, backup_folder=tmp_path)
        found = said(look_at_storage(settings, NOW + dt.timedelta(hours=30)), "bad")
        assert found[0].startswith("Bảng đang ở phiên bản 0001")
        assert "Bản sao lưu mới nhất đã 30 giờ" in found

    def test_a_database_that_is_away_is_told_without_its_password(self, tmp_path: Path) -> None:
        url = f"postgresql+psycopg://u:geheim@127.0.0.1:{free_ports(1)[0]}/n"
        found = list(look_at_storage(Settings(database_url=url, backup_folder=tmp_path), NOW))
        assert said(found, "bad")[0].startswith("Cơ sở dữ liệu không dùng được")
        assert not any("geheim" in str(finding) for finding in found)

    def test_a_clock_that_is_off_is_found(self, in_service: str, tmp_path: Path) -> None:
        settings = Settings(database_url=in_service, backup_folder=tmp_path)
        found = said(look_at_storage(settings, dt.datetime.now(dt.UTC) + dt.timedelta(minutes=3)), "bad")
        assert any("lệch nhau" in what for what in found) == in_service.startswith("postgresql")


@contextlib.contextmanager
def stranger() -> Iterator[int]:
    """Somebody else's web server, which knows no /readyz."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            """Keeps quiet."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


class TestReach:
    @pytest.fixture
    def site(self, tmp_path: Path) -> Iterator[Site]:
        with Site(tmp_path) as running:
            yield running

    def settings(self, port: int) -> Settings:
        rasa, actions = free_ports(2)
        return Settings(port=port, rasa_port=rasa, actions_port=actions)

    def test_parts_that_work_are_good(self, site: Site) -> None:
        found = list(look_at_processes(self.settings(int(site.address.rsplit(":", 1)[1]))))
        assert said(found, "good") == ["Phần database làm việc", "Phần rasa làm việc", "Phần actions làm việc"]
        assert said(found, "bad") == []

    def test_a_gateway_that_does_not_run_is_told_from_a_stranger_on_its_port(self) -> None:
        port = free_ports(1)[0]
        assert said(look_at_processes(self.settings(port)), "bad") == [f"An Sinh không chạy ở cổng {port}"]
        with stranger() as port:
            assert said(look_at_processes(self.settings(port)), "bad") == [
                f"Cổng {port} có chương trình khác đang dùng"
            ]

    def test_actions_that_everybody_reaches_are_found(self) -> None:
        if own_address() is None:
            pytest.skip("this machine is in no network")
        with socket.create_server(("0.0.0.0", 0)) as everywhere:  # noqa: S104 - that is the fault
            settings = Settings(port=free_ports(1)[0], actions_port=everywhere.getsockname()[1])
            found = said(look_at_processes(settings), "bad")
        assert any(what.startswith("actions trả lời cả ở") for what in found)

    def test_a_day_set_by_hand_and_an_open_address_are_found(self) -> None:
        settings = Settings(today=dt.date(2026, 11, 25), public_url="http://ansinh.example")
        assert len(said(look_at_public_address(settings, NOW), "bad")) == 2

    @pytest.mark.parametrize(
        ("given", "level"),
        [
            ({}, None),
            ({"zalo_app_id": "1"}, "bad"),
            ({"zalo_bot_token": "1", "zalo_bot_secret": "2"}, "bad"),
            ({"zalo_bot_token": "1", "zalo_bot_secret": "2", "public_url": "https://ansinh.example"}, "good"),
        ],
    )
    def test_zalo_is_set_up_wholly_or_not_at_all(self, given: dict[str, str], level: str | None) -> None:
        assert [finding.level for finding in look_at_zalo(Settings(**given))] == ([level] if level else [])


class TestCertificate:
    @pytest.fixture
    def serve(self, tmp_path: Path) -> Iterator[Callable[[], int]]:
        proxy.certificate(tmp_path)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tmp_path / "fullchain.pem", tmp_path / "privkey.pem")
        with socket.create_server(("127.0.0.1", 0)) as listener:

            def accept() -> None:
                try:
                    raw, _ = listener.accept()
                    with raw, context.wrap_socket(raw, server_side=True) as connection:
                        connection.recv(1)
                except OSError:
                    return

            threading.Thread(target=accept, daemon=True).start()
            yield lambda: listener.getsockname()[1]

    def test_one_that_ends_soon_is_found(self, serve: Callable[[], int], tmp_path: Path) -> None:
        trust = ssl.create_default_context(cafile=str(tmp_path / "fullchain.pem"))
        trust.check_hostname = False
        found = certificate("localhost", serve(), dt.datetime.now(dt.UTC), trust)
        assert (found.level, found.what) == ("bad", "Chứng thư của localhost còn 0 ngày")

    def test_one_that_nobody_trusts_is_found(self, serve: Callable[[], int]) -> None:
        assert "không hợp lệ" in certificate("localhost", serve(), NOW).what

    def test_an_address_that_is_not_there_is_told(self) -> None:
        assert certificate("127.0.0.1", free_ports(1)[0], NOW).level == "mind"
