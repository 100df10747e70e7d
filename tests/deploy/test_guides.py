"""The operator's guides: their commands, run or read as they stand there."""

from __future__ import annotations

import re
import socket
import subprocess
from pathlib import Path

import pytest

from bench.ports import free_ports
from tests.channels.proxy import find
from tools.pythons import _pyenv_roots

ROOT = Path(__file__).parents[2]
GUIDES = ROOT / "docs/huong-dan/van-hanh"
INSTALL, UPDATE, CERTIFICATE = (GUIDES / f"{name}.md" for name in ("cai-dat-may-chu", "cap-nhat", "chung-thu"))

# As Debian 12 ships it, without the comments.
DEBIAN_DEFAULT = """
server {
    listen 80 default_server;
    listen [::]:80 default_server;
    root /var/www/html;
    server_name _;
}
"""


def commands(page: Path) -> list[str]:
    """The lines of the page's blocks of commands."""
    blocks = re.findall(r"```sh\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip()]


def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


class Server:
    """A Debian of folders only, on which lines of the guides are run: what stands in its /etc is below ``etc``."""

    def __init__(self, place: Path) -> None:
        self.etc = place / "etc"
        for folder in ("nginx/conf.d", "nginx/sites-enabled"):
            (self.etc / folder).mkdir(parents=True)
        (self.etc / "nginx/sites-enabled/default").write_text(DEBIAN_DEFAULT, encoding="utf-8")
        (place / "log/nginx").mkdir(parents=True)
        self._place = place
        self._ports = dict(zip(("80", "443"), free_ports(2), strict=True))

    def run(self, page: Path, *lines: str) -> None:
        """Run the lines of ``page`` that begin so."""
        for begin in lines:
            [line] = [each for each in commands(page) if each.startswith(begin)]
            moved = re.sub(r"/(etc|var/www)/", rf"{self._place}/\1/", line)
            subprocess.run(["sh", "-ec", moved], cwd=ROOT, check=True, capture_output=True)

    def test(self) -> str:
        """What `nginx -t` complains of: nothing where all is well."""
        for file in (self.etc / "nginx").glob("*/*"):
            text = file.read_text(encoding="utf-8").replace("/etc/ansinh", f"{self.etc}/ansinh")
            text = re.sub(r"listen (\[::\]:)?(80|443)\b", lambda found: self._listen(found[1] or "", found[2]), text)
            file.write_text(text.replace("/var/log", f"{self._place}/log"), encoding="utf-8")
        main = self._place / "nginx.conf"
        paths = "".join(f"{name}_temp_path {self._place}/{name};" for name in ("proxy", "fastcgi", "uwsgi", "scgi"))
        main.write_text(
            f"pid {self._place}/pid; error_log stderr; events {{}} http {{ client_body_temp_path {self._place}/body;"
            f"{paths} access_log off;"
            f"include {self.etc}/nginx/conf.d/*.conf; include {self.etc}/nginx/sites-enabled/*; }}",
            encoding="utf-8",
        )
        said = subprocess.run([find(), "-t", "-q", "-c", str(main)], capture_output=True, text=True, check=False)
        return said.stderr if said.returncode else ""

    def _listen(self, before: str, port: str) -> str:
        """Ports of the test's own."""
        return f"listen {before or '0.0.0.0:'}{self._ports[port]}"


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path)


COPY, REMOVE, NAME = "cp deploy/nginx/ansinh.conf", "rm -f /etc/nginx/sites-enabled/default", "sed -i 's/ansinh"
IPV6 = "sed -i 's/# listen"
TEMPORARY = ("mkdir -p /var/www/ansinh", "openssl req")


def test_beside_the_page_of_debian_nginx_refuses_the_shipped_configuration(server: Server) -> None:
    server.run(CERTIFICATE, *TEMPORARY)
    server.run(INSTALL, COPY)
    assert "a duplicate default server" in server.test()


def test_without_a_certificate_nginx_does_not_start(server: Server) -> None:
    server.run(INSTALL, COPY, REMOVE)
    assert "fullchain.pem" in server.test()


