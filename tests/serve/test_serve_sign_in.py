"""Who comes in by the browser's door, and how strangers are kept from it."""

from __future__ import annotations

import asyncio

import pytest
from served import PASSWORD, served


async def test_a_browser_without_a_sign_in_gets_the_form_and_nothing_else(tmp_path):
    async with served(tmp_path) as desk:
        status, page, headers = await desk.get()

        assert status == 200
        assert '<input name="password" type="password"' in page
        assert "<script" not in page
        assert "script-src 'none'" in headers["Content-Security-Policy"]
        assert await desk.handshake() == 403


async def test_whoever_signs_in_gets_the_desk_with_a_cookie_no_script_reads(tmp_path):
    async with served(tmp_path) as desk:
        status, _page, headers = await desk.sign_in()

        assert (status, headers["Location"]) == (303, "./")
        cookie = next(line for line in headers.getall("Set-Cookie") if line.startswith("desk-ticket="))
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert desk.door.signed[0].token not in "".join(headers.getall("Set-Cookie"))
        _status, page, _headers = await desk.get()
        assert 'id="terminal"' in page
        assert "张三" in page


async def test_a_wrong_password_is_told_on_the_form_and_signs_nobody_in(tmp_path):
    async with served(tmp_path) as desk:
        status, page, headers = await desk.sign_in(password="wrong")

        assert status == 403
        assert "name or password is wrong" in page
        assert 'value="张三"' in page
        assert "wrong" not in headers.get("Set-Cookie", "")
        assert await desk.handshake() == 403


@pytest.mark.parametrize("left_out", ["name", "password"])
async def test_name_and_password_are_both_needed(tmp_path, left_out):
    async with served(tmp_path) as desk:
        status, page, _headers = await desk.sign_in(**{left_out: ""})

        assert status == 400
        assert "Name and password are both needed" in page


FOREIGN = {
    "another site": {"origin": "https://evil.example"},
    "a sandboxed page": {"origin": "null"},
    "the same name on another port": {"origin": "http://127.0.0.1:1"},
    "the same name with TLS": {"origin": "https://127.0.0.1"},
    "a browser that says another site sends it": {"Sec-Fetch-Site": "cross-site"},
    "a browser that says a neighbour sends it": {"Sec-Fetch-Site": "same-site"},
    "nobody who says where from": {"origin": ""},
}


@pytest.mark.parametrize("sent", FOREIGN.values(), ids=FOREIGN)
async def test_a_form_sent_from_elsewhere_signs_nobody_in(tmp_path, sent):
    async with served(tmp_path) as desk:
        form = {"name": "张三", "password": PASSWORD, "seat": "", "proof": await desk.proof()}
        status, _page, _headers = await desk.post("/sign-in", form, **sent)

        assert status == 403
        assert not desk.door.signed


@pytest.mark.parametrize("proof", ["", "0" * 64])
async def test_a_form_that_this_browser_was_not_shown_signs_nobody_in(tmp_path, proof):
    async with served(tmp_path) as desk:
        status, page, _headers = await desk.sign_in(proof=proof)

        assert status == 403
        assert "came from elsewhere" in page
        assert not desk.door.signed


async def test_the_proof_of_one_browser_is_worth_nothing_in_another(tmp_path):
    async with served(tmp_path) as desk:
        proof = await desk.proof()
        desk.session.cookie_jar.clear()
        await desk.get()
        form = {"name": "张三", "password": PASSWORD, "proof": proof}

        assert (await desk.post("/sign-in", form))[0] == 403


async def test_after_many_wrong_sign_ins_an_address_waits_whatever_the_names(tmp_path):
    async with served(tmp_path) as desk:
        proof = await desk.proof()
        forms = [{"name": f"N{number}", "password": "Winter2026", "proof": proof} for number in range(20)]
        statuses = {(await desk.post("/sign-in", form))[0] for form in forms}
        status, page, _headers = await desk.sign_in()

        assert statuses == {403}
        assert (status, "wait five minutes" in page) == (429, True)


async def test_signing_out_ends_the_screens_and_the_session_and_forgets_the_ticket(tmp_path):
    async with served(tmp_path) as desk:
        await desk.sign_in()
        async with desk.screen() as page:
            await page.told()
            ended = asyncio.create_task(page.ended())
            status, _page, headers = await desk.post("/sign-out", {"proof": await desk.proof()})

            assert await ended == 4001
        assert (status, headers["Location"]) == (303, "./")
        assert desk.door.ended == {"session-0"}
        assert await desk.handshake() == 403


@pytest.mark.parametrize("sent", [{"origin": "https://evil.example"}, {"proof": "0"}], ids=["elsewhere", "no proof"])
async def test_nobody_else_signs_an_agent_out(tmp_path, sent):
    async with served(tmp_path) as desk:
        await desk.sign_in()
        form = {"proof": sent.get("proof") or await desk.proof()}
        status, _page, _headers = await desk.post("/sign-out", form, origin=sent.get("origin"))

        assert status == 403
        assert not desk.door.ended


async def test_a_stolen_cookie_is_worth_nothing_after_the_next_sign_in_of_that_browser(tmp_path):
    async with served(tmp_path) as desk:
        await desk.sign_in()
        stolen = {cookie.key: cookie.value for cookie in desk.session.cookie_jar}["desk-ticket"]
        proof = await desk.proof()
        await desk.post("/sign-out", {"proof": proof})
        desk.session.cookie_jar.clear()

        assert await desk.handshake(Cookie=f"desk-ticket={stolen}") == 403


async def test_a_seat_is_one_persons_while_a_screen_is_open_there(tmp_path):
    async with served(tmp_path) as desk:
        await desk.sign_in("张三", seat="7")
        async with desk.screen() as page:
            await page.told()
            desk.session.cookie_jar.clear()
            status, text, _headers = await desk.sign_in("李四", seat="7")

        assert status == 409
        assert "张三 is at seat 7 in another browser" in text
        assert desk.door.ended == {"session-1"}


async def test_without_a_seat_ones_own_name_is_the_seat(tmp_path):
    async with served(tmp_path) as desk:
        await desk.sign_in("李四", seat="")

        assert desk.door.signed[0].seat == "李四"


@pytest.mark.parametrize("text", ['"><script>alert(1)</script>', "{{ 7*7 }}", "{% for x in y %}"])
async def test_what_is_typed_into_the_form_comes_back_as_text(tmp_path, text):
    async with served(tmp_path) as desk:
        _status, page, _headers = await desk.sign_in(name=text, password="wrong")

        assert "<script" not in page
        assert "49" not in page.replace(await desk.proof(), "")


async def test_the_seat_is_filled_in_the_next_time_and_not_who_sat_there(tmp_path):
    async with served(tmp_path) as desk:
        await desk.sign_in("张三", seat="城东 3")
        await desk.post("/sign-out", {"proof": await desk.proof()})
        _status, page, _headers = await desk.get()

        assert 'value="城东 3"' in page
        assert "张三" not in page


async def test_a_password_that_somebody_else_chose_is_changed_before_anything_opens(tmp_path):
    async with served(tmp_path) as desk:
        desk.door.must_change.add("王五")
        status, page, _headers = await desk.sign_in("王五")
        assert (status, 'name="new"' in page, desk.door.signed) == (403, True, [])
        assert (await desk.sign_in("王五", new="另选一句", repeated="另选一个"))[0] == 400
        status, _page, _headers = await desk.sign_in("王五", new="另选一句", repeated="另选一句")

        assert status == 303
        assert desk.door.passwords["王五"] == "另选一句"
