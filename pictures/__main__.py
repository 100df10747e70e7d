"""`make pictures`: starts An Sinh with an empty log, lets citizens and officers work, and takes the pictures."""

from __future__ import annotations

import os
import sys

from bench.services import an_sinh, place
from bot.knowledge.db import make_engine
from pictures import citizens, officers, world
from pictures.camera import CONSOLE, camera
from tools.bootstrap import ROOT
from tools.frontend import ALL, ensure_built
from tools.say import Stop, line, show_stop, speak_utf8
from tools.steps import stop_on_signals


def main() -> int:
    """0 when all pictures were taken."""
    speak_utf8()
    stop_on_signals()
    os.chdir(ROOT)
    # Else the review's job would write what is taught here into the next training of this copy.
    os.environ["ANSINH_REVIEW_SECONDS"] = "0"
    try:
        for frontend in ALL:
            ensure_built(frontend, ROOT, ROOT / "var" / "log", os.environ)
        take_all()
    except Stop as stop:
        show_stop(stop)
        return 1
    return 0


def take_all() -> None:
    """The pictures of all guides and of the README; raises Stop."""
    with place() as where:
        engine = make_engine(where.database_url)
        value = world.prepare(engine)
        with an_sinh(where) as running, camera(running.address) as taking:
            for picture in CONSOLE.glob("*.webp"):
                picture.unlink()
            officers.a_new_value(taking, value)
            page = citizens.conversation(taking)
            citizens.all_of_them(page.request, running.address)
            world.fill_queue(engine)
            officers.conversations(taking)
            officers.content(taking)
            officers.office(taking)
        engine.dispose()
    line(f"✓ {len(list(CONSOLE.glob('*.webp')))} ảnh (pictures): {CONSOLE.relative_to(ROOT)}")


if __name__ == "__main__":
    sys.exit(main())
