"""What keeps a made-up county to itself: training is on, and its one SMS channel writes files that nobody fetches."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from desk.config.load import FILE_NAME, TRAINING_MARK

if TYPE_CHECKING:
    from desk.config import Config

CHANNEL = "sms"
MOST_PER_OUTAGE = 2  # so few that most releases ask for a second person

SETTINGS = f"""\
# 演练：一切照常，但什么也不发出。同一目录中的 {TRAINING_MARK} 文件使演练不能在这里关掉。
# Training: everything as usual, and nothing leaves. The file {TRAINING_MARK} beside this one keeps it on.

[messages]
training = true
release = "person"
most_per_outage = {MOST_PER_OUTAGE}
"""

CHANNEL_FILE = """\
# 演练用的短信通道：即使不在演练，也只在数据目录的 spool 中写文件。
# The SMS channel of a training county: even without training it only writes files in the data folder.

kind = "file"
name = "sms"
label = { zh_CN = "短信（演练）", en = "SMS (training)" }
about = { zh_CN = "短信写成文件，不发给任何人", en = "an SMS becomes a file and reaches nobody" }

[can]
family = "sms"
address = "mobile"
encoding = "sms"
price = 0.05
max_chars = 480
max_parts = 8
idempotency = false
intrusive = true

[file]
name = "{key}.txt"
text = "{address}\\n{body}"

[example]
message = { recipient = "张三", address = "15780000000", body = "停电通知" }
expect = { text = "15780000000\\n停电通知" }
"""


def prepare(folder: Path) -> None:
    """Write the settings, the channel and the mark of training into a county's empty data folder."""
    (folder / "plugins").mkdir(parents=True, exist_ok=True)
    (folder / FILE_NAME).write_text(SETTINGS, encoding="utf-8")
    (folder / "plugins" / f"{CHANNEL}.toml").write_text(CHANNEL_FILE, encoding="utf-8")
    (folder / TRAINING_MARK).write_text("desk demo\n")


def in_training(config: Config) -> Config:
    """`config` as the made-up county has it, whatever file it was read from."""
    messages = replace(config.messages, training=True, release="person", most_per_outage=MOST_PER_OUTAGE)
    return replace(config, messages=messages)
