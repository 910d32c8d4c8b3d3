"""The documented nginx files, run as they are: TLS before the desk, at a name of its own and below a path."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from chrome import CHROMIUM, Browser
from served import PASSWORD, Served, free_port, served

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
SAMPLES = Path(__file__).parents[2] / "docs" / "samples"
MAIN = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
{user}
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    {rest}
}}
"""
OTHER_SITE = """
server {{
    listen {front} ssl;
    server_name example.cn;
    ssl_certificate {folder}/desk.crt;
    ssl_certificate_key {folder}/desk.key;
    {rest}
}}
"""

pytestmark = pytest.mark.skipif(NGINX is None, reason="no nginx is installed here (apt install nginx-light)")


def make_certificate(folder: Path) -> None:
    """A certificate for nobody, signed by itself."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "desk.example.cn")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    kept = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    (folder / "desk.crt").write_bytes(kept)
    plain = serialization.NoEncryption()
    formats = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    (folder / "desk.key").write_bytes(key.private_bytes(*formats, plain))


def whole_file(folder: Path, sample: str, desk: int, front: int) -> Path:
    """nginx's configuration with this sample in it, on ports that are free."""
    text = (SAMPLES / sample).read_text(encoding="utf-8")
    text = text.replace("127.0.0.1:8095", f"127.0.0.1:{desk}").replace("/etc/ssl/desk", str(folder))
    text = text.replace("listen 80;", f"listen {free_port()};").replace("listen 443 ssl;", f"listen {front} ssl;")
    if "listen" not in text:
        text = OTHER_SITE.format(front=front, folder=folder, rest=text)
    file = folder / "nginx.conf"
    file.write_text(MAIN.format(folder=folder, rest=text, user=as_root()), encoding="utf-8")
    return file


def as_root() -> str:
    return "user root;" if os.geteuid() == 0 else ""


@asynccontextmanager
async def behind_nginx(folder: Path, sample: str, site: str) -> AsyncIterator[tuple[Served, str]]:
    """The server behind nginx; gives it and its address from outside."""
    make_certificate(folder)
    front = free_port()
    address = site.replace("FRONT", str(front))
    async with served(folder, origins=(address,)) as desk:
        command = [NGINX, "-p", str(folder), "-c", str(whole_file(folder, sample, desk.port, front))]
        checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stderr
        process = await asyncio.create_subprocess_exec(*command)
        try:
            await opened(front)
            yield desk, address.rstrip("/") + "/"
        finally:
            process.terminate()
            await process.wait()


async def opened(port: int) -> None:
    for _try in range(200):
        try:
            _reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.02)
            continue
        writer.close()
        return


SITES = {
    "a name of its own": ("nginx-desk.conf", "https://desk.example.cn:FRONT"),
    "below a path": ("nginx-desk-path.conf", "https://example.cn:FRONT/95598"),
}


@pytest.mark.parametrize(("sample", "site"), SITES.values(), ids=SITES)
async def test_one_signs_in_through_nginx_and_opens_a_screen(tmp_path, sample, site):
    async with behind_nginx(tmp_path, sample, site) as (desk, address):
        origin, host, path = re.fullmatch(r"(https://([^/]+))(/.*)", address).groups()
        inside = f"https://127.0.0.1:{host.rpartition(':')[2]}{path}"
        sent = {"Host": host, "Origin": origin}
        async with desk.session.get(inside, headers=sent, ssl=False) as answer:
            page, cookie = await answer.text(), answer.headers["Set-Cookie"]
        proof = re.search(r'name="proof" value="([^"]+)"', page)[1]
        form = {"name": "张三", "password": PASSWORD, "proof": proof}
        async with desk.session.post(inside + "sign-in", data=form, headers=sent, ssl=False) as answer:
            assert answer.status == 200
            assert f"wss://{host}{path}ws" in await answer.text()
        async with desk.session.ws_connect(inside + "ws", headers=sent, ssl=False) as socket:
            assert b"session-0" in (await socket.receive(timeout=5)).data
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await desk.session.ws_connect(inside + "ws", headers={**sent, "Origin": "https://evil.example"}, ssl=False)

        assert ("Secure" in cookie, f"Path={path};" in cookie) == (True, True)


async def test_the_address_of_a_wrong_sign_in_is_what_nginx_saw_and_not_what_a_client_claims(tmp_path):
    async with behind_nginx(tmp_path, *SITES["a name of its own"]) as (desk, address):
        claimed = {"Host": address.split("/")[2], "Origin": address.rstrip("/"), "X-Forwarded-For": "10.9.9.9"}
        inside = f"https://127.0.0.1:{address.rstrip('/').rpartition(':')[2]}/"
        async with desk.session.get(inside, headers=claimed, ssl=False) as answer:
            proof = re.search(r'name="proof" value="([^"]+)"', await answer.text())[1]
        form = {"name": "张三", "password": "wrong", "proof": proof}
        async with desk.session.post(inside + "sign-in", data=form, headers=claimed, ssl=False) as answer:
            assert answer.status == 403

        assert list(desk.server._sign_in._slowing._wrong) == ["127.0.0.1"]


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed here")
async def test_a_browser_gets_its_screen_through_nginx_with_tls_below_a_path(tmp_path):
    folder = tmp_path / "nginx"
    folder.mkdir()
    sample, site = "nginx-desk-path.conf", "https://www.example.cn:FRONT/95598"
    with Browser(tmp_path / "profile") as browser:
        async with behind_nginx(folder, sample, site) as (_desk, address), browser.tab() as tab:
            await tab.open(address)
            await tab.wait("!!document.querySelector('[name=name]')")
            for name, words in {"name": "张三", "password": PASSWORD}.items():
                await tab.ask(f"document.querySelector('[name={name}]').select()")
                await tab.put(words)
            await tab.key("Enter")
            await tab.sees("session-0")
            hosts = {request.split("/")[2] for request in tab.requests}

            assert hosts == {address.split("/")[2]}
            assert tab.complaints == []
