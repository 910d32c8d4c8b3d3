"""The whole way once, with nothing faked but the gateway: a duty, `desk work`, Kannel's interface, the receipt."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlparse

import pytest
from outbox_county import AREAS, CUSTOMERS, NOW, SettableClock, owed_by_sms, planned

from desk.app import Desk
from desk.config import load_config
from desk.records import DutyState

REPO = Path(__file__).parents[2]


class Gateway:
    """Kannel's sendsms on loopback."""

    def __init__(self) -> None:
        self.asked: list[dict[str, list[str]]] = []
        self.port = 0


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    made = Gateway()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append(parse_qs(urlparse(self.path).query))
            self.send_response(202)
            self.end_headers()
            self.wfile.write(b"0: Accepted for delivery")

        def log_message(self, *_words: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        made.port = server.server_address[1]
        Thread(target=server.serve_forever, daemon=True, kwargs={"poll_interval": 0.05}).start()
        yield made
        server.shutdown()


def settings(port: int) -> str:
    return f"""
[channels.kannel]
url = "http://127.0.0.1:{port}/cgi-bin/sendsms"
user = "desk"
password = {{ file = "secret" }}
"""


def test_a_duty_goes_out_by_desk_work_and_its_receipt_closes_it(tmp_path: Path, gateway: Gateway) -> None:
    data, clock = tmp_path / "data", SettableClock(NOW)
    data.mkdir()
    (data / "secret").write_text("pw")
    (data / "config.toml").write_text(settings(gateway.port))
    with Desk.create(load_config(None, data, {}), sandbox=True, clock=clock) as desk:
        desk.place.network.put_many(AREAS)
        desk.place.customers.put_many(CUSTOMERS)
        outage = planned(desk)
        environ = {**os.environ, "PYTHONPATH": str(REPO), "DESK_NOW": clock.now().isoformat()}
        command = [sys.executable, "-m", "desk", "work", "--once", "--data", str(data)]
        assert subprocess.run(command, env=environ, capture_output=True, check=False).returncode == 0
        assert desk.outbox.counts() == {"accepted": 5}
        assert sorted(asked["to"][0] for asked in gateway.asked) == [f"1380013000{number}" for number in range(1, 6)]
        assert all("停电" in asked["text"][0] for asked in gateway.asked)
        for view in desk.outbox.listed():
            desk.outbox.receive("kannel", {"id": view.attempts[0].external_id, "type": "1", "words": "DELIVRD"})
        desk.outbox.work_once(5)
        assert {duty.state for duty in owed_by_sms(desk, outage)} == {DutyState.DONE}
