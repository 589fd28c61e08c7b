"""The conventions that scikit-learn asks of a model, without importing scikit-learn.

The constructor stores its arguments and nothing else, ``fit`` returns the model, and what was
learnt carries a trailing underscore.  Then ``clone``, ``Pipeline``, ``cross_val_score`` and
``GridSearchCV`` work.
"""

from __future__ import annotations

import importlib
import inspect
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ._checks import (
    FloatArray,
    InputError,
    NotFittedError,
    as_matrix,
    as_vector,
    column_names,
    same_columns,
    same_length,
)
from ._parameters import Parameters


class Regressor(Parameters):
    """What every regression model here can do beside ``fit`` and ``predict``."""

    n_features_in_: int
    feature_names_in_: npt.NDArray[np.object_]

    def predict(self, X: Any) -> FloatArray:
        """The values at the points of ``X``, shape (m, p) to (m,): each model has its own."""
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

    def __repr__(self) -> str:
        """As one would type it: only what differs from the defaults."""
        parameters = inspect.signature(type(self)).parameters.values()
        values = {p.name: repr(getattr(self, p.name)) for p in parameters}
        typed = [
            f"{p.name}={values[p.name]}" for p in parameters if values[p.name] != repr(p.default)
        ]
        return f"{type(self).__name__}({', '.join(typed)})"

    def _remember_columns(self, X: Any) -> None:
        """Note how many columns a fit had, and how they are called in a table with names."""
        vars(self).pop("feature_names_in_", None)
        if (names := column_names(X)) is not None:
            self.feature_names_in_ = np.array(names, dtype=object)
        self.n_features_in_ = as_matrix(X).shape[1]

    def _columns_of_the_fit(self, X: Any) -> FloatArray:
        """Points to predict at, of shape (m, p): refused when their columns are others."""
        self._must_be_fitted("predict")
        points = as_matrix(X, call="predict")
        same_columns(points, self.n_features_in_)
        names, fitted = column_names(X), vars(self).get("feature_names_in_")
        if names is not None and fitted is not None and names != list(fitted):
            raise InputError(
                f"X must have the columns of the fit in the same order, {', '.join(fitted)}, got "
                f"{', '.join(names)}. Select them by name: X[model.feature_names_in_]."
            )
        return points

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
