"""The pages as HTML; what is put into them is escaped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from desk.serve.sign_in import Turned
from desk.serve.words import WORDS, endings, html_language, in_words


class Pages:
    """The pages of one county's desk."""

    def __init__(self, county: str) -> None:
        self._county = county
        folder = FileSystemLoader(Path(__file__).parent / "templates")
        self._templates = Environment(loader=folder, autoescape=True, undefined=StrictUndefined)

    def sign_in(self, turned: Turned | None, *, proof: str, name: str, seat: str) -> web.Response:
        """The form; after a sign-in that came to nothing with what was wrong."""
        status = turned.status if turned else 200
        about = {"problem": turned.words if turned else "", "must_change": bool(turned and turned.must_change)}
        return self._made("sign_in.html", status, proof=proof, name=name, seat=seat, **about)

    def desk(self, *, agent: str, seat: str, proof: str, socket: str) -> web.Response:
        about = {"agent": agent, "seat": seat, "proof": proof, "socket": socket, "endings": endings()}
        return self._made("desk.html", 200, **about)

    def refused(self, problem: str, proof: str = "", *, status: int) -> web.Response:
        """A page with one sentence, and a way back; with a ticket's `proof` also a way out."""
        return self._made("refused.html", status, problem=problem, proof=proof)

    def _made(self, template: str, status: int, **about: Any) -> web.Response:
        html = self._templates.get_template(template).render(
            county=self._county, language=html_language(), words=in_words(WORDS), **about
        )
        return web.Response(text=html, status=status, content_type="text/html", charset="utf-8")
