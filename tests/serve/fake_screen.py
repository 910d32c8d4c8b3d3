"""A desk as the server sees one, without a desk: it says what it was started with, then repeats what it is sent.

Words on its command line: `deaf` does not leave when asked to, `broken` ends before it has drawn anything, `slow`
takes half a second to leave.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time


def say(text: str) -> None:
    data = text.encode()
    os.write(1, b"D" + len(data).to_bytes(4, "big") + data)


def line() -> str:
    found = b""
    while (byte := os.read(0, 1)) not in (b"", b"\n"):
        found += byte
    return found.decode()


def packets():
    buffer = b""
    while data := os.read(0, 65536):
        buffer += data
        while len(buffer) >= 5 and len(buffer) >= 5 + int.from_bytes(buffer[1:5], "big"):
            size = int.from_bytes(buffer[1:5], "big")
            yield buffer[:1], buffer[5 : 5 + size]
            buffer = buffer[5 + size :]


def main() -> None:
    token = line()
    if "broken" in sys.argv:
        sys.exit(2)
    os.write(1, b"__GANGLION__\n")
    say(json.dumps({"token": token, "arguments": sys.argv, "environment": dict(os.environ), "pid": os.getpid()}))
    if "deaf" in sys.argv:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(60)
    for kind, payload in packets():
        if kind == b"D":
            say(payload.decode())
            if payload == b"quit":
                return
        elif json.loads(payload)["type"] == "quit":
            time.sleep(0.5 if "slow" in sys.argv else 0)
            return
        else:
            say(payload.decode())


if __name__ == "__main__":
    main()
