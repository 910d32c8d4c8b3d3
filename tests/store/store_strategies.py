"""What Hypothesis puts into documents and asks of them: everything JSON and TinyDB's queries can say."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from tinydb import Query
from tinydb.queries import QueryInstance

FIELDS = ("a", "b", "c")

texts = st.one_of(st.sampled_from(["", "a", "b", "张", "a\0b", "\ud800", "1"]), st.text(max_size=3))


def scalars_with(nan: float) -> st.SearchStrategy[Any]:
    """Everything but lists and objects. Python finds a nan in a list only if it is the very same one."""
    edges = [0.5, 1.0, -0.0, 2.0**63, float("inf"), nan, 2**63, -(2**63) - 1, 2**62 + 1, 2.0**62]
    return st.one_of(st.none(), st.booleans(), st.integers(-3, 3), st.sampled_from(edges), texts)


scalars = scalars_with(float("nan"))
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=2),
    max_leaves=4,
)
documents = st.dictionaries(st.sampled_from(FIELDS), scalars | values, max_size=3)


def at_least_one(value: Any) -> bool:
    """A test function that raises on what has no order."""
    return bool(value >= 1)


def path(name: str) -> Query:
    """The part of a document called so; `~b` is field b as text."""
    if name.startswith("~"):
        return Query()[name[1:]].map(str)
    query = Query()
    for part in name.split("."):
        query = query[part]
    return query


# By name: a Query answers to any attribute, which confuses those who look at it.
paths = st.sampled_from([*FIELDS, "a.b", "~b"])
asked = scalars_with(float("nan"))  # never the one in a document: what is stored is another
leaves = st.one_of(
    st.builds(lambda name, value: path(name) == value, paths, asked | st.lists(asked, max_size=2)),
    st.builds(lambda name, value: path(name) != value, paths, asked),
    st.builds(lambda name, value: path(name) < value, paths, asked),
    st.builds(lambda name, value: path(name) <= value, paths, asked),
    st.builds(lambda name, value: path(name) > value, paths, asked),
    st.builds(lambda name, value: path(name) >= value, paths, asked),
    st.builds(lambda name, items: path(name).one_of(items), paths, st.lists(asked, max_size=3)),
    st.builds(
        lambda name, items: path(name).one_of(set(items)), paths, st.lists(texts | st.integers(0, 2), max_size=3)
    ),
    st.builds(lambda name, text: path(name).one_of(text), paths, texts),
    st.builds(lambda name: path(name).exists(), paths),
    st.builds(lambda name: path(name).matches("[ab]"), paths),
    st.builds(lambda name: path(name).search("["), paths),  # no regular expression
    st.builds(lambda name, items: path(name).any(items), paths, st.lists(asked, max_size=2)),
    st.builds(lambda name, items: path(name).all(items), paths, st.lists(asked, max_size=2)),
    st.builds(lambda name: path(name).any(Query().a == 1), paths),
    st.builds(lambda name: path(name).test(at_least_one), paths),
    st.builds(lambda document: Query().fragment(document), documents),
    st.builds(lambda: Query().noop()),
)
queries: st.SearchStrategy[QueryInstance] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(lambda one, other: one & other, inner, inner),
        st.builds(lambda one, other: one | other, inner, inner),
        st.builds(lambda one: ~one, inner),
    ),
    max_leaves=4,
)
