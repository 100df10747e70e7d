import os
import threading

import pytest

from actions.__main__ import beside_answers


def test_work_beside_answers_gives_way_to_them() -> None:
    priorities: list[int] = []
    done = threading.Event()

    def work() -> None:
        priorities.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        done.set()

    beside_answers(work)
    assert done.wait(10)
    assert priorities == [10]
    assert os.getpriority(os.PRIO_PROCESS, 0) < 10


def test_work_is_done_where_no_priority_may_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "setpriority", refuse)
    done = threading.Event()
    beside_answers(done.set)
    assert done.wait(10)
