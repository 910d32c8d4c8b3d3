"""kind = "file": a message is one file in a folder, where another program picks it up.

    [file]
    name = "{key}.txt"
    text = "{address}\\n{body}"           # or: json = { to = "{address}", text = "{body}" }

The folder is `spool/NAME` in the data folder, or the one that `[channels.NAME] folder` of config.toml says; a file
that is passed on cannot choose it. The file is written under a name that starts with a full stop and then renamed:
whoever waits for it never sees half of it. The same key twice is one file.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar

from desk.i18n import N_, _
from desk.plugins.declared import shapes
from desk.plugins.declared.channel import DeclaredChannel
from desk.plugins.declared.shapes import Field
from desk.plugins.declared.templates import fill_value
from desk.plugins.messages import Message, Receipt
from desk.plugins.outage_types import Problem
from desk.plugins.send_errors import ConfigProblem, GatewayTrouble, Unsupported
from desk.plugins.settings import described

FOLDER = {
    "zh_CN": "放文件的目录；空着则为数据目录中的 spool",
    "en": "where the files go; empty: spool in the data folder",
}
NOT_WRITTEN = N_("{folder} cannot be written to: {words}")


class FileChannel(DeclaredChannel):
    """A channel that leaves files in a folder."""

    kind = "file"
    NEEDED = ("file",)
    CAN: ClassVar[Mapping[str, Any]] = {"idempotency": True}
    OWN_SETTINGS = (("folder", Annotated[str, described(FOLDER)], ""),)
    SECTIONS: ClassVar[Mapping[str, Mapping[str, Field]]] = {
        "file": {
            "name": Field(shapes.template, needed=True),
            "text": Field(shapes.template),
            "json": Field(shapes.values),
            "charset": Field(shapes.choice(("utf-8", "gb18030"))),
        },
    }

    @property
    def folder(self) -> Path:
        """Where the files go."""
        return self.ground.data / (self.settings.folder or f"spool/{self.name}")

    def send(self, message: Message, timeout: float) -> Receipt:
        self.need_address(message)
        told = self.outgoing(message)
        content = told["text"].encode(self.table("file").get("charset", "utf-8"))
        try:
            if not self.settings.folder:
                self.folder.mkdir(parents=True, exist_ok=True)
            _written(self.folder / told["name"], content)
        except OSError as problem:
            raise _cannot(self.folder, problem) from None
        return Receipt(state="accepted", external_id=told["name"])

    def outgoing(self, message: Message, *, hidden: bool = False) -> Mapping[str, Any]:
        told, blanks = self.table("file"), self.blanks(message, hidden=hidden)
        name = told["name"].filled(blanks)
        if not name.isprintable() or name.startswith(".") or {"/", "\\", ":"} & set(name) or not name:
            raise Unsupported(_('"{name}" cannot be the name of a file').format(name=name))
        return {"name": name, "text": told["text"].filled(blanks) if "text" in told else _json(told, blanks)}

    def check(self, timeout: float) -> Problem | None:
        folder = self.folder if self.settings.folder else self.ground.data
        if folder.is_dir() and os.access(folder, os.W_OK):
            return None
        words = _("it may not be written to") if folder.is_dir() else _("there is no such folder")
        return Problem(_(NOT_WRITTEN).format(folder=folder, words=words))


def _json(told: Mapping[str, Any], blanks: Mapping[str, str]) -> str:
    import json

    return json.dumps(fill_value(told.get("json", {}), blanks), ensure_ascii=False) + "\n"


def _written(place: Path, content: bytes) -> None:
    """The whole file at `place`, or none; one that is there already stays as it is."""
    if place.exists():
        return
    draft = place.with_name(f".{place.name}.part")
    with open(draft, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, place)


def _cannot(folder: Path, problem: OSError) -> ConfigProblem | GatewayTrouble | Unsupported:
    from errno import EDQUOT, ENAMETOOLONG, ENOSPC

    if problem.errno in (ENOSPC, EDQUOT):
        return GatewayTrouble(_("the disk of {folder} is full").format(folder=folder), why=str(problem))
    if problem.errno == ENAMETOOLONG:
        return Unsupported(_("the name of the file becomes too long"))
    return ConfigProblem(_(NOT_WRITTEN).format(folder=folder, words=problem.strerror))
