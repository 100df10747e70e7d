"""How soon a slow phone can use the chat page: `python -m bench.page ADDRESS` against a running gateway."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright

ROUNDS = 5
SLOW_3G = {
    "offline": False,
    # Round trip in milliseconds and bytes per second: 400 kbit/s each way.
    "latency": 400,
    "downloadThroughput": 400_000 / 8,
    "uploadThroughput": 400_000 / 8,
}
SLOWER_PROCESSOR = 4
REPORT = Path("var/reports/page.json")

# The first button that a citizen needs: when it stands in the page, its script has run.
USABLE = """new Promise(done => {
  const look = () => document.querySelector('.begin') ? done(performance.now()) : requestAnimationFrame(look);
  look();
})"""


def main() -> int:
    """Prints and stores the medians of some first visits, each with an empty cache."""
    parser = argparse.ArgumentParser(prog="python -m bench.page", description="Measure the chat page on a slow phone.")
    parser.add_argument("address", nargs="?", default="http://127.0.0.1:8080", help="where the gateway runs")
    address: str = parser.parse_args().address
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        print("No Chromium on PATH: install it, e.g. apt-get install chromium.", file=sys.stderr)  # noqa: T201
        return 1
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        visits = [_visit(browser, address) for _ in range(ROUNDS)]
        browser.close()
    figures = {
        "usable_seconds": median(seconds for seconds, _ in visits),
        "usable_seconds_max": max(seconds for seconds, _ in visits),
        "page_bytes": median(size for _, size in visits),
    }
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(json.dumps(figures, indent=2), encoding="utf-8")
    print(json.dumps(figures, indent=2))  # noqa: T201
    return 0


def _visit(browser: Browser, address: str) -> tuple[float, int]:
    """Seconds until the page is usable, and the bytes of the bodies that came."""
    context = browser.new_context(viewport={"width": 360, "height": 640}, is_mobile=True, has_touch=True)
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", SLOW_3G)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_PROCESSOR})
    sizes: list[int] = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    page.goto(address, wait_until="commit")
    seconds = page.evaluate(USABLE) / 1000
    page.wait_for_load_state("load")
    context.close()
    return seconds, sum(sizes)


if __name__ == "__main__":
    sys.exit(main())
