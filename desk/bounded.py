"""Templates that somebody edited: Jinja2 in a sandbox that also has an end, in time and in memory.

    environment = environment_of([folder, shipped])
    environment.get_template("sms.zh.j2").render(known)      raises what is wrong, after a second at the latest

Jinja2's own sandbox keeps a template from the system, and lets it loop for ever and fill the memory. Here each turn of
a loop, each call and each filter is counted, nothing grows beyond what anyone reads, only filters and methods that make
little of little are there, and no template comes from outside its folder.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from threading import local
from time import monotonic
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, Template, nodes
from jinja2.exceptions import SecurityError, TemplateNotFound
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from desk.i18n import N_, _

LONGEST = 100_000  # signs of a template, of what it says, and of anything on the way; as many items of a list
STEPS = 200_000  # turns of loops, calls and filters, together
SECONDS = 1.0
BITS = 256  # of a whole number

TOO_LONG = N_("the template says too much")
TOO_MANY = N_("the template does not come to an end")
OUTSIDE = N_("{file} lies outside of its folder")

TEXTS = (
    *("capitalize", "casefold", "count", "endswith", "find", "index", "isalnum", "isalpha", "isascii", "isdecimal"),
    *("isdigit", "islower", "isnumeric", "isspace", "isupper", "lower", "lstrip", "partition", "removeprefix"),
    *("removesuffix", "rfind", "rpartition", "rsplit", "rstrip", "split", "splitlines", "startswith"),
    *("strip", "swapcase", "title", "upper"),
)
GLOBALS = ("range", "dict", "namespace")
FILTERS = (
    *("abs", "capitalize", "count", "d", "default", "dictsort", "e", "escape", "first", "float", "groupby", "int"),
    *("items", "join", "last", "length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "replace"),
    *("reverse", "round", "select", "selectattr", "sort", "string", "striptags", "sum", "title", "trim", "truncate"),
    *("unique", "upper", "wordcount"),
)
METHODS: dict[type, frozenset[str]] = {
    str: frozenset(TEXTS),  # a filter does `replace`, and looks how long it becomes
    bytes: frozenset(),
    bool: frozenset(),
    int: frozenset(),
    float: frozenset({"is_integer"}),
    dict: frozenset({"get", "items", "keys", "values"}),
    list: frozenset({"count", "index"}),
    tuple: frozenset({"count", "index"}),
}
_WIDE = re.compile(r"%[^a-zA-Z%]*(\*|\d{4,})")


class Budget(local):
    """What is left for the rendering under way on this thread."""

    depth = 0
    steps = STEPS
    until = 0.0

    @contextmanager
    def begun(self) -> Iterator[None]:
        """A rendering; one inside another lives on what that one has left."""
        if not self.depth:
            self.steps, self.until = STEPS, monotonic() + SECONDS
        self.depth += 1
        try:
            yield
        finally:
            self.depth -= 1

    def spend(self, steps: int = 1) -> None:
        if not self.depth:
            return  # constants, looked at while the template is read
        self.steps -= steps
        if self.steps < 0 or monotonic() > self.until:
            raise SecurityError(_(TOO_MANY))


class BoundedTemplate(Template):
    """A template whose rendering has an end."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        with self.environment.budget.begun():  # type: ignore[attr-defined]
            return super().render(*args, **kwargs)