def test_what_the_guides_say_makes_an_nginx_that_starts(server: Server) -> None:
    server.run(INSTALL, COPY, REMOVE, NAME)
    server.run(CERTIFICATE, *TEMPORARY)
    assert server.test() == ""
    text = (server.etc / "nginx/conf.d/ansinh.conf").read_text(encoding="utf-8")
    assert text.count("server_name tên-miền-của-cơ-quan;") == 1
    assert "ansinh.example" not in text
    assert (server.etc / "ansinh/tls/privkey.pem").stat().st_mode & 0o077 == 0


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
def test_it_listens_on_ipv6_too_where_the_guide_is_asked_to(server: Server) -> None:
    server.run(INSTALL, COPY, REMOVE, IPV6)
    server.run(CERTIFICATE, *TEMPORARY)
    assert server.test() == ""
    text = (server.etc / "nginx/conf.d/ansinh.conf").read_text(encoding="utf-8")
    assert re.findall(r"^ +listen (\[?)", text, re.MULTILINE) == ["", "["] * 3


def test_certbot_reloads_nginx_and_its_files_are_those_that_nginx_reads() -> None:
    lines = commands(CERTIFICATE)
    [order] = [line for line in lines if line.startswith("certbot certonly")]
    assert "--deploy-hook 'systemctl reload nginx'" in order
    shipped = (ROOT / "deploy/nginx/ansinh.conf").read_text(encoding="utf-8")
    linked = {line.split()[-1] for line in lines if line.startswith("ln ")}
    assert linked == set(re.findall(r"^ +ssl_certificate(?:_key)? (.*);$", shipped, re.MULTILINE))


@pytest.mark.parametrize("page", [INSTALL, UPDATE], ids=lambda page: page.stem)
def test_pythons_are_where_the_units_may_read_them(page: Path) -> None:
    [line] = [line for line in commands(page) if "make environments" in line]
    given = dict(re.findall(r"(\w+)=(\S+)", line))
    assert line.startswith("env -u PYENV_ROOT ")
    assert Path(given["UV_PYTHON_INSTALL_DIR"]).is_relative_to("/usr/local")
    # Neither pyenv's nor what else a home holds is found.
    assert not any(place.startswith(("/root", "/home")) for place in [given["HOME"], *given["PATH"].split(":")])
    folders = [Path(folder) for folder in given["PATH"].split(":")]
    assert _pyenv_roots(folders, {"HOME": given["HOME"]}) == []


@pytest.mark.parametrize(("page", "before"), [(INSTALL, "systemctl enable"), (UPDATE, "ln -sfn")])
def test_the_keeper_may_write_the_models(page: Path, before: str) -> None:
    lines = commands(page)
    first = next(number for number, line in enumerate(lines) if line.startswith(before))
    assert "chown -R ansinh models" in lines[:first]


def test_an_update_restarts_part_after_part() -> None:
    lines = commands(UPDATE)
    assert not any(re.search(r"systemctl \S*start .*(prepare|ansinh\.target|ansinh-\*)", line) for line in lines)
    order = [line.removeprefix("ansinh .venv/bin/python -m ") for line in lines]
    upgrade, load, first = (
        next(number for number, line in enumerate(order) if line.startswith(begin))
        for begin in ("alembic upgrade head", "bot.knowledge.loader data", "systemctl restart")
    )
    assert upgrade < load < first


@pytest.mark.parametrize("page", sorted(GUIDES.glob("*.md")), ids=lambda page: page.stem)
def test_nothing_stops_the_backups_along_with_the_rest(page: Path) -> None:
    assert not re.search(r"systemctl stop '?ansinh-?\*", page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", sorted(GUIDES.glob("*.md")), ids=lambda page: page.stem)
def test_units_that_are_named_exist(page: Path) -> None:
    units = {file.name.partition(".")[0].rstrip("@") for file in (ROOT / "deploy/systemd").iterdir()}
    named = re.findall(r"systemctl [a-z-]+ (?:--now )?([^`\n&|;]*)", page.read_text(encoding="utf-8"))
    ours = {name for words in named for name in re.findall(r"\bansinh[a-z-]*", words)}
    assert ours <= units
