"""What the docstring of every public name says: a sentence first, and that it refuses."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import pytest

import kernelfit as kf
from kernelfit import proofs, symbolic

MODULES = {
    kf: kf.__all__,
    proofs: proofs.__all__,
    symbolic: ("correct_digits", "exact_least_squares", "expand_sums", "expression"),
}
PUBLIC = {
    name: getattr(module, name)
    for module, names in MODULES.items()
    for name in names
    if name != "__version__"
}


def documented() -> Iterator[tuple[str, Any]]:
    """The public names, and the methods and properties of the classes among them."""
    for name, thing in PUBLIC.items():
        yield name, thing
        if inspect.isclass(thing):
            for key in dir(thing):
                member = inspect.getattr_static(thing, key)
                kinds = (classmethod, property, staticmethod)
                ours = getattr(getattr(thing, key), "__module__", "kernelfit")
                if key.startswith("_") or not str(ours).startswith("kernelfit"):
                    continue
                if inspect.isfunction(member) or isinstance(member, kinds):
                    yield f"{name}.{key}", getattr(thing, key)


DOCUMENTED = list(documented())


def refuses(thing: Any) -> bool:
    """Whether a thing of no use in the place of every argument gets an InputError."""
    if inspect.isclass(thing) and issubclass(thing, Exception):
        return False
    bad = object()
    needed = [p for p in inspect.signature(thing).parameters.values() if p.default is p.empty]
    given = [bad for p in needed if p.kind is p.POSITIONAL_OR_KEYWORD]
    named = {p.name: bad for p in needed if p.kind is p.KEYWORD_ONLY}
    try:
        thing(*given, **named)
    except kf.InputError:
        return True
    except Exception:  # made by the package, not by hand
        return False
    return False  # it is kept as it was given, and looked at later


REFUSING = [name for name, thing in PUBLIC.items() if refuses(thing)]


@pytest.mark.parametrize("name", [name for name, _ in DOCUMENTED])
def test_it_begins_with_a_sentence(name: str) -> None:
    first = (inspect.getdoc(dict(DOCUMENTED)[name]) or "").partition("\n\n")[0]
    assert first.endswith((".", ":"))
    # what dataclass writes where there is none
    assert not first.startswith(f"{name}(")


@pytest.mark.parametrize("name", REFUSING)
def test_what_refuses_a_bad_argument_says_so(name: str) -> None:
    thing = PUBLIC[name]
    said = [
        inspect.getdoc(part) or "" for part in (thing, getattr(thing, "features", None)) if part
    ]
    assert any("InputError" in words for words in said)


def test_the_names_that_refuse_are_found() -> None:
    assert {"Gaussian", "Nystrom", "decide", "exp", "expression", "load"} <= set(REFUSING)
