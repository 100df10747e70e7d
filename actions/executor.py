"""An executor for actions that read no domain.

rasa-sdk refuses a call without a domain that it has not seen before; our calls carry none. The actions never read it,
so a call without one is complete.
"""

from typing import Any

from rasa_sdk.executor import ActionExecutor


class DomainFreeExecutor(ActionExecutor):  # type: ignore[misc]  # rasa_sdk is untyped
    """Runs every action with an empty domain."""

    def update_and_return_domain(
        self,
        payload: dict[str, Any],  # noqa: ARG002 – the interface of rasa_sdk
        action_name: str,  # noqa: ARG002
    ) -> dict[str, Any]:
        """Return the empty domain, whatever the call carries."""
        return {}
