"""The container files, as far as they can be looked at without an engine."""

from __future__ import annotations

import fnmatch
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bench.ports import free_ports
from bot.console.pages import guide
from bot.settings import Settings
from tests.channels.proxy import certificate, find

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy/container"
IMAGES = sorted(FOLDER.glob("Containerfile.*"))
COMPOSE: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PRIVATE = {"rasa", "actions", "database", "redis", "prepare", "backup", "doctor"}


def instructions(file: Path) -> list[tuple[str, str]]:
    joined = re.sub(r"\\\n\s*", " ", file.read_text(encoding="utf-8"))
    lines = [line for line in joined.splitlines() if line.strip() and not line.startswith("#")]
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines)]


@pytest.mark.parametrize("file", IMAGES, ids=lambda file: file.name)
def test_what_is_copied_is_there_and_not_left_out(file: Path) -> None:
    ignored = (ROOT / ".containerignore").read_text(encoding="utf-8").split()
    for word, rest in instructions(file):
        if word != "COPY" or rest.startswith("--from"):
            continue
        for source in rest.split()[:-1]:
            assert (ROOT / source).exists(), source
            assert not any(fnmatch.fnmatch(source, pattern) for pattern in ignored), source


def test_what_trains_the_model_has_all_that_it_imports(tmp_path: Path) -> None:
    for word, rest in instructions(FOLDER / "Containerfile.rasa"):
        if word == "RUN" and "tools.model" in rest:
            break
        if word == "COPY" and rest.startswith(("tools", "bot")):
            *sources, target = rest.split()
            for source in sources:
                place = tmp_path / target / Path(source).name if target.endswith("/") else tmp_path / target
                place.parent.mkdir(parents=True, exist_ok=True)
                copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
                copy(ROOT / source, place)
    command = [sys.executable, "-c", "import tools.model"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_the_guide_of_the_console_goes_along() -> None:
    given = instructions(FOLDER / "Containerfile.service")
    name = guide.FOLDER.relative_to(ROOT).as_posix()
    assert ("COPY", f"{name} {name}") in given


@pytest.mark.parametrize("file", IMAGES, ids=lambda file: file.name)
def test_an_image_runs_as_nobody_of_importance_and_installs_by_hash(file: Path) -> None:
    given = instructions(file)
    users = [rest for word, rest in given if word == "USER"]
    assert users, "root otherwise"
    assert all(re.fullmatch(r"\d{5}:\d{5}", user) for user in users)
    installs = [rest for word, rest in given if word == "RUN" and "pip install" in rest]
    assert installs
    assert all("--require-hashes" in rest for rest in installs)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the service's image as its file copies it, but for what was built before."""
    place = tmp_path_factory.mktemp("image")
    last = 0
    given = instructions(FOLDER / "Containerfile.service")
    for number, (word, _) in enumerate(given):
        last = number if word == "FROM" else last
    built = ["bot bot"]
    for rest in built + [rest for word, rest in given[last:] if word == "COPY" and not rest.startswith("--from")]:
        source, target = rest.split()
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, place / target, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
        else:
            shutil.copy(ROOT / source, place / target)
    return place


def run_in(image: Path, *command: str, **environ: str) -> subprocess.CompletedProcess[str]:
    clean = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", **environ}
    return subprocess.run([sys.executable, *command], cwd=image, env=clean, capture_output=True, text=True, check=False)


def test_the_image_has_what_the_service_reads(image: Path) -> None:
    files = "from bot.console.pages.guide import FOLDER as guide; from bot.knowledge.editing.rehearsal import CASES"
    said = run_in(image, "-c", f"import bot.cli.serve, actions.__main__; {files}; print(guide); print(CASES)")
    assert said.returncode == 0, said.stderr
    for folder in said.stdout.split():
        assert Path(folder).is_relative_to(image)
        assert any(Path(folder).iterdir()), folder


def test_the_doctor_looks_an_image_over(image: Path, tmp_path: Path) -> None:
    environ = {
        "ANSINH_DATABASE_URL": f"sqlite:///{tmp_path / 'ansinh.db'}",
        "ANSINH_BACKUP_FOLDER": str(tmp_path),
        "ANSINH_SECRET": "0123456789abcdefghijklmnopqrstuvwxyz",
        "ANSINH_PORT": str(free_ports(1)[0]),
    }
    made = run_in(image, "-m", "alembic", "upgrade", "head", **environ)
    assert made.returncode == 0, made.stderr
    said = run_in(image, "-m", "bot.cli.doctor", **environ)
    assert (said.returncode, said.stderr) == (1, "")
    assert "✓ Bảng đúng phiên bản" in said.stdout
    assert f"✗ An Sinh không chạy ở cổng {environ['ANSINH_PORT']}" in said.stdout
    assert "Môi trường" not in said.stdout


def test_secrets_and_data_of_a_machine_stay_out_of_an_image() -> None:
    ignored = (ROOT / ".containerignore").read_text(encoding="utf-8").split()
    assert {".env", "var", "models", ".git"} <= set(ignored)


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_is_hardened(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges"]
    assert not service["user"].startswith("0")
    assert "mem_limit" in service
    assert "healthcheck" in service
    assert "privileged" not in service


@pytest.mark.parametrize("name", SERVICES)
def test_only_the_proxy_is_reachable_and_only_gateways_reach_out(name: str) -> None:
    networks = set(SERVICES[name]["networks"])
    assert ("ports" in SERVICES[name]) == (name == "proxy")
    ways_out = {network for network in networks if not (COMPOSE["networks"][network] or {}).get("internal")}
    allowed = {"proxy": {"edge"}, "gateway-a": {"out"}, "gateway-b": {"out"}}
    assert ways_out == allowed.get(name, set())
    if name in PRIVATE:
        assert networks == {"back"}


def test_what_is_mounted_and_depended_on_exists() -> None:
    made_by_the_operator = {"./tls"}
    for name, service in SERVICES.items():
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            if source.startswith("."):
                assert source in made_by_the_operator or (FOLDER / source).exists(), (name, source)
            else:
                assert source in COMPOSE["volumes"], (name, source)
        assert set(service.get("depends_on", ())) <= set(SERVICES), name


def test_settings_are_ours() -> None:
    known = {f"ANSINH_{name.upper()}" for name in Settings.model_fields}
    for service in SERVICES.values():
        assert {key for key in service.get("environment", {}) if key.startswith("ANSINH_")} <= known


def test_rasa_gets_no_environment_file_of_others() -> None:
    assert SERVICES["rasa"]["env_file"] == "rasa.env"


def test_the_shipped_proxy_configuration_has_what_the_container_replaces() -> None:
    shipped = (ROOT / "deploy/nginx/ansinh.conf").read_text(encoding="utf-8")
    command = " ".join(SERVICES["proxy"]["command"])
    patterns = re.findall(r"-e 's([/#])(.+?)\1", command)
    assert len(patterns) == 7
    for _, pattern in patterns:
        assert pattern in shipped, pattern


def test_what_the_proxy_container_makes_of_the_shipped_configuration_is_good(tmp_path: Path) -> None:
    program = find()
    certificate(tmp_path)
    edit = SERVICES["proxy"]["command"][2].split(" && ")[0]
    made, main = tmp_path / "ansinh.conf", tmp_path / "main.conf"
    edit = edit.replace("/shipped/ansinh.conf", str(ROOT / "deploy/nginx/ansinh.conf"))
    subprocess.run(["sh", "-c", edit.replace("/tmp/ansinh.conf", str(made))], check=True)  # noqa: S108 - of the container
    text = made.read_text(encoding="utf-8")
    assert "server gateway-a:8080 " in text
    assert "server gateway-b:8080 " in text
    assert not re.search(r"listen (\[::\]:)?(80|443) ", text), "who is not root may not"
    # The names of the network and the paths of the container are not here.
    text = re.sub(r"gateway-[ab]", "127.0.0.1", text).replace("/tmp/", f"{tmp_path}/")  # noqa: S108 - of the container
    made.write_text(text.replace("/etc/ansinh/tls", str(tmp_path)), encoding="utf-8")
    around = (FOLDER / "nginx-main.conf").read_text(encoding="utf-8").replace("/tmp/", f"{tmp_path}/")  # noqa: S108
    main.write_text(around, encoding="utf-8")
    said = subprocess.run([program, "-t", "-c", str(main)], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr


def test_the_proxy_is_asked_by_the_name_that_the_operator_wrote(tmp_path: Path) -> None:
    shipped = (ROOT / "deploy/nginx/ansinh.conf").read_text(encoding="utf-8")
    made = tmp_path / "ansinh.conf"
    made.write_text(shipped.replace("ansinh.example", "xa.gov.vn"), encoding="utf-8")
    word, check = SERVICES["proxy"]["healthcheck"]["test"]
    assert word == "CMD-SHELL"
    check = check.replace("$$", "$").replace("/tmp/ansinh.conf", str(made))  # noqa: S108 - of the container
    curl = 'curl() { echo "$*"; }; '
    said = subprocess.run(["sh", "-c", curl + check], capture_output=True, text=True, check=True)
    assert said.stdout == "-skf --resolve xa.gov.vn:8443:127.0.0.1 https://xa.gov.vn:8443/healthz\n"


def test_gateways_count_rates_together() -> None:
    for name in ("gateway-a", "gateway-b"):
        assert SERVICES[name]["environment"]["ANSINH_REDIS_URL"] == "redis://redis:6379"
