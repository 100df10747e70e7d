"""Rasa's processor for turns that stand alone: one message, one action, nothing remembered.

Conversations live in our database, each turn comes with a sender of its own, and each rule leads from one intent to one
action. So what Rasa does around that – stored trackers, sessions, slots, and asking the policies again after the action
only to hear that it is over – is left out. Parsing, policies and the action are Rasa's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import rasa.core.agent
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.engine.graph import ExecutionContext, GraphNode, GraphNodeHook, GraphSchema
from rasa.engine.loader import load_predict_graph_runner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata, ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.common import TempDirectoryPath, get_temp_dir_name


class OneTurnProcessor(MessageProcessor):  # type: ignore[misc]  # rasa carries no types
    """Understands a message, lets the policies choose an action, and runs it."""

    async def handle_message(self, message: UserMessage) -> list[dict[str, Any]]:
        """What the action uttered; nothing where it failed, which Rasa logs."""
        tracker = await self.understand(message)
        action, prediction = self.predict_next_with_tracker_if_should(tracker)
        await self._run_action(action, tracker, message.output_channel, self.nlg, prediction)
        messages: list[dict[str, Any]] = message.output_channel.messages
        return messages

    async def understand(self, message: UserMessage) -> DialogueStateTracker:
        """A tracker of its own for the message, which is parsed."""
        tracker = self.tracker_store.init_tracker(message.sender_id)
        # As if the message before had been answered: rules begin there.
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME), self.domain)
        await self._handle_message_with_tracker(message, tracker)
        return tracker

    def _check_for_unseen_features(self, parse_data: dict[str, Any]) -> None:
        """No warning of entities that the domain lacks, for which Rasa makes a domain each time: no rule reads one."""

    @staticmethod
    def _load_model(model_path: str) -> tuple[str, ModelMetadata, GraphRunner]:
        archive = Path(model_path)
        with TempDirectoryPath(get_temp_dir_name()) as folder:
            metadata, runner = load_predict_graph_runner(Path(folder), archive, LocalModelStorage, OrderedRunner)
        return archive.name, metadata, runner


class OrderedRunner(GraphRunner):  # type: ignore[misc]  # rasa carries no types
    """Runs the components of a model one after the other, in an order that is found once for each target.

    Rasa's own runner has dask plan the same dozen calls anew for each message.
    """

    def __init__(self, nodes: Mapping[str, GraphNode], schema: GraphSchema) -> None:
        self._nodes = nodes
        self._schema = schema
        self._orders: dict[str, list[str]] = {}

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: list[GraphNodeHook] | None = None,
    ) -> OrderedRunner:
        """A runner with all components loaded."""
        nodes = {
            name: GraphNode.from_schema_node(name, node, model_storage, execution_context, hooks)
            for name, node in graph_schema.nodes.items()
        }
        return cls(nodes, graph_schema)

    def run(self, inputs: Mapping[str, Any] | None = None, targets: Sequence[str] | None = None) -> dict[str, Any]:
        """What each of ``targets`` (or of the model's own) gives for ``inputs``; each component runs once at most."""
        results: dict[str, tuple[str, Any]] = {name: (name, value) for name, value in (inputs or {}).items()}
        wanted = targets or self._schema.target_names
        for target in wanted:
            for name in self._order(target):
                if name not in results:
                    needs = self._schema.nodes[name].needs.values()
                    results[name] = self._nodes[name](*(results.get(need, need) for need in needs))
        return {target: results[target][1] for target in wanted}

    def _order(self, target: str) -> list[str]:
        """``target`` behind all that it needs; inputs are none of the model's components."""
        if target not in self._orders:
            found: dict[str, None] = {}

            def visit(name: str) -> None:
                if name in self._schema.nodes and name not in found:
                    for need in self._schema.nodes[name].needs.values():
                        visit(need)
                    found[name] = None

            visit(target)
            self._orders[target] = list(found)
        return self._orders[target]


def install() -> None:
    """Make every agent that is loaded from now on work turn by turn."""
    rasa.core.agent.MessageProcessor = OneTurnProcessor
