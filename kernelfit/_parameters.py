"""The parameters of a model or a kernel and of its parts, as scikit-learn asks for them."""

from __future__ import annotations

import copy
import inspect
from typing import Any, Self

from ._checks import InputError


class Parameters:
    """A class whose arguments can be read and changed, and those of its parts by a path.

    In ``terms__0__width`` the first part of the argument ``terms`` has an argument ``width``.
    """

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The arguments; ``deep`` adds the parts and their arguments."""
        own = {name: getattr(self, name) for name in inspect.signature(type(self)).parameters}
        parts = _parts(own) if deep else {}
        inner = {
            f"{place}__{name}": value
            for place, part in parts.items()
            for name, value in part.get_params().items()
        }
        return {**own, **parts, **inner}

    def set_params(self, **params: Any) -> Self:
        """Change arguments; parts are replaced by changed copies, for others may hold them too."""
        changed = copy.copy(self)
        for path, value in sorted(params.items(), key=lambda item: item[0].count("__")):
            changed._set(path, value)
        changed._check()
        vars(self).update(vars(changed))  # only now: a refused value leaves all as it was
        return self

    def _set(self, path: str, value: Any) -> None:
        name, _, rest = path.partition("__")
        own = self.get_params(deep=False)
        if name not in own:
            raise InputError(
                f"{type(self).__name__} has no parameter {name!r}, it has: "
                f"{', '.join(own) or 'none'}."
            )
        old = own[name]
        if not rest:
            setattr(self, name, value)
        elif isinstance(old, tuple):
            place, _, rest = rest.partition("__")
            if not place.isdecimal() or int(place) >= len(old):
                raise InputError(
                    f"{name} has the parts {name}__0 to {name}__{len(old) - 1}, got {path!r}."
                )
            i = int(place)
            part = _changed(old[i], rest, value) if rest else value
            setattr(self, name, (*old[:i], part, *old[i + 1 :]))
        else:
            setattr(self, name, _changed(old, rest, value))

    def __post_init__(self) -> None:
        self._check()

    def _check(self) -> None:
        """Refuse arguments that break a rule; they are kept as they were given."""


def _changed(part: Any, path: str, value: Any) -> Any:
    if not isinstance(part, Parameters):
        raise InputError(f"{part!r} has no parameters of its own, so none can be called {path!r}.")
    return copy.copy(part).set_params(**{path: value})


def _parts(own: dict[str, Any]) -> dict[str, Parameters]:
    """What has parameters of its own; of a tuple by the place in it."""
    single = {name: value for name, value in own.items() if isinstance(value, Parameters)}
    tuples = ((name, value) for name, value in own.items() if isinstance(value, tuple))
    listed = {f"{name}__{i}": part for name, value in tuples for i, part in enumerate(value)}
    return single | {name: part for name, part in listed.items() if isinstance(part, Parameters)}
