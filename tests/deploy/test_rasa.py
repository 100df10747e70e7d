"""Rasa in every set-up that is shipped: no API, one channel, models of our own, an address that others do not reach."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "deploy/container/compose.yml").read_text(encoding="utf-8"))
STARTS = {
    "supervisor": ROOT / "deploy/supervisord.conf",
    "systemd": ROOT / "deploy/systemd/ansinh-rasa@.service",
    "container": ROOT / "deploy/container/Containerfile.rasa",
}

# What serves, or the runner that starts and replaces it.
MODULE = re.compile(r"bot\.nlu\.(?:serve|runner)\b")


def command(place: Path) -> str:
    """The line that starts Rasa, without quotes and commas."""
    [line] = [line for line in place.read_text(encoding="utf-8").splitlines() if MODULE.search(line)]
    return re.sub(r'[",\[\]]', "", line)


@pytest.mark.parametrize("name", STARTS)
def test_it_is_started_by_our_own_module_which_keeps_the_api_off(name: str) -> None:
    started = command(STARTS[name])
    assert re.search(rf"-m {MODULE.pattern}", started)
    for way_in in ("--enable-api", "--cors", "--auth-token", "--jwt", "--remote-storage", "--credentials", "rasa run"):
        assert way_in not in started
    served = (ROOT / "bot/nlu/serve.py").read_text(encoding="utf-8")
    assert "enable_api=False" in served
    assert served.index("archive.check(") < served.index("run.load_agent_on_start")
    assert '"bot.nlu.serve"' in (ROOT / "bot/nlu/runner.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["supervisor", "systemd"])
def test_on_a_machine_it_listens_on_loopback(name: str) -> None:
    assert "--interface 127.0.0.1 " in command(STARTS[name])


def test_in_containers_its_network_has_no_way_in_or_out() -> None:
    rasa = COMPOSE["services"]["rasa"]
    assert rasa["networks"] == ["back"]
    assert "ports" not in rasa
    assert COMPOSE["networks"]["back"] == {"internal": True}
    assert "back" not in COMPOSE["services"]["proxy"]["networks"]


def test_its_one_channel_is_ours() -> None:
    channels = yaml.safe_load((ROOT / "credentials.yml").read_text(encoding="utf-8"))
    assert list(channels) == ["bot.nlu.channel.AnSinhInput"]


def test_it_takes_models_and_actions_from_nowhere_else() -> None:
    endpoints = yaml.safe_load((ROOT / "endpoints.yml").read_text(encoding="utf-8"))
    assert "models" not in endpoints
    assert set(endpoints) <= {"action_endpoint", "tracker_store", "lock_store"}
