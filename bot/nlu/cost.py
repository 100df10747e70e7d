"""What understanding costs: ``python -m bot.nlu.cost --model models/….tar.gz`` with a JSON list of texts at its input.

Prints one line of JSON: core-milliseconds a text for ``parse`` (intent and entities) and ``policy`` (which action).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Sequence
from typing import Any

from bot.nlu import serve


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bot.nlu.cost", description="What understanding costs.")
    parser.add_argument("--model", required=True, help="the archive that training left")
    given = parser.parse_args()
    texts: list[str] = json.load(sys.stdin)
    serve.prepare()
    from rasa.core.agent import Agent  # noqa: PLC0415 - only now, as in serve

    agent = Agent.load(given.model)
    asyncio.run(_each(agent.processor, texts[: len(texts) // 10]))  # what is done once
    sys.stdout.write(json.dumps(asyncio.run(_each(agent.processor, texts))) + "\n")
    return 0


async def _each(processor: Any, texts: Sequence[str]) -> dict[str, float]:
    from rasa.core.channels.channel import UserMessage  # noqa: PLC0415

    parse = policy = 0.0
    for number, text in enumerate(texts):
        begin = time.process_time()
        tracker = await processor.understand(UserMessage(text, sender_id=str(number)))
        understood = time.process_time()
        processor.predict_next_with_tracker_if_should(tracker)
        parse += understood - begin
        policy += time.process_time() - understood
    return {"parse": parse / len(texts) * 1000, "policy": policy / len(texts) * 1000}


if __name__ == "__main__":
    sys.exit(main())
