"""The doors that are fuzzed, by name; a module is loaded when its target is."""

from __future__ import annotations

from importlib import import_module

from tools.fuzz.targets.target import Target

# name → the module that has it; in the order in which they run
NAMES = {
    "imports": "files",
    "workbooks": "files",
    "outages": "documents",
    "calls": "documents",
    "rings_http": "ringing",
    "rings_lines": "ringing",
    "ami": "ringing",
    "ami_dialling": "ringing",
    "channels": "declarations",
    "packs": "declarations",
    "config": "declarations",
    "smpp": "gateways",
    "cmpp": "gateways",
    "http_answers": "gateways",
    "hylafax": "spools",
    "smstools": "spools",
    "gammu": "spools",
    "backups": "keeping",
    "audit_lines": "keeping",
    "templates": "documents",
    "shown": "documents",
}


def target_named(name: str) -> Target:
    """The target of that name; raises KeyError."""
    found: Target = import_module(f"tools.fuzz.targets.{NAMES[name]}").TARGETS[name]
    return found
