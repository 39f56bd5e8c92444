"""An archive under a passphrase, in the format of age (age-encryption.org/v1), which other programs
read too. The cryptography is pyrage's; nothing here chooses a cipher."""

from typing import Final

import pyrage

MARK: Final = b"age-encryption.org/v1\n"
SHORTEST: Final = 12
"""Characters of a passphrase."""
LONGEST_SEALED: Final = 2_000_000_000
"""Bytes: what is sealed is held in memory."""


class SealedError(Exception):
    """It cannot be opened with this passphrase, or was changed; or cannot be sealed. One line."""


def sealed(data: bytes, passphrase: str) -> bytes:
    """`data` under `passphrase`. SealedError for one that is too short."""
    if len(passphrase) < SHORTEST:
        raise SealedError(f"a passphrase has at least {SHORTEST} characters")
    return pyrage.passphrase.encrypt(data, passphrase)


def unsealed(data: bytes, passphrase: str) -> bytes:
    """What was sealed. SealedError."""
    try:
        return pyrage.passphrase.decrypt(data, passphrase)
    except pyrage.DecryptError as error:
        words = "the passphrase is another one, or the file was changed"
        raise SealedError(words) from error
