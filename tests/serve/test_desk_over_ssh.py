"""The documented forced command, on a real sshd: whoever comes in gets the desk, and nothing else whatever they ask."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from browser_county import ROOT, build
from served import free_port

PLACES = "/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin"
SSHD, SSH, KEYGEN = (shutil.which(name, path=PLACES) for name in ("sshd", "ssh", "ssh-keygen"))
SAMPLE = Path(__file__).parents[2] / "docs" / "samples" / "sshd-desk.conf"
ALTERNATE_SCREEN = b"\x1b[?1049h"
SERVER = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/client.pub
PidFile {folder}/sshd.pid
StrictModes no
UsePAM no
PermitRootLogin prohibit-password
Subsystem sftp internal-sftp
SetEnv PYTHONPATH={root}
{sample}
"""

pytestmark = pytest.mark.skipif(
    not (SSHD and SSH and KEYGEN), reason="no sshd is installed here (apt install openssh-server openssh-client)"
)


@dataclass
class Sshd:
    """A running sshd of this user's own, with the documented section in its configuration."""

    folder: Path
    port: int

    def command(self, *words: str) -> list[str]:
        options = ("StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR", "BatchMode=yes")
        flags = [part for option in options for part in ("-o", option)]
        return [SSH, *flags, "-F", "none", "-i", f"{self.folder}/client", "-p", str(self.port), *words]

    def comes_in(self, *words: str, until: bytes, seconds: float = 40) -> bytes:
        """What a terminal is shown that comes in and asks for `words`, up to `until`."""
        process = subprocess.Popen(
            self.command("-tt", "127.0.0.1", *words), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        os.set_blocking(process.stdout.fileno(), False)
        shown, end = b"", time.monotonic() + seconds
        try:
            while until not in shown and time.monotonic() < end and process.poll() is None:
                shown += process.stdout.read() or b""
                time.sleep(0.02)
            return shown
        finally:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    folder, port = tmp_path_factory.mktemp("sshd"), free_port()
    county = build(tmp_path_factory.mktemp("data") / "county")
    for name in ("host", "client"):
        subprocess.run([KEYGEN, "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    sample = SAMPLE.read_text(encoding="utf-8").replace("User desk", f"User {getpass.getuser()}")
    sample = sample.replace("/opt/desk/bin/desk", f"{sys.executable} -m desk").replace(
        "/var/lib/desk", str(county.folder)
    )
    file = folder / "sshd_config"
    file.write_text(SERVER.format(port=port, folder=folder, root=ROOT, sample=sample), encoding="utf-8")
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # where sshd as root locks itself in
    process = subprocess.Popen([SSHD, "-D", "-e", "-f", file], stderr=(folder / "log").open("wb"))
    try:
        answers(port, process)
        yield Sshd(folder, port)
    finally:
        process.terminate()
        process.wait()


def answers(port: int, process: subprocess.Popen[bytes]) -> None:
    for _try in range(200):
        assert process.poll() is None, "sshd has ended"
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)


@pytest.mark.parametrize("words", [(), ("id; cat /etc/passwd",)], ids=["nothing", "commands"])
def test_whoever_comes_in_gets_the_desk_whatever_they_ask_for(sshd, words):
    shown = sshd.comes_in(*words, until=ALTERNATE_SCREEN)

    assert ALTERNATE_SCREEN in shown
    assert b"root:" not in shown
    assert b"uid=" not in shown


def test_nothing_is_forwarded_and_no_file_is_fetched(sshd):
    port = free_port()
    forwarding = sshd.command("-N", "-o", "ExitOnForwardFailure=yes", "-R", f"{port}:127.0.0.1:22", "127.0.0.1")
    reverse = subprocess.run(forwarding, capture_output=True, timeout=60, check=False)
    fetching = subprocess.run(
        sshd.command("-s", "127.0.0.1", "sftp"), input=b"\x00\x00\x00\x05\x01\x00\x00\x00\x03",
        capture_output=True, timeout=60, check=False,
    )  # fmt: skip

    assert reverse.returncode != 0
    assert b"\x00\x00\x00\x03" not in fetching.stdout


def test_an_agent_of_keys_does_not_come_along(sshd):
    text = (sshd.folder / "sshd_config").read_text()
    shown = subprocess.run(
        [SSHD, "-T", "-f", sshd.folder / "sshd_config", "-C", f"user={getpass.getuser()},host=x,addr=127.0.0.1"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip

    assert "ForceCommand" in text
    for line in ("disableforwarding yes", "allowagentforwarding no", "allowtcpforwarding no", "permituserrc no"):
        assert line in shown
