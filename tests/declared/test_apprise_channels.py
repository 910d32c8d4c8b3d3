"""Apprise: mail over a real server on loopback; what it says no to is told apart only as far as its log goes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from email import message_from_string
from email.policy import default

import msgspec
import pytest

from desk.plugins import BadAddress, NoConnection, SendError, UnknownOutcome

pytest.importorskip("apprise", reason="pip install desk95598[apprise]")

MAIL = """
kind = "apprise"
label = "邮件"
[can]
family = "internal"
address = "mail"
[settings]
server = { type = "text" }
port = 25
password = { secret = true, needed = false }
[apprise]
url = "mailto://{settings.server}:{settings.port}?mode=insecure&smtp=127.0.0.1&from=desk@example.cn&to={address}&format=text"
"""


class Server:
    """SMTP in as few words as will do. `answers`: command → what is said instead of 250."""

    def __init__(self) -> None:
        self.letters: list[str] = []
        self.answers: dict[str, str] = {}
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _listen(self) -> None:
        while True:
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rwb") as stream:
                self._talk(stream)

    def _talk(self, stream) -> None:
        def say(text: str) -> None:
            stream.write(text.encode() + b"\r\n")
            stream.flush()

        say("220 ready")
        while line := stream.readline().decode():
            word = line[:4].upper().strip()
            if word == "DATA":
                say("354 go on")
                lines = list(iter(lambda: stream.readline().decode(), ".\r\n"))
                self.letters.append("".join(lines))
            say(self.answers.get(word, "221 bye" if word == "QUIT" else "250 ok"))
            if word == "QUIT":
                return


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def letter(message):
    return msgspec.structs.replace(message, address="z@example.cn", subject="停电通知")


def test_mail_arrives_and_is_only_called_submitted(make, server, letter):
    receipt = make(MAIL, {"server": "127.0.0.1", "port": server.port}).send(letter, 10)
    assert (receipt.state, receipt.external_id) == ("accepted", "")
    (text,) = server.letters
    found = message_from_string(text, policy=default)
    assert found["Subject"] == "停电通知"
    assert found["To"] == "z@example.cn"
    assert "城东线" in found.get_body().get_content()


def test_nothing_listens(make, server, letter):
    server.close()
    with pytest.raises(NoConnection):
        make(MAIL, {"server": "127.0.0.1", "port": 1}).send(letter, 3)


def test_a_no_that_the_log_does_not_explain_leaves_the_outcome_unknown(make, server, letter):
    server.answers["DATA"] = "554 something odd"
    with pytest.raises(SendError) as caught:
        make(MAIL, {"server": "127.0.0.1", "port": server.port}).send(letter, 5)
    assert type(caught.value) is UnknownOutcome


def test_no_address_no_letter(make, letter):
    with pytest.raises(BadAddress):
        make(MAIL, {"server": "127.0.0.1", "port": 1}).send(msgspec.structs.replace(letter, address=""), 1)


def test_an_address_cannot_add_to_the_url(make, letter):
    channel = make(MAIL, {"server": "mail.example.cn"})
    url = channel.outgoing(msgspec.structs.replace(letter, address="a@b.cn&smtp=evil.cn"))["url"]
    assert url.count("smtp=") == 1 or "%26smtp%3D" in url
    assert "&smtp=evil" not in url


def test_its_check_makes_sense_of_the_url(make):
    assert make(MAIL, {"server": "mail.example.cn"}).check(5) is None
