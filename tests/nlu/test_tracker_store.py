from __future__ import annotations

import pytest
from rasa.core.tracker_store import TrackerStore, check_if_tracker_store_async
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.utils.endpoints import EndpointConfig

from bot.nlu.tracker_store import BoundedTrackerStore


def store(most: int = 2) -> BoundedTrackerStore:
    return BoundedTrackerStore(Domain.empty(), max_trackers=most)


async def test_only_the_most_recent_trackers_are_kept() -> None:
    trackers = store(2)
    for sender in ("a", "b", "c"):
        await trackers.get_or_create_tracker(sender)
    assert list(await trackers.keys()) == ["b", "c"]
    assert await trackers.retrieve("a") is None


async def test_saving_again_makes_a_tracker_recent() -> None:
    trackers = store(2)
    first = await trackers.get_or_create_tracker("a")
    await trackers.get_or_create_tracker("b")
    await trackers.save(first)
    await trackers.get_or_create_tracker("c")
    assert list(await trackers.keys()) == ["a", "c"]


async def test_what_is_retrieved_is_what_was_saved_and_a_copy() -> None:
    trackers = store()
    tracker = await trackers.get_or_create_tracker("a")
    tracker.update(UserUttered("xin chào"))
    await trackers.save(tracker)
    copy = await trackers.retrieve("a")
    assert copy is not None
    assert copy.latest_message is not None
    assert copy.latest_message.text == "xin chào"
    copy.update(UserUttered("khác"))
    again = await trackers.retrieve("a")
    assert again is not None
    assert again.latest_message is not None
    assert again.latest_message.text == "xin chào"


def test_rasa_makes_it_from_the_endpoints_file() -> None:
    config = EndpointConfig(type="bot.nlu.tracker_store.BoundedTrackerStore", max_trackers=3)
    made = TrackerStore.create(config, Domain.empty())
    assert isinstance(made, BoundedTrackerStore)
    assert check_if_tracker_store_async(made)


def test_a_store_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="Given: 0"):
        store(0)
