"""This seat's key: Ed25519, made when first needed, kept in the data folder for this user alone.

key = SigningKey.of(folder)
signature = key.sign(b"…")
is_signed(key.public, b"…", signature)      True
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from desk.errors import BadInput, StoreProblem
from desk.i18n import _

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FILE = "signing.key"
PUBLIC = re.compile("[0-9a-f]{64}")
NAME = 16  # so many characters of a public key are its name


class SigningKey:
    """A private key; `public` is the other half, hexadecimal."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = private.public_key().public_bytes_raw().hex()

    @property
    def name(self) -> str:
        """By which a person tells keys apart."""
        return key_name(self.public)

    def sign(self, content: bytes) -> str:
        return self._private.sign(content).hex()

    @classmethod
    def of(cls, folder: Path) -> SigningKey:
        """The key kept in `folder`, made if there is none; raises StoreProblem when it cannot be read or kept."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        try:
            text = read_private(folder) or _made(folder)
            return cls(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(text)))
        except (OSError, ValueError) as problem:
            words = _("the audit's signing key in {folder} cannot be used; put it back from a backup, or move it away")
            raise StoreProblem(words.format(folder=folder), why=str(problem)) from None


def key_name(public: str) -> str:
    return public[:NAME]


def read_public(text: str) -> str:
    """A public key as a person gives it; raises BadInput."""
    key = text.strip().lower()
    if not PUBLIC.fullmatch(key):
        raise BadInput(_("{text} is no key; `desk audit key` prints one").format(text=text))
    return key


def read_private(folder: Path) -> str:
    """The key's text; empty when there is none."""
    try:
        return (folder / FILE).read_text("ascii").strip()
    except FileNotFoundError:
        return ""


def is_signed(public: str, content: bytes, signature: str) -> bool:
    """Whether the owner of this public key signed these bytes."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), content)
    except (InvalidSignature, ValueError):
        return False
    return True


def _made(folder: Path) -> str:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    text = Ed25519PrivateKey.generate().private_bytes_raw().hex()
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{FILE}.{os.getpid()}"
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    # Linked, not renamed: of two processes that begin at once one is first, and the other uses its key.
    with suppress(FileExistsError):
        os.link(part, folder / FILE)
    part.unlink()
    return read_private(folder)
