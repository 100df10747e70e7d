"""What Prometheus is told to read beside the alerts on our own metrics (tests/channels/test_web_metrics.py)."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy/prometheus"


def test_every_file_of_rules_is_read() -> None:
    told = yaml.safe_load((FOLDER / "prometheus.yml").read_text(encoding="utf-8"))["rule_files"]
    assert set(told) == {file.name for file in FOLDER.iterdir()} - {"prometheus.yml"}


def test_alerts_on_the_machine_lead_to_the_page_and_watch_units_of_ours() -> None:
    page = (ROOT / "docs/huong-dan/van-hanh/su-co.md").read_text(encoding="utf-8")
    for rule in yaml.safe_load((FOLDER / "machine.yml").read_text(encoding="utf-8"))["groups"][0]["rules"]:
        [section] = re.findall(r"su-co\.md, mục (.+)\.$", rule["annotations"]["action"])
        assert f"\n## {section}\n" in page
        for unit in re.findall(r'name="([^"]+)"', rule["expr"]):
            assert (ROOT / "deploy/systemd" / unit).is_file()
