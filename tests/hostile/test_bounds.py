"""What comes in keeps within bounds: of memory, of time, of its folder, of the hosts that the county listed."""

from __future__ import annotations

import csv
import io
import socket
import zipfile
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Any

import openpyxl
import pytest

from desk.bounded import environment_of
from desk.errors import BadInput, ConfigProblem
from desk.exports.writers import WRITERS
from desk.imports import read_rows, workbook, workbook_process
from desk.paper.printing import placed
from desk.plugins import journal
from desk.plugins.declared.ground import Ground
from desk.plugins.declared.reading import read_channel
from desk.plugins.messages import Message
from desk.plugins.secrets import Secret
from desk.plugins.send_errors import SendError
from desk.text import is_formula

HERE = Path(__file__).parent
ONE_SENTENCE = "not a workbook that can be read"

# Workbooks made to take the machine


def sparse(path: Path) -> None:
    """Two cells, as far apart as they can be: five thousand bytes that stand for five hundred gigabytes."""
    book = openpyxl.Workbook()
    book.active.append(["户号", "户名", "台区编号"])
    book.active["XFD1048576"] = "x"
    book.save(path)


def bomb(path: Path) -> None:
    """A sheet that is a hundred thousand times as large as its file says."""
    sparse(path)
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as book:
        for name, content in parts.items():
            cells = b'<row r="1">' + b"<c><v>1</v></c>" * 2_000_000 + b"</row>"
            sheet = content.replace(b"<sheetData>", b"<sheetData>" + cells)
            book.writestr(name, sheet if name.endswith("sheet1.xml") else content)


def greedy(path: Path) -> None:
    """A damaged .xls that had its reader take 23 GB; found by `make fuzz`."""
    path.write_bytes((HERE / "greedy.xls").read_bytes())


@pytest.mark.parametrize("made", [sparse, bomb, greedy])
def test_a_workbook_made_to_take_the_machine_is_refused(tmp_path: Path, made: Any) -> None:
    made(tmp_path / "file.xlsx")
    with pytest.raises(BadInput, match=ONE_SENTENCE):
        list(read_rows(tmp_path / "file.xlsx", "customers"))


def test_a_reader_that_stands_still_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "asleep.py").write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(workbook_process, "__file__", str(tmp_path / "asleep.py"))
    monkeypatch.setattr(workbook, "PATIENCE", 0.3)
    sparse(tmp_path / "file.xlsx")
    with pytest.raises(BadInput, match=ONE_SENTENCE):
        read_rows(tmp_path / "file.xlsx", "customers")


def test_a_column_called_by_digits_alone_is_passed_over_at_once(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("户号,户名,台区编号," + "9" * 100_000 + "\n1,张三,TQ1,x\n", encoding="utf-8")
    assert len(list(read_rows(tmp_path / "x.csv", "customers"))) == 1


# Templates

ENDLESS = {
    "loops": "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "a loop over a text": "{% set s = 'a' * 50000 %}{% for a in s %}{% for b in s %}{% endfor %}{% endfor %}",
    "a power": "{{ 9 ** 9 ** 9 }}",
    "a product": "{{ 'a' * 10 ** 9 }}",
    "a width": "{{ '%1000000000d' % 1 }}",
    "a format": "{{ '{:>1000000000}'.format(1) }}",
    "doubled": "{% set ns = namespace(s='aa') %}{% for i in range(60) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
    "doubled blocks": "{% set s = 'aaaa' %}" + "{% set s %}{{ s }}{{ s }}{% endset %}" * 60,
    "a replacement": "{% set s = 'a' * 90000 %}{{ s|replace('a', s) }}",
    "a macro": "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
    "itself": "{% include 'itself' %}{% include ['itself', 'itself'] %}",
}
OUTSIDE = {
    "a class": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "globals": "{{ self.__init__.__globals__ }}",
    "an attribute by name": "{{ x|attr('__class__') }}",
    "attributes of many": "{{ [x]|map(attribute='__class__')|join }}",
    "a format of attributes": "{{ '{0.__class__}'.format(x) }}",
    "a function's code": "{{ at.__code__ }}",
    "a path": "{% include '../../../../etc/passwd' %}",
    "an absolute path": "{% include '/etc/passwd' %}",
    "a link": "{% include 'link' %}",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "itself").write_text(ENDLESS["itself"])
    (tmp_path / "link").symlink_to("/etc/hostname")
    return tmp_path


@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS)
def test_a_template_has_an_end(folder: Path, text: str) -> None:
    began = datetime.now().astimezone()
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever a template fails with, its county's words fall back
        environment_of([folder]).from_string(text).render()
    assert (datetime.now().astimezone() - began).total_seconds() < 5


