"""The models inside scikit-learn, which calls them by its own conventions, and beside its own."""

import numpy as np
import pytest
from fits import close
from test_gaussian_process import covariance

import kernelfit as kf

pytest.importorskip("sklearn", minversion="1.6")
pytestmark = pytest.mark.slow  # scikit-learn takes a second or two to load

MODELS = [
    kf.LinearRegression(fit_intercept=False),
    kf.PolynomialRegression(4),
    kf.KernelRegression(kf.Gaussian(0.5), ridge=0.1),
    kf.KernelRegression(
        2 * kf.Gaussian(0.5) + kf.Legendre(2, (-1, 2)), ridge=0.01, fit_intercept=True
    ),
    kf.KernelRegression((kf.Linear() + 1) ** 2 * kf.Laplacian(1).of(np.sin), ridge=1),
    kf.GaussianProcess(2 * kf.Gaussian(0.5) + 1, noise_variance=0.1),
]
every_model = pytest.mark.parametrize("model", MODELS, ids=repr)


def data(p=1, n=60, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.uniform(-1, 1, size=(n, p))
    y = np.sin(3 * X).sum(axis=1) + 5 + 0.1 * rng.normal(size=n)
    for array in (X, y):
        array.setflags(write=False)
    return X, y


# The conventions


@every_model
def test_a_clone_is_the_same_model_before_its_fit(model):
    from sklearn.base import clone, is_regressor

    X, y = data()
    model.fit(X, y)
    twin = clone(model)
    assert repr(twin) == repr(model)
    assert is_regressor(twin)
    assert not hasattr(twin, "n_features_in_")
    for name, value in twin.get_params(deep=False).items():
        if isinstance(value, kf.kernels.Kernel):
            assert value == getattr(model, name)
            assert value is not getattr(model, name)
    assert np.array_equal(twin.fit(X, y).predict(X), model.predict(X))


@every_model
def test_in_a_pipeline_and_in_cross_validation(model):
    from sklearn.base import clone
    from sklearn.model_selection import KFold, cross_val_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    X, y = data()
    pipe = make_pipeline(StandardScaler(), clone(model)).fit(X, y)
    scaled = (X - X.mean(axis=0)) / X.std(axis=0)
    assert np.allclose(pipe.predict(X), clone(model).fit(scaled, y).predict(scaled), atol=1e-9)

    scores = cross_val_score(model, X, y, cv=5)
    for score, (train, test) in zip(scores, KFold(5).split(X), strict=True):
        fold = clone(model).fit(X[train], y[train])
        r = y[test] - fold.predict(X[test])
        assert score == pytest.approx(1 - r @ r / ((y[test] - y[test].mean()) ** 2).sum())


@pytest.mark.parametrize(
    ("model", "grid"),
    [
        (kf.LinearRegression(), {"fit_intercept": [False, True]}),
        (kf.PolynomialRegression(1), {"degree": [1, 3, 6]}),
        (
            kf.KernelRegression(kf.Gaussian(1)),
            {"kernel__width": [0.1, 0.5, 2], "ridge": [0.01, 1], "fit_intercept": [True]},
        ),
        (
            kf.KernelRegression(kf.Linear(), ridge=0.1),
            {"kernel": [kf.Linear(), kf.Gaussian(0.5), kf.Gaussian(0.5) + kf.Linear()]},
        ),
        (
            kf.KernelRegression(kf.Gaussian(0.5) + kf.Linear(), ridge=0.1),
            {"kernel__terms__0__width": [0.1, 1], "kernel__terms__1": [kf.Constant(1)]},
        ),
        (
            kf.GaussianProcess(kf.Gaussian(1), noise_variance=1),
            {"kernel__width": [0.1, 0.5, 2], "noise_variance": [0.01, 1]},
        ),
    ],
    ids=range(6),
)
def test_a_grid_search_is_a_loop(model, grid):
    from sklearn.base import clone
    from sklearn.model_selection import GridSearchCV, ParameterGrid, cross_val_score

    X, y = data()
    before = repr(model)
    search = GridSearchCV(model, grid, cv=5, error_score="raise").fit(X, y)
    points = list(ParameterGrid(grid))
    scores = [cross_val_score(clone(model).set_params(**p), X, y, cv=5).mean() for p in points]
    assert close(search.cv_results_["mean_test_score"], scores, digits=12)
    assert len(set(np.round(scores, 9))) == len(scores), "every point of the grid is its own fit"
    assert search.best_params_ == points[int(np.argmax(scores))]
    assert repr(model) == before


def test_a_parameter_that_does_not_exist_is_refused():
    from sklearn.model_selection import GridSearchCV

    for model in MODELS[:3]:
        with pytest.raises(kf.InputError, match="no parameter 'power'"):
            GridSearchCV(model, {"power": [1]}, error_score="raise").fit(*data())


def test_a_data_frame_keeps_its_names():
    pandas = pytest.importorskip("pandas")
    X, y = data(p=2)
    frame = pandas.DataFrame(X, columns=["width", "length"])
    for model in (
        kf.LinearRegression(),
        kf.KernelRegression(kf.Gaussian(1), ridge=0.1),
        kf.GaussianProcess(kf.Gaussian(1), noise_variance=0.1),
    ):
        model.fit(frame, pandas.Series(y, index=range(100, 160)))
        assert model.feature_names_in_.tolist() == ["width", "length"]
        assert np.array_equal(model.predict(frame), model.predict(X))
        with pytest.raises(kf.InputError, match=r"in the same order, width, length, got length"):
            model.predict(frame[["length", "width"]])


# Beside scikit-learn's own


@pytest.mark.parametrize("ridge", [1e-3, 0.1, 10.0])
@pytest.mark.parametrize("p", [1, 3])
def test_kernel_ridge_agrees(ridge, p):
    from sklearn.kernel_ridge import KernelRidge

    X, y = data(p)
    Z = data(p, seed=1)[0]
    for kernel, options in (
        (kf.Gaussian(0.5), {"kernel": "rbf", "gamma": 2.0}),
        (kf.Laplacian(0.5), {"kernel": "laplacian", "gamma": 2.0}),
        (kf.Polynomial(3), {"kernel": "poly", "degree": 3, "gamma": 1, "coef0": 1}),
        (kf.Linear(), {"kernel": "linear"}),
    ):
        peer = KernelRidge(alpha=ridge, **options).fit(X, y)
        ours = kf.KernelRegression(kernel, ridge=ridge).fit(X, y)
        assert np.allclose(ours.predict(Z), peer.predict(Z), rtol=0, atol=1e-10)
        assert np.allclose(ours.dual_coef_, peer.dual_coef_, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("ridge", [1e-3, 0.1, 10.0])
@pytest.mark.parametrize("intercept", [True, False])
def test_a_ridge_on_the_features_agrees(ridge, intercept):
    from sklearn.linear_model import Ridge

    X, y = data()
    powers = X ** np.arange(intercept, 4)  # the constant is free, or penalised like the others
    peer = Ridge(alpha=ridge, fit_intercept=intercept, solver="svd").fit(powers, y)
    kernel = kf.Linear().of(lambda x: np.column_stack([x**k for k in range(intercept, 4)]))
    ours = kf.KernelRegression(kernel, ridge=ridge, fit_intercept=intercept).fit(X, y)
    assert np.allclose(ours.predict(X), peer.predict(powers), rtol=0, atol=1e-10)
    assert ours.intercept_ == pytest.approx(peer.intercept_, abs=1e-10)


@pytest.mark.parametrize("noise", [1e-3, 0.1, 10.0])
@pytest.mark.parametrize("p", [1, 3])
def test_gaussian_process_agrees(noise, p):
    from sklearn.gaussian_process import GaussianProcessRegressor, kernels

    X, y = data(p)
    Z = data(p, n=9, seed=1)[0]
    for kernel, theirs in (
        (kf.Gaussian(0.5), kernels.RBF(0.5)),
        (3 * kf.Gaussian(2.0) + 0.5, 3 * kernels.RBF(2.0) + 0.5),
        (kf.Linear() + 4, kernels.DotProduct(2.0)),
        ((kf.Linear() + 1) ** 3, kernels.DotProduct(1.0) ** 3),
        # in several variables the product of their periodic kernels is another one than theirs
        *([(kf.Periodic(0.7, 1.3), kernels.ExpSineSquared(0.7, 1.3))] if p == 1 else []),
    ):
        peer = GaussianProcessRegressor(theirs, alpha=noise, optimizer=None).fit(X, y)
        ours = kf.GaussianProcess(kernel, noise_variance=noise).fit(X, y)
        mean, std = ours.predict(Z, return_std=True)
        assert np.allclose((mean, std), peer.predict(Z, return_std=True), rtol=0, atol=1e-8)
        C = peer.predict(Z, return_cov=True)[1]
        assert np.allclose(covariance(ours, Z), C, rtol=0, atol=1e-8 * max(1, C.max()))
        density = peer.log_marginal_likelihood_value_
        assert ours.log_marginal_likelihood_ == pytest.approx(density, rel=1e-8)


@pytest.mark.parametrize("ridge", [1e-3, 0.1, 10.0])
@pytest.mark.parametrize("intercept", [True, False])
def test_a_ridge_on_rows_that_come_in_blocks_agrees(ridge, intercept):
    from sklearn.linear_model import Ridge

    X, y = data(p=3)
    peer = Ridge(alpha=ridge, fit_intercept=intercept, solver="svd").fit(X, y)
    blocks = ((X[i : i + 7], y[i : i + 7]) for i in range(0, 60, 7))
    ours = kf.summarize(blocks).solve(ridge=ridge, fit_intercept=intercept)
    assert close(ours.coefficients, peer.coef_)
    assert ours.intercept == pytest.approx(peer.intercept_, rel=1e-12)


@pytest.mark.parametrize("m", [5, 20, 60])
def test_nystroem_agrees(m):
    from sklearn.kernel_approximation import Nystroem

    X, _ = data(p=2)
    some = kf.Nystrom(kf.Gaussian(0.5), X[:m])
    peer = Nystroem(kernel="rbf", gamma=2.0, n_components=m, random_state=0).fit(X[:m])
    ours, theirs = (F @ F.T for F in (some.features(X), peer.transform(X)))
    assert np.allclose(ours, theirs, rtol=0, atol=1e-6)  # theirs has another cut-off


def test_polynomials_and_planes_agree():
    from sklearn.linear_model import LinearRegression as Peer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import PolynomialFeatures, StandardScaler

    X, y = data(p=3)
    ours, peer = kf.LinearRegression().fit(X, y), Peer().fit(X, y)
    assert close(ours.coef_, peer.coef_)
    assert close(ours.score(X, y), peer.score(X, y))
    X, y = data()
    peer = make_pipeline(StandardScaler(), PolynomialFeatures(4), Peer()).fit(X, y)
    ours = kf.PolynomialRegression(4).fit(X, y)
    assert np.allclose(ours.predict(X), peer.predict(X), rtol=0, atol=1e-11)


# scikit-learn's own battery

OUR_OWN_WORDS = {
    "check_estimators_unfitted": "our NotFittedError is not scikit-learn's, which is no dependency",
    "check_n_features_in_after_fitting": "other columns are refused in words of our own",
    "check_complex_data": "complex numbers are refused in words of our own",
    "check_dtype_object": "an object that is no number is an InputError, not a TypeError",
    "check_estimators_empty_data_messages": "a table without columns is refused in our own words",
    "check_supervised_y_2d": "y of shape (n, 1) is refused where scikit-learn warns and goes on",
    "check_fit1d": "one column may be written as a vector",
    "check_fit2d_predict1d": "a vector for several columns is refused in words of our own",
    "check_requires_y_none": "y=None is refused in words of our own",
}


@pytest.mark.parametrize(
    "model",
    [
        kf.LinearRegression(),
        kf.KernelRegression(kf.Gaussian(1.0)),
        kf.KernelRegression(kf.Gaussian(1.0) + kf.Linear(), ridge=0.1, fit_intercept=True),
        kf.GaussianProcess(kf.Gaussian(1.0) + kf.Linear(), noise_variance=0.1),
    ],
    ids=repr,
)
@pytest.mark.filterwarnings("ignore")
def test_what_check_estimator_finds_is_what_we_do_on_purpose(model):
    checks = pytest.importorskip("sklearn.utils.estimator_checks")
    results = checks.check_estimator(model, on_fail=None, on_skip=None)
    failed = {result["check_name"] for result in results if result["status"] == "failed"}
    assert failed == set(OUR_OWN_WORDS)
    assert sum(result["status"] == "passed" for result in results) >= 40
