"""Every setting of config.toml with its default: the file in the shape of records."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec import Struct, field

from desk.clock import DEFAULT_ZONE
from desk.i18n import DEFAULT_LANGUAGE


class Section(Struct, frozen=True, forbid_unknown_fields=True):
    """The base of every section: immutable, no key it does not know."""


class County(Section, frozen=True):
    """Whose desk this is."""

    name: str = "县供电公司"
    area_code: str = "0951"
    time_zone: str = DEFAULT_ZONE


class DeskSettings(Section, frozen=True):
    """This seat. Once loaded, `seat` and `agent` are never empty."""

    language: str = DEFAULT_LANGUAGE
    seat: str = ""
    agent: str = ""
    role: str = "supervisor"
    data: str = ""


class Store(Section, frozen=True):
    """Where the documents are kept; empty means desk.db in the data folder. `password`: where a server's is kept."""

    url: str = ""
    password: dict[str, str] = {}


class AccessSettings(Section, frozen=True):
    """Who may use the desk. `sign_in`: `os_user` (whoever is logged in to this machine, with `[desk] role`; for a desk
    of one seat) or `password`. The screen locks after `lock_minutes` without a key (0: never). `tries` wrong passwords
    in a row lock an agent for `locked_minutes`. A sign-in ends after `session_hours`.
    """

    sign_in: str = "os_user"
    lock_minutes: int = 10
    tries: int = 5
    locked_minutes: int = 15
    session_hours: int = 12


class SeatSettings(Section, frozen=True):
    """Several seats at one store: for how long a seat that takes a piece of work has it for itself."""

    lease_minutes: int = 10


# What is kept how long; the reasons stand in docs/privacy.md. Empty: for ever.
KEPT: dict[str, str] = {
    "calls": "P1095D",
    "rings": "P90D",
    "drafts": "P30D",
    "messages": "P1095D",
    "outages": "P1825D",
    "audit": "",
}


class PrivacySettings(Section, frozen=True):
    """People's data. `keep`: kind of record → for how long after its end. `approval_hours`: how long leave to export
    holds."""

    keep: dict[str, str] = field(default_factory=lambda: dict(KEPT))
    approval_hours: int = 24


class ServeSettings(Section, frozen=True):
    """The desk in a browser. `origins`: the exact addresses it is reached by, such as https://desk.example.cn or
    https://example.cn/desk, when it stands behind another server; `sessions`: how many screens at most, `per_agent`
    of one agent; a screen without a key for `idle_minutes` is closed; `host` is this machine's loopback unless
    written otherwise."""

    host: str = "127.0.0.1"
    port: int = 8095
    origins: tuple[str, ...] = ()
    sessions: int = 20
    per_agent: int = 2
    idle_minutes: int = 60


class Plugins(Section, frozen=True):
    """Which parts are loaded. Once loaded, `folders` are absolute. `hosts`: whom declared webhooks may call."""

    folders: tuple[str, ...] = ()
    block: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()


class Board(Section, frozen=True):
    """How the board shows what it knows."""

    restored_hours: int = 24
    stale_minutes: int = 30


class Call(Section, frozen=True):
    """How a call is answered. Once loaded, `script_folder` is absolute or empty."""

    script_folder: str = ""


class RingSettings(Section, frozen=True):
    """How telephone systems tell of calls. `port` (0: none) on this machine's loopback takes POST /ring, POST
    /receipt/CHANNEL and lines of JSON; `token` says where its password is kept. `socket`: a file of a unix socket.
    `seats`: extension → seat. A ring that nobody took and whose end nobody told is missed after `longest_seconds`.
    """

    port: int = 0
    token: dict[str, str] = {}
    socket: str = ""
    seats: dict[str, str] = {}
    longest_seconds: int = 180


class NoticeSettings(Section, frozen=True):
    """How a telephone duty is worked off. `contacts`: branch or department → the number to dial for it."""

    tries: int = 3
    retry_minutes: int = 15
    contacts: dict[str, str] = {}


class TroubleSettings(Section, frozen=True):
    """How many calls point to which device, and within which time; sized for a county."""

    window_minutes: int = 30
    storm_window_minutes: int = 60
    storm_calls: int = 20
    storm_proposal_minutes: int = 15
    restored_minutes: int = 30
    still_out_minutes: int = 120
    box_customers: int = 2
    area_customers: int = 3
    area_boxes: int = 2
    area_percent: int = 10
    lateral_areas: int = 2
    feeder_laterals: int = 2
    feeder_percent: int = 30


