"""Session tokens: who holds one can read and write that conversation, and no other."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from itsdangerous import BadData, URLSafeSerializer


class BadTokenError(Exception):
    """The token is none of ours."""


class Tokens:
    """Signs session ids. Whether the session still lives is for the database to say."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()
        self._serializer: URLSafeSerializer = URLSafeSerializer(
            key, salt="session", signer_kwargs={"digest_method": hashlib.sha256}
        )

    @staticmethod
    def new_session_id() -> str:
        """22 characters nobody can guess."""
        return secrets.token_urlsafe(16)

    def sign(self, session_id: str) -> str:
        """The bearer token of a session."""
        return str(self._serializer.dumps(session_id))

    def read(self, token: str) -> str:
        """The session id in a token; ``BadTokenError`` when the signature is not ours."""
        if not token.isascii():
            raise BadTokenError("not a token")
        try:
            value = self._serializer.loads(token)
        except BadData:
            raise BadTokenError("no valid signature") from None
        return str(value)

    def hashed_sender(self, channel: str, sender: str) -> str:
        """The keyed hash under which a citizen of a channel stands in our tables (64 hex digits)."""
        return hmac.new(self._key, f"sender:{channel}:{sender}".encode(), hashlib.sha256).hexdigest()
