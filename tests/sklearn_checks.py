"""The checks of scikit-learn's check_estimator that the models here fail, each with the reason."""

EXPLAINED = {
    "check_complex_data": "complex numbers are refused, in words of our own",
    "check_dtype_object": "a dict among the numbers is an InputError, not a TypeError",
    "check_estimators_empty_data_messages": "no columns are refused, in words of our own",
    "check_estimators_unfitted": "NotFittedError is ours: scikit-learn is no dependency",
    "check_fit1d": "a one-dimensional X is accepted as one column",
    "check_fit2d_predict1d": "points of another shape are refused, in words of our own",
    "check_n_features_in_after_fitting": "other columns are refused, in words of our own",
    "check_requires_y_none": "a missing y is refused, in words of our own",
    "check_supervised_y_2d": "y of shape (n, 1) is refused: against (n,) it would give (n, n)",
}