class WorkOrderSettings(Section, frozen=True):
    """By when a crew must be at the place: kind of area → length of time, and branch → kind of area.

    `otherwise`: the kind of a branch that is not named. `escalate_after` so many requests to hurry, a supervisor
    hears of it. Orders at one place within `similar_minutes` are linked.
    """

    arrival: dict[str, str] = field(default_factory=lambda: {"urban": "PT45M", "rural": "PT90M", "remote": "PT2H"})
    area_kinds: dict[str, str] = {}
    otherwise: str = "urban"
    escalate_after: int = 2
    similar_minutes: int = 120


class CallbackSettings(Section, frozen=True):
    """How callers are called back: within which time once supply is back, how often tried, and after which wait."""

    within_minutes: int = 60
    follow_up_minutes: int = 60
    tries: int = 3
    retry_minutes: int = 30


# Complaints are answered within five days and reports of misconduct within ten (State Grid's service promises);
# a caller who is still without supply within the time in which a crew must be there.
CASE_LIMITS: dict[str, str] = {
    "complaint": "P5D",
    "report_of_misconduct": "P10D",
    "suggestion": "P10D",
    "opinion": "P10D",
    "still_out": "PT45M",
}


class CaseSettings(Section, frozen=True):
    """Within which time each kind of case is answered."""

    limits: dict[str, str] = field(default_factory=lambda: dict(CASE_LIMITS))


class RegulationSettings(Section, frozen=True):
    """Which rules hold. `overrides`: pack → figure → length of time in place of the pack's own."""

    off: tuple[str, ...] = ()
    day_count: str = "hours"
    overrides: dict[str, dict[str, str]] = {}


class MessageSettings(Section, frozen=True):
    """How the outbox sends. Lengths of time are written like PT10M; hours of the day like 22:00.

    `release`: `auto` sends what is ready by itself, `person` waits until somebody says so. `prefer`: families of
    channels, the first that can reach a recipient is used. Above `most_per_outage` or `most_per_minute` recipients a
    second person confirms. `quiet_from` to `quiet_until` nothing rings at residents. `retry`: after which waits a
    failed try is made again. `receipt_wait`: without a receipt by then a person takes over. `training`: nothing
    leaves the desk. `test_numbers`: the only ones `desk plugins try --really` sends to.
    """

    release: str = "auto"
    training: bool = False
    prefer: tuple[str, ...] = ("sms", "fax", "push")
    most_per_outage: int = 2000
    most_per_minute: int = 1000
    quiet_from: str = "22:00"
    quiet_until: str = "07:00"
    retry: tuple[str, ...] = ("PT1M", "PT10M")
    receipt_wait: str = "PT30M"
    wording_folder: str = ""
    language: str = DEFAULT_LANGUAGE
    test_numbers: tuple[str, ...] = ()


SERVER_SCHEMES = ("postgresql://", "postgres://")  # of a store that is no file
OPEN_SECTIONS = ("channels", "feeds")  # what stands in them is looked at by the parts it is for


class Settings(Section, frozen=True):
    """The whole file. `channels` and `feeds`: name → its settings, checked by its type when plugins are loaded."""

    county: County = County()
    desk: DeskSettings = DeskSettings()
    store: Store = Store()
    access: AccessSettings = AccessSettings()
    seats: SeatSettings = SeatSettings()
    privacy: PrivacySettings = PrivacySettings()
    serve: ServeSettings = ServeSettings()
    plugins: Plugins = Plugins()
    board: Board = Board()
    call: Call = Call()
    ring: RingSettings = RingSettings()
    notices: NoticeSettings = NoticeSettings()
    messages: MessageSettings = MessageSettings()
    channels: dict[str, dict[str, Any]] = {}
    feeds: dict[str, dict[str, Any]] = {}
    trouble: TroubleSettings = TroubleSettings()
    work_orders: WorkOrderSettings = WorkOrderSettings()
    callbacks: CallbackSettings = CallbackSettings()
    cases: CaseSettings = CaseSettings()
    regulation: RegulationSettings = RegulationSettings()
    keys: dict[str, str] = {}


class Config(Settings, frozen=True, kw_only=True):
    """The settings in force: the file's, made complete by flags, environment and defaults.

    `path` is the file they came from, None when there is none. `data` is absolute; `store_url` always names a store.
    `safe`: only the plugins that ship are loaded (`desk --safe`, or $DESK_SAFE).
    """

    path: Path | None = None
    data: Path
    store_url: str
    safe: bool = False