@pytest.mark.parametrize("text", OUTSIDE.values(), ids=OUTSIDE)
def test_a_template_does_not_reach_the_system(folder: Path, text: str) -> None:
    with pytest.raises(Exception):  # noqa: B017, PT011
        print(environment_of([folder]).from_string(text).render(x=5, at=lambda moment: moment))


# Declared channels

WEBHOOK = """
kind = "webhook"
label = "x"
[can]
family = "sms"
address = "mobile"
[settings]
proxy = {{ default = "{proxy}" }}
[request]
url = "{url}"
proxy = "{{settings.proxy}}"
headers = {{ X-Whom = "{{recipient}}" }}
text = "{{body}}"
[answer]
pattern = '{pattern}'
"""
APPRISE = """
kind = "apprise"
label = "x"
[can]
family = "internal"
address = "mail"
[apprise]
url = "mailtos://u:p@{server}?to={{address}}"
"""
COMMAND = """
kind = "command"
label = "x"
[can]
family = "sms"
address = "mobile"
[command]
argv = ["/bin/echo", "{address}", "{body}"]
"""
GROUND = Ground(hosts=("sms.example.cn",))


def channel(text: str) -> Any:
    return read_channel(Path("x.toml"), text.encode(), GROUND)()


def webhook(url: str = "https://sms.example.cn/", proxy: str = "", pattern: str = "id=(?P<id>.*)") -> Any:
    return channel(WEBHOOK.format(url=url, proxy=proxy, pattern=pattern))


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest",
        "https://sms.example.cn@evil.example/",
        "https://sms.example.cn.evil.example/",
        "https://evil.example/?sms.example.cn",
        "https://evil.example\\\\@sms.example.cn/",
        "https://sms.example.cn:99999/",
        "file:///etc/passwd",
        "gopher://sms.example.cn/",
        "https://[::ffff:127.0.0.1]/",
    ],
)
def test_a_host_that_is_not_listed_is_not_called(url: str) -> None:
    made = webhook(url)
    assert made.objection()
    with pytest.raises(SendError):
        made.send(Message(recipient="x", address="13800138000", body="x"), 1.0)


def test_a_file_names_no_proxy_that_the_county_did_not_list() -> None:
    assert not webhook().objection()
    assert "evil.example" in webhook(proxy="http://evil.example:3128").objection()
    made = read_channel(
        Path("x.toml"), WEBHOOK.format(url="https://sms.example.cn/", proxy="", pattern="x").encode(), GROUND
    )
    assert not made(made.Settings(proxy="http://10.0.0.1:3128")).objection()  # type: ignore[call-arg]


def test_a_file_names_no_mail_server_that_the_county_did_not_list() -> None:
    assert "evil.example" in channel(APPRISE.format(server="evil.example")).objection()
    assert not channel(APPRISE.format(server="sms.example.cn")).objection()


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)*b", "(.*)(.*)(.*)(.*)(.*)(.*)x", r"(\w+)\1", "((a{9,99})+)+"])
def test_a_pattern_that_a_gateway_could_keep_busy_is_refused(pattern: str) -> None:
    with pytest.raises(ConfigProblem, match="repeats"):
        webhook(pattern=pattern)


