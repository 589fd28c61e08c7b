"""The conventions that scikit-learn asks of a model, without importing scikit-learn.

The constructor stores its arguments and nothing else, ``fit`` returns the model, and what was
learnt carries a trailing underscore.  Then ``clone``, ``Pipeline``, ``cross_val_score`` and
``GridSearchCV`` work.
"""

from __future__ import annotations

import importlib
import inspect
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from ._checks import FloatArray, InputError, NotFittedError, as_vector, same_length


class Regressor:
    """What every regression model here can do beside ``fit`` and ``predict``."""

    def predict(self, X: Any) -> FloatArray:
        raise NotImplementedError

    def score(self, X: Any, y: Any) -> float:
        r"""The coefficient of determination R² of the predictions.

        .. math:: R^2 = 1 - \frac{\sum_i (y_i - f(x_i))^2}{\sum_i (y_i - \bar y)^2}

        1 is a perfect fit, 0 is no better than the mean of these ``y``, and it can be negative.
        When all ``y`` are equal the fraction has no meaning: the score is then 1 if the predictions
        hit that value (to 12 digits) and 0 if not.

        Parameters: ``X`` of shape (n, p), ``y`` of shape (n,) in the unit of the fit.
        Raises InputError for bad input and NotFittedError before ``fit``.
        """
        predicted = self.predict(X)
        values = as_vector(y)
        same_length(predicted, values, "X", "y")
        unit = np.abs(values).max() or 1.0  # no square overflows once the largest value is 1
        residuals = (values - predicted) / unit
        if values.min() == values.max():
            return float(np.abs(residuals).max() <= 1e-12)
        deviations = values / unit - (values / unit).mean()
        return float(1 - residuals @ residuals / (deviations @ deviations))

    @classmethod
    def _parameter_names(cls) -> list[str]:
        return list(inspect.signature(cls).parameters)

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The constructor's arguments as this model holds them."""
        return {name: getattr(self, name) for name in self._parameter_names()}

    def set_params(self, **params: Any) -> Self:
        """Change arguments of the constructor; InputError for a name that it does not have."""
        valid = self._parameter_names()
        for name in params:
            if name not in valid:
                raise InputError(
                    f"{type(self).__name__} has no parameter {name!r}, it has: {', '.join(valid)}."
                )
        for name, value in params.items():
            setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        """As one would type it: only what differs from the defaults."""
        parameters = inspect.signature(type(self)).parameters.values()
        values = {p.name: repr(getattr(self, p.name)) for p in parameters}
        typed = [
            f"{p.name}={values[p.name]}" for p in parameters if values[p.name] != repr(p.default)
        ]
        return f"{type(self).__name__}({', '.join(typed)})"

    def _must_be_fitted(self, call: str) -> None:
        if "n_features_in_" not in vars(self):
            raise NotFittedError(
                f"this {type(self).__name__} has not seen data yet: call fit(X, y) before {call}."
            )

    if not TYPE_CHECKING:  # seen by a type checker, this would allow every attribute

        def __getattr__(self, name: str) -> Any:
            """Asked for ``coef_`` before ``fit``, say what is missing."""
            learnt = (inspect.get_annotations(cls) for cls in type(self).__mro__)
            asked_early = isinstance(getattr(type(self), name, None), property)  # refused there
            if asked_early or any(name in names for names in learnt):
                self._must_be_fitted(f"reading {name}")
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __sklearn_tags__(self) -> Any:
        """How scikit-learn (1.6 and later) should treat this model; only it calls this."""
        utils: Any = importlib.import_module("sklearn.utils")
        return utils.Tags(
            estimator_type="regressor",
            target_tags=utils.TargetTags(required=True),
            regressor_tags=utils.RegressorTags(),
            input_tags=utils.InputTags(),
        )
