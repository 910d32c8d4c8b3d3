"""Adding a channel and looking after it: what `desk plugins new | check | show | try` and the screen both do.

    wrong = mistakes({"name": "pager", …})            # question → what is wrong with its answer
    file = write_new(answers, folder)                 # a TOML file that works, with comments
    findings = check_file(file, ground)               # or check_part(host, "pager")
    dry_run(host, "pager", to="13800138000")          # exactly what would go out, secrets starred
    try_really(host, "pager", to=…, allowed=config.messages.test_numbers)

Nothing here draws, asks or prints.
"""

from __future__ import annotations

from desk.plugins.authoring.checking import Finding, check_file, check_part
from desk.plugins.authoring.questions import QUESTIONS, Question, mistakes, questions
from desk.plugins.authoring.showing import Shown, show
from desk.plugins.authoring.trying import DryRun, Tried, dry_run, try_really
from desk.plugins.authoring.writing import file_text, write_new

__all__ = [
    "QUESTIONS",
    "DryRun",
    "Finding",
    "Question",
    "Shown",
    "Tried",
    "check_file",
    "check_part",
    "dry_run",
    "file_text",
    "mistakes",
    "questions",
    "show",
    "try_really",
    "write_new",
]