@pytest.mark.parametrize("name", ["x\r\nX-Injected: 1", "x\nX: 1", "x\x00", "x\x1b[31m", "x\u202ey"])
def test_no_value_begins_another_header(name: str) -> None:
    with pytest.raises(SendError):
        webhook().send(Message(recipient=name, address="13800138000", body="x"), 1.0)


@pytest.mark.parametrize("body", ["-oProxyCommand=reboot", "--help", "-", "a\x00b"])
def test_no_value_becomes_an_option_of_a_program(body: str) -> None:
    with pytest.raises(SendError):
        channel(COMMAND).send(Message(recipient="x", address="13800138000", body=body), 2.0)


def test_a_shell_is_nowhere(tmp_path: Path) -> None:
    body = f"; touch {tmp_path}/pwned; $(touch {tmp_path}/pwned) `touch {tmp_path}/pwned`"
    channel(COMMAND).send(Message(recipient="x", address="13800138000", body=body), 5.0)
    assert not (tmp_path / "pwned").exists()


# Folders and files


@pytest.mark.parametrize("name", ["../../pwned", "..\\..\\pwned", "/tmp/pwned", "a\x00b", ".", "", "长" * 300, "a\nb"])
def test_a_printed_file_stays_in_its_folder(tmp_path: Path, name: str) -> None:
    made = placed(tmp_path / "out", f"n {name}", b"%PDF-")
    assert made.resolve().parent == (tmp_path / "out").resolve()


def test_a_line_of_the_log_is_one_line(tmp_path: Path) -> None:
    journal.note("sms: said\n2026-01-01 00:00:00 sms: all is well\x1b[2J", tmp_path)
    written = (tmp_path / journal.NAME).read_text(encoding="utf-8")
    assert written.count("\n") == 1
    assert "\x1b" not in written


STARTS = [
    "=1",
    "+1",
    "-1",
    "@x",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "\u00a0=1",
    "\u3000=1",
    "\u200b=1",
    "\ufeff=1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
]


@pytest.mark.parametrize("cell", STARTS, ids=[cell.encode("unicode_escape").decode() for cell in STARTS])
def test_no_formula_starts_a_cell(tmp_path: Path, cell: str) -> None:
    row = {"id": "C1", "at": None, "number": cell, "account_no": cell, "customer_name": cell, "note": cell}
    rows = [{field: row.get(field, "") for field in _calls()}]
    WRITERS[".csv"](tmp_path / "x.csv", "calls", iter(rows), "# who and when")
    for line in csv.reader(io.StringIO((tmp_path / "x.csv").read_text(encoding="utf-8-sig"), newline="")):
        assert not any(is_formula(one) and not one.startswith("'") for one in line)
    WRITERS[".xlsx"](tmp_path / "x.xlsx", "calls", iter(rows), "# who and when")
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx").active
    assert {one.data_type for line in sheet.iter_rows() for one in line} <= {"s", "inlineStr", "n"}


def _calls() -> list[str]:
    from desk.exports.writers import MORE

    return list(MORE["calls"])


# The telephone's door


def test_a_caller_without_the_token_does_not_hold_the_door() -> None:
    from desk.rings.talks import serve

    ours, theirs = socket.socketpair()
    ours.settimeout(0.2)  # what the door gives a caller for its first word
    theirs.sendall(b'{"token": "wrong"}\n')
    endpoint: Any = type("Door", (), {"is_token": lambda _self, _given, _token: False})()
    talk = Thread(target=_until_it_ends, args=(serve, ours, endpoint), daemon=True)
    talk.start()
    talk.join(3)
    assert not talk.is_alive()
    theirs.close()
    ours.close()


def _until_it_ends(serve: Any, talk: socket.socket, endpoint: Any) -> None:
    try:
        serve(talk, endpoint, Secret.of("geheim"))
    except OSError:
        return
