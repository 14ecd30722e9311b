"""How are tokens kept so that a stolen database tells nothing? Encrypted, under keys that can be changed."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class SecretLost(Exception):
    """None of the keys we have opens this secret: it was kept under one that is gone."""


class Secrets:
    """SECRET_KEYS: the first key encrypts, all of them decrypt. A key is retired by adding a new one before it."""

    def __init__(self, keys: str | Sequence[str]) -> None:
        """Raises ValueError with one readable sentence, which never holds a key."""
        listed = [key.strip() for key in (keys.split(",") if isinstance(keys, str) else keys)]
        try:
            self._box = MultiFernet([Fernet(key) for key in listed if key])
        except ValueError:
            raise ValueError("SECRET_KEYS must be Fernet keys, with commas between them.") from None

    def close(self, text: str) -> bytes:
        """Encrypt."""
        return self._box.encrypt(text.encode("utf-8"))

    def open(self, closed: bytes) -> str:
        """Decrypt. Raises SecretLost."""
        try:
            return self._box.decrypt(bytes(closed)).decode("utf-8")
        except InvalidToken:
            raise SecretLost from None

    def renew(self, closed: bytes) -> bytes:
        """The same secret under the first key. Raises SecretLost."""
        try:
            return self._box.rotate(bytes(closed))
        except InvalidToken:
            raise SecretLost from None


def new_key() -> str:
    """A fresh key for SECRET_KEYS."""
    return Fernet.generate_key().decode("ascii")