class BoundedEnvironment(ImmutableSandboxedEnvironment):
    """See above."""

    template_class = BoundedTemplate
    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self, folders: Sequence[Path], **settings: Any) -> None:
        super().__init__(loader=_Folders(folders), undefined=StrictUndefined, optimized=False, **settings)
        self.budget = Budget()
        self.globals = {name: self.globals[name] for name in GLOBALS}
        filters = {name: self._counted(self.filters[name]) for name in FILTERS}
        filters |= {"replace": self._counted(_replaced), "join": self._counted(_joined), "concat": self._concat}
        self.filters = filters | {"steps": self._steps}

    def concat(self, pieces: Iterable[str]) -> str:
        """Jinja2 makes one text of many with this: of a whole template, a block, a macro."""
        kept, length = [], 0
        for piece in pieces:
            length += len(piece)
            if length > LONGEST:
                raise SecurityError(_(TOO_LONG))
            kept.append(piece)
        return "".join(kept)

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        self.budget.spend(1 + sum(len(one) for one in (*args, *kwargs.values()) if hasattr(one, "__len__")))
        return _small(super().call(context, obj, *args, **kwargs))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        OPERATORS[operator](left, right)
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        kind = next((kind for kind in METHODS if isinstance(obj, kind)), None)
        if kind is not None and callable(value) and attr not in METHODS[kind]:
            return False
        return super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> None:
        """A text's `format` is no method of it here: it fills to any width."""

    def _load_template(self, name: str, globals: Any) -> Template:
        self.budget.spend()  # one that includes itself twice
        return super()._load_template(name, globals)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        if len(source) > LONGEST:
            raise SecurityError(_(TOO_LONG))
        tree: nodes.Template = _Counting().visit(super()._parse(source, name, filename))
        return tree

    def _counted(self, filter: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(filter)
        def called(*args: Any, **kwargs: Any) -> Any:
            self.budget.spend(1 + sum(len(one) for one in args if isinstance(one, list | tuple | dict)))
            return _small(filter(*args, **kwargs))

        return called

    def _steps(self, items: Iterable[Any]) -> Iterator[Any]:
        for item in items:
            self.budget.spend()
            yield item

    def _concat(self, pieces: Sequence[Any]) -> str:
        return self.concat(map(str, pieces))


class _Folders(FileSystemLoader):
    """Templates of some folders; a link that leads out of them is not followed."""

    def get_source(self, environment: Any, template: str) -> tuple[str, str, Callable[[], bool]]:
        source, filename, fresh = super().get_source(environment, template)
        real = Path(filename).resolve()
        if not any(real.is_relative_to(Path(folder).resolve()) for folder in self.searchpath):
            raise TemplateNotFound(template, _(OUTSIDE).format(file=template))
        return source, filename, fresh


class _Counting(NodeTransformer):
    """Puts what counts into what was read: each turn of a loop, each text made of several."""

    def visit_For(self, node: nodes.For) -> nodes.For:
        self.generic_visit(node)
        node.iter = _filtered(node.iter, "steps")
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Filter:
        self.generic_visit(node)
        return _filtered(nodes.List(node.nodes, lineno=node.lineno), "concat")


def environment_of(folders: Sequence[Path]) -> BoundedEnvironment:
    """An environment for the templates of `folders`, the first one first. A misspelt name is a fault, not a blank."""
    return BoundedEnvironment(folders, trim_blocks=True, lstrip_blocks=True)


def _filtered(node: Any, name: str) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)


def _small(value: Any) -> Any:
    """The value, if it is of a size that anyone needs."""
    if isinstance(value, str | bytes | list | tuple | dict | set) and len(value) > LONGEST:
        raise SecurityError(_(TOO_LONG))
    return value


def _replaced(text: Any, old: Any, new: Any, count: int = -1) -> str:
    told, was, becomes = str(text), str(old), str(new)
    if told.count(was) * len(becomes) > LONGEST:
        raise SecurityError(_(TOO_LONG))
    return told.replace(was, becomes, count)


def _joined(items: Iterable[Any], d: str = "") -> str:
    texts = list(map(str, items))
    if sum(map(len, texts)) + len(str(d)) * len(texts) > LONGEST:
        raise SecurityError(_(TOO_LONG))
    return str(d).join(texts)


def _added(left: Any, right: Any) -> None:
    if _size(left) + _size(right) > LONGEST:
        raise SecurityError(_(TOO_LONG))


def _multiplied(left: Any, right: Any) -> None:
    for one, times in ((left, right), (right, left)):
        if hasattr(one, "__len__") and isinstance(times, int) and len(one) * times > LONGEST:
            raise SecurityError(_(TOO_LONG))
    if isinstance(left, int) and isinstance(right, int) and left.bit_length() + right.bit_length() > BITS:
        raise SecurityError(_(TOO_LONG))


def _raised(left: Any, right: Any) -> None:
    if isinstance(left, int) and isinstance(right, int) and left.bit_length() * max(right, 1) > BITS:
        raise SecurityError(_(TOO_LONG))


def _formatted(left: Any, _right: Any) -> None:
    if isinstance(left, str | bytes) and (isinstance(left, bytes) or _WIDE.search(left)):
        raise SecurityError(_(TOO_LONG))


def _size(value: Any) -> int:
    return len(value) if hasattr(value, "__len__") else 0


OPERATORS: dict[str, Callable[[Any, Any], None]] = {"+": _added, "*": _multiplied, "**": _raised, "%": _formatted}
