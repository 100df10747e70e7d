"""PostgreSQL for those who serve people: nobody waits for ever for one that has gone quiet.

A server that ends says so. One whose machine or network is gone says nothing: a connection to it looks alive for a
quarter of an hour or more, and what it had locked stays locked. So both sides keep time: here each step of a statement,
there the statement and a transaction that goes on without one.
"""

from __future__ import annotations

from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, event

_R = TypeVar("_R")

_CONNECT_SECONDS = 3
_INTERVAL = 0.1
_MORE_HERE = 1.0
"""The server is to be the first to give up: then the connection stays."""
_IDLE = 2.5
"""So many times as long as for a statement: between two of them there may be work to do."""
# For a peer that no longer acknowledges what is sent to it, and for one that is waited for.
_NETWORK = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3, "tcp_user_timeout": 9000}


def keep_time(engine: Engine, seconds: float) -> None:
    """Have every new connection of ``engine`` give a statement up after ``seconds``, with ``OperationalError``.

    A transaction that says nothing for longer, as that of a process which is gone, is ended by the server.
    """

    class Connection(_Connection):
        patience = seconds + _MORE_HERE

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, given: Any, named: dict[str, Any]) -> psycopg.Connection[Any]:
        return Connection.connect(*given, **{"connect_timeout": _CONNECT_SECONDS, **_NETWORK, **named})

    @event.listens_for(engine, "connect")
    def set_limits(connection: psycopg.Connection[Any], _record: object) -> None:
        statement, idle = round(seconds * 1000), round(seconds * _IDLE * 1000)
        connection.execute(f"SET statement_timeout = {statement}; SET idle_in_transaction_session_timeout = {idle}")
        connection.commit()


class _Connection(psycopg.Connection[Any]):
    """One that is closed when a step of it takes longer than ``patience`` seconds."""

    patience: float

    def wait(self, gen: PQGen[_R], interval: float = _INTERVAL, timeout: float | None = None) -> _R:
        """As psycopg, with a limit."""
        try:
            return super().wait(gen, interval, self.patience if timeout is None else timeout)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                # In the middle of a statement: whatever comes later would be taken for the answer to another one.
                self.pgconn.finish()
            raise
