"""Every refusal the desk makes on purpose, as one small tree.

    DeskError
    ├── Refused          the request cannot be done; nothing was written        (exit code 2)
    │   ├── BadInput         a value, a row or a file is not what it must be
    │   ├── NotFound         the named thing does not exist
    │   ├── NotAllowed       this agent's role has no right to it
    │   │   └── SignInNeeded nobody is signed in, or the sign-in has ended
    │   ├── OutOfOrder       something must come first; with a reason it is done and recorded as a violation
    │   └── StaleWrite       someone else changed the document since it was read
    ├── StoreProblem     the data file, folder or server cannot be used; data untouched
    │   └── StoreUnreachable  the server does not answer; this passes by itself
    └── ConfigProblem    config.toml has mistakes; `problems` lists them all
        └── PackProblem      so has a rule pack

`str(error)` is one sentence for a person: what, where, what to do. `why` holds the technical rest.
"""

from __future__ import annotations


class DeskError(Exception):
    """The base. `message` is the sentence a person reads; `why` is for `--why` and the log."""

    def __init__(self, message: str, *, why: str = "") -> None:
        super().__init__(message)
        self.why = why


class Refused(DeskError):
    """The request cannot be done as it was put; nothing was written."""


class BadInput(Refused):
    """A value, a row or a file is not what it must be."""


class NotFound(Refused):
    """The thing named does not exist."""


class NotAllowed(Refused):
    """The agent's role has no right to this."""


class SignInNeeded(NotAllowed):
    """Nobody is signed in, name or password is wrong, or the sign-in has ended. `wait`: seconds until the next try."""

    def __init__(self, message: str, *, why: str = "", wait: int = 0) -> None:
        super().__init__(message, why=why)
        self.wait = wait


class OutOfOrder(Refused):
    """Something must come first; with a reason it is done all the same, and recorded as a violation."""


class StaleWrite(Refused):
    """The document was changed by someone else after it was read."""


class StoreProblem(DeskError):
    """The store cannot be opened, read or written; what is in it is untouched."""


class StoreUnreachable(StoreProblem):
    """The store's server does not answer, or not in time. The desk goes on by itself once it does.

    `unsure`: the line broke while something was being stored, and it is not known whether it was."""

    def __init__(self, message: str, *, why: str = "", unsure: bool = False) -> None:
        super().__init__(message, why=why)
        self.unsure = unsure


class ConfigProblem(DeskError):
    """The configuration has mistakes; `problems` holds one sentence for each."""

    def __init__(self, message: str, problems: tuple[str, ...] = (), *, why: str = "") -> None:
        super().__init__(message, why=why)
        self.problems = problems


class PackProblem(ConfigProblem):
    """A rule pack has mistakes; `problems` holds one sentence for each, with file and line."""
