"""A screen is one process for one page: who may open it, what it is told, and how it ends."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from msgspec.structs import replace
from served import FAKE_SCREEN, config_with, served

from desk.serve.environment import clean_environment


async def alive(process: int) -> bool:
    """Whether this process still runs, half a second on at the most."""
    for _look in range(50):
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return False
        if state == "Z":
            return False
        await asyncio.sleep(0.01)
    return True


HANDSHAKES = {
    "another site's page": ({"Origin": "https://evil.example"}, 403),
    "a sandboxed page": ({"Origin": "null"}, 403),
    "a page on another port": ({"Origin": "http://127.0.0.1:1"}, 403),
    "the same port under another name of this machine": ({"Origin": "http://localhost:8095"}, 403),
    "nobody who says where from": ({"Origin": ""}, 403),
    "a neighbour, by the browser's word": ({"Sec-Fetch-Site": "same-site"}, 403),
    "a name made to lead here": ({"Host": "evil.example"}, 421),
}


@pytest.mark.parametrize(("headers", "status"), HANDSHAKES.values(), ids=HANDSHAKES)
async def test_a_page_from_elsewhere_opens_no_screen_though_the_cookie_comes_along(tmp_path, headers, status):
    async with served(tmp_path) as desk:
        await desk.sign_in()

        assert await desk.handshake(**headers) == status
        assert desk.server.tickets.screens() == 0


@pytest.mark.parametrize("path", ["/", "/static/desk.css", "/terminal/js/textual.js", "/nowhere"])
async def test_a_name_that_is_not_ours_is_answered_with_nothing_of_ours(tmp_path, path):
    async with served(tmp_path) as desk:
        status, text, _headers = await desk.get(path, Host=f"evil.example:{desk.port}")

        assert status == 421
        assert len(text) < 60


@pytest.mark.parametrize(
    "path", ["/static/", "/terminal/", "/static/../server.py", "/static/%2e%2e/server.py", "/download/x", "/ws/", "/x"]
)
async def test_there_is_nothing_else_to_be_had(tmp_path, path):
    async with served(tmp_path) as desk, desk.session.get(f"{desk.origin}{path}") as answer:
        assert answer.status in (403, 404)


async def test_every_answer_says_that_it_is_not_to_be_framed_guessed_at_or_kept(tmp_path):
    async with served(tmp_path) as desk:
        await desk.sign_in()
        for path in ("/", "/static/desk.css", "/nowhere", "/ws"):
            _status, _text, headers = await desk.get(path)
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["X-Frame-Options"] == "DENY"
            assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
            assert "default-src 'self'" in headers["Content-Security-Policy"]
            assert headers["Referrer-Policy"] == "same-origin"
            assert headers["Cache-Control"] in ("no-store", "no-cache")
            assert headers["Server"] == "desk"


async def test_the_pages_name_no_other_address(tmp_path):
    async with served(tmp_path) as desk:
        _status, form, _headers = await desk.get()
        await desk.sign_in()
        _status, page, _headers = await desk.get()

        assert "://" not in form
        assert page.replace(f"ws://127.0.0.1:{desk.port}/ws", "").count("://") == 0


async def test_a_screen_is_told_its_session_where_nobody_else_can_read_it(tmp_path):
    async with served(tmp_path) as desk:
        await desk.sign_in()
        async with desk.screen() as page:
            told = json.loads(await page.told())

        assert told["token"] == "session-0"
        assert "session-0" not in json.dumps([told["arguments"], told["environment"]])
        assert (told["environment"]["COLUMNS"], told["environment"]["ROWS"]) == ("100", "30")


OPERATORS = {
    "DESK_AGENT": "管理员",
    "DESK_PASSWORD_FILE": "/run/secrets/desk",
    "DESK_SESSION": "the operator's",
    "DESK_DATA": "/elsewhere",
    "SSH_AUTH_SOCK": "/tmp/agent",
    "AWS_SECRET_ACCESS_KEY": "x",
    "LD_PRELOAD": "/tmp/x.so",
    "SMS_PASSWORD": "of a channel",
    "PGPASSWORD": "of the store",
    "LANG": "zh_CN.UTF-8",
}


def test_a_screen_knows_of_the_operators_environment_what_the_settings_name_and_no_more(tmp_path):
    config = replace(
        config_with(tmp_path),
        channels={"sms": {"type": "smpp", "password": {"env": "SMS_PASSWORD"}}},
        feeds={"odd": {"token": {"env": "DESK_SESSION"}}},
    )

    assert clean_environment(config, OPERATORS) == {"SMS_PASSWORD": "of a channel", "LANG": "zh_CN.UTF-8"}


async def test_no_shell_reads_the_command(tmp_path):
    async with served(tmp_path, command=[*FAKE_SCREEN, "$(touch x); `id` && 停电"]) as desk:
        await desk.sign_in()
        async with desk.screen() as page:
            told = json.loads(await page.told())

        assert told["arguments"][1:] == ["$(touch x); `id` && 停电"]


async def test_keys_size_and_looks_reach_the_desk_and_its_frames_the_page(tmp_path):
    async with served(tmp_path) as desk:
        await desk.sign_in()
        async with desk.screen() as page:
            await page.told()
            await page.say("stdin", "停电 \ud83d")
            assert await page.told() == "停电 ?"
            await page.say("resize", {"width": 132, "height": 43})
            assert json.loads(await page.told()) == {"type": "resize", "width": 132, "height": 43}
            await page.say("ping", "17")
            assert await page.told() == '["pong", "17"]'


NONSENSE = [
    "",
    "x",
    "{}",
    "[]",
    "[1]",
    '["stdin"]',
    '["stdin", 5]',
    '["resize", 5]',
    '["meta", {"type": "quit"}]',
    "[" * 5000,
]


async def test_nonsense_from_a_page_is_not_heard(tmp_path):
    async with served(tmp_path) as desk:
        await desk.sign_in()
        async with desk.screen("?width=x&height=-1") as page:
            told = json.loads(await page.told())
            for text in NONSENSE:
                await page.socket.send_str(text)
            await page.socket.send_bytes(b"\x00\xff")
            await page.say("resize", {"width": 10**9, "height": "x"})

            assert json.loads(await page.told()) == {"type": "resize", "width": 1000, "height": 36}
        assert (told["environment"]["COLUMNS"], told["environment"]["ROWS"]) == ("120", "10")


async def test_a_desk_that_is_left_says_so_to_its_page(tmp_path):
    async with served(tmp_path) as desk:
        await desk.sign_in()
        async with desk.screen() as page:
            await page.say("stdin", "quit")

            assert await page.ended() == 4000
        assert desk.door.ended == set()


async def test_a_desk_that_does_not_open_says_so_to_its_page(tmp_path):
    async with served(tmp_path, command=[*FAKE_SCREEN, "broken"]) as desk:
        await desk.sign_in()
        async with desk.screen() as page:
            assert await page.ended() == 4006


async def test_a_program_that_is_not_there_says_so_to_its_page(tmp_path):
    async with served(tmp_path, command=[str(tmp_path / "nowhere")]) as desk:
        await desk.sign_in()
        async with desk.screen() as page:
            assert await page.ended() == 4006


async def test_a_page_that_goes_away_takes_its_desk_with_it(tmp_path):
    async with served(tmp_path) as desk:
        await desk.sign_in()
        async with desk.screen() as page:
            process = json.loads(await page.told())["pid"]

        assert not await alive(process)


async def test_a_desk_that_does_not_leave_when_told_to_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr("desk.serve.child.LEAVING_SECONDS", 0.1)
    monkeypatch.setattr("desk.serve.child.ENDING_SECONDS", 0.1)
    async with served(tmp_path, command=[*FAKE_SCREEN, "deaf"]) as desk:
        await desk.sign_in()
        async with desk.screen() as page:
            process = json.loads(await page.told())["pid"]

        assert not await alive(process)


async def test_one_agent_has_so_many_screens_and_all_together_so_many(tmp_path):
    async with served(tmp_path, sessions=3, per_agent=2) as desk:
        await desk.sign_in("张三", seat="1")
        async with desk.screen() as first, desk.screen() as second, desk.screen() as third:
            await asyncio.gather(first.told(), second.told())
            assert await third.ended() == 4005
            assert "as many screens open as one agent may" in (await desk.get())[1]
            desk.session.cookie_jar.clear()
            await desk.sign_in("李四", seat="2")
            async with desk.screen() as fourth, desk.screen() as fifth:
                await fourth.told()
                assert await fifth.ended() == 4004


async def test_a_screen_that_ended_makes_room_for_the_next(tmp_path):
    async with served(tmp_path, per_agent=1) as desk:
        await desk.sign_in()
        for _time in range(2):
            async with desk.screen() as page:
                await page.told()
                await page.say("stdin", "quit")
                assert await page.ended() == 4000


async def test_a_page_that_is_loaded_anew_gets_its_screen_though_the_last_one_has_not_ended_yet(tmp_path):
    async with served(tmp_path, command=[*FAKE_SCREEN, "slow"], per_agent=1) as desk:
        await desk.sign_in()
        async with desk.screen() as page:
            await page.told()
            await page.socket.close()
            assert (await desk.get())[0] == 200
            async with desk.screen() as again:
                assert "session-0" in await again.told()


async def test_a_screen_without_a_key_is_closed_and_its_sign_in_ends_after_it(tmp_path):
    async with served(tmp_path, idle_minutes=1 / 600) as desk:
        await desk.sign_in()
        async with desk.screen() as page:
            assert await page.ended() == 4002
        async with asyncio.timeout(5):
            while not desk.door.ended:
                await asyncio.sleep(0.02)

        assert await desk.handshake() == 403


async def test_a_sign_in_that_was_ended_elsewhere_takes_its_screens_along(tmp_path):
    async with served(tmp_path) as desk:
        await desk.sign_in()
        async with desk.screen() as page:
            await page.told()
            desk.door.ended.add("session-0")

            assert await page.ended() == 4003
        assert await desk.handshake() == 403


async def test_who_signs_out_inside_the_desk_has_signed_out_of_the_page(tmp_path):
    async with served(tmp_path, look_seconds=60) as desk:
        await desk.sign_in()
        async with desk.screen() as page:
            await page.told()
            desk.door.ended.add("session-0")
            await page.say("stdin", "quit")

            assert await page.ended() == 4003
        assert await desk.handshake() == 403


async def test_when_the_server_ends_so_do_the_screens_and_the_sign_ins(tmp_path):
    async with served(tmp_path) as desk:
        await desk.sign_in()
        page = await desk.session.ws_connect(f"{desk.origin}/ws", headers={"Origin": desk.origin})
        process = json.loads((await page.receive()).data)["pid"]
        door = desk.door

    assert not await alive(process)
    assert door.ended == {"session-0"}


async def test_behind_a_proxy_with_tls_the_cookie_is_for_that_path_and_never_goes_without_tls(tmp_path):
    async with served(tmp_path, origins=("https://example.cn/95598",)) as desk:
        _status, _page, headers = await desk.get(Host="example.cn")
        cookie = headers["Set-Cookie"]

        assert cookie.startswith("__Secure-desk-form=")
        assert "Path=/95598/" in cookie
        assert "Secure" in cookie
        assert (await desk.get())[0] == 421


async def test_a_site_of_its_own_has_a_cookie_that_no_other_host_can_set(tmp_path):
    async with served(tmp_path, origins=("https://desk.example.cn",)) as desk:
        _status, _page, headers = await desk.get(Host="desk.example.cn")

        assert headers["Set-Cookie"].startswith("__Host-desk-form=")


async def test_a_form_of_any_size_or_kind_is_no_trouble(tmp_path):
    async with served(tmp_path) as desk:
        large = {"name": "x" * 100_000, "proof": await desk.proof()}
        status, _page, _headers = await desk.post("/sign-in", large)
        async with desk.session.post(
            f"{desk.origin}/sign-in", json={"name": 1}, headers={"Origin": desk.origin}
        ) as answer:
            other = answer.status

        assert status == 413
        assert other == 403
