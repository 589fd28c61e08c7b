"""A proof that was tampered with is caught: every rule, each of its fields, and lies that agree."""

import dataclasses

import pytest
import sympy as sp
from sympy import Abs, Interval, Max, Min, Rational, S, cos, exp, log, sin, sqrt

import kernelfit as kf
from kernelfit.proofs import Asymmetry, NegativeForm, Verdict, decide
from kernelfit.proofs import negative_definite as nd
from kernelfit.proofs.budget import Budget
from kernelfit.proofs.claims import Unsound
from kernelfit.proofs.compact import Compact
from kernelfit.proofs.construction import OfFunction
from kernelfit.proofs.facts import Facts
from kernelfit.proofs.lattice import ConvexSequence, CosineSeries, Dominant, FinitelyMany
from kernelfit.proofs.order import IntegratedPowers, LesserAndLarger
from kernelfit.proofs.particular import AbsoluteSine, ConcaveOfSum, Reflected, SamePlace
from kernelfit.proofs.series import PowerSeries, Series, T
from kernelfit.proofs.simpler import SameOnDomain
from kernelfit.proofs.stationary import Bochner, Polya, R, Spectrum, W
from kernelfit.proofs.steps import (
    Composed,
    FeatureMap,
    Pair,
    Power,
    Product,
    Scaled,
    Step,
    Sum,
    Weighted,
)

pytestmark = pytest.mark.slow

x, z = sp.symbols("x z", real=True)
pair, r = Pair(x, z), x - z
REALS, Z, POSITIVE = S.Reals, S.Integers, Interval(0, sp.oo)


def python_function(v):
    return v * v + 1


TRUE = [  # with every rule at least once
    (exp(-((sin(x) - sin(z)) ** 2)), REALS),
    ((1 + x * z) / sqrt((1 + x**2) * (1 + z**2)), REALS),
    (exp(cos(r)) - Rational(5, 4), REALS),
    (exp(-((x - z) ** 2) / (2 + x**2 + z**2)), REALS),
    (Min(x, z) * (1 - Max(x, z)), Interval(0, 1)),
    (Min(x, z) ** 2 + exp(x * z) * Min(x, z), POSITIVE),
    ((x + z) / (x**2 + z**2), Interval.open(0, sp.oo)),
    (sqrt(x) + sqrt(z) - sqrt(x + z), POSITIVE),
    (x * log((x + z) / x) + z * log((x + z) / z), Interval.open(0, sp.oo)),
    (log(2 + x) + log(2 + z) - log(2 + x + z) - log(2), POSITIVE),
    (exp(-(Abs(r) ** Rational(3, 2))), REALS),
    ((1 + r**2 / 6) ** Rational(-3, 4), REALS),
    (exp(-Abs(r)) - exp(-2 * Abs(r)) / 2, REALS),
    (Max(1 - Abs(r), 0), REALS),
    (Max(1 - Abs(r), 0) ** 3 * (1 + 3 * Abs(r)), REALS),
    (sp.Piecewise((1, sp.Eq(x, z)), (0, True)), REALS),
    (1 - Abs(sin(r)), REALS),
    (Abs(x + z) - Abs(r), REALS),
    (exp(-(Abs(r) ** 3)), Z),
    (1 / (1 + Abs(r) ** 3), Z),
    (Max(0, 1 - r**2), Z),
    (1 - Abs(r), Interval(0, 2)),
    (kf.Brownian() ** 2, POSITIVE),
    ((kf.PowerSum(2) + 1).normalized(), REALS),
    (kf.Brownian().of(python_function), REALS),
]


@pytest.fixture(scope="module")
def verdicts():
    found = [decide(k, domain=domain) for k, domain in TRUE]
    assert all(verdict.is_kernel for verdict in found)
    return found


def rules(base=Step):
    """Every rule there is; what is only a base of others is not a dataclass of its own formula."""
    for kind in base.__subclasses__():
        if kind is not nd.Distance:
            yield kind
        yield from rules(kind)


def test_every_rule_has_a_proof_here(verdicts):
    used = {type(step) for verdict in verdicts for step in verdict.proof.walk()}
    assert set(rules()) == used


def test_every_rule_says_its_theorem_and_name():
    for kind in rules():
        assert kind.__doc__
        assert kind.rule


# One field changed

WRONG = {  # where one more, or one seventh more, would be no lie
    (FeatureMap, "weights"): lambda v: (v[0] + 1, *v[1:]),
    (FeatureMap, "features"): lambda v: (v[0] + 1, *v[1:]),
    (nd.PowerOfDistance, "g"): lambda g: 2 * g,
    (SamePlace, "g"): lambda g: g**2,
    (Composed, "g"): lambda g: 2 * g,
    (AbsoluteSine, "g"): lambda g: 2 * g,
    (Compact, "far"): lambda far: Rational(1, 100),
    (Dominant, "ratio"): lambda q: sp.Integer(2),
    (nd.SeenFrom, "seen"): lambda seen: x if seen is None else seen + 1,
    (nd.SeenFrom, "origin"): lambda origin: origin + 3,
    (ConcaveOfSum, "p"): lambda p: sp.Integer(3),
    (Bochner, "spectrum"): lambda s: Spectrum(s.density + exp(-W), s.weights),
    (PowerSeries, "series"): lambda s: Series(s.function, s.why + " "),
    (IntegratedPowers, "powers"): lambda v: (*v, (1, sp.S.One)),
    (IntegratedPowers, "integrals"): lambda v: (*v, (0, 1, sp.S.One)),
}
OTHER_KERNEL = FeatureMap(S.One / 7, REALS, weights=(S.One / 7,), features=(S.One,))
OTHER_DISTANCE = nd.PowerOfDistance(Abs(r) / 7, REALS, g=x / 7, p=S.One)


def changed(step, field):
    """The step with another value in one field."""
    value = getattr(step, field)
    if field == "premises":
        other = OTHER_DISTANCE if step.rests_on_distances else OTHER_KERNEL
        value = (other, *value[1:])
    elif field == "domain":
        value = Interval(5, 6)
    elif (type(step), field) in WRONG:
        value = WRONG[type(step), field](value)
    elif isinstance(value, tuple):
        value = (*value[:-1], value[-1] + S.One / 7) if value else (S.One,)
    else:
        value = value + (1 if isinstance(value, int) else S.One / 7)
    return dataclasses.replace(step, **{field: value})


def tampered(step, target, field):
    """The whole proof with one field of one of its steps changed."""
    if step is target:
        return changed(step, field)
    premises = tuple(tampered(premise, target, field) for premise in step.premises)
    return dataclasses.replace(step, premises=premises) if step.premises else step


@pytest.mark.parametrize("kind", list(rules()), ids=lambda kind: kind.__name__)
def test_one_changed_field_is_caught(verdicts, kind):
    verdict, step = min(
        ((v, s) for v in verdicts for s in v.proof.walk() if type(s) is kind),
        key=lambda found: len(list(found[0].proof.walk())),
    )
    for field in (f.name for f in dataclasses.fields(step)):
        if field == "premises" and not step.premises:
            continue
        lie = dataclasses.replace(verdict, proof=tampered(verdict.proof, step, field))
        with pytest.raises(Unsound):
            lie.verify()


# Lies in which both sides agree: what the rule needs does not hold

OPEN = Interval.open(0, 1)
APART = nd.PowerOfDistance(Abs(r), OPEN, g=x, p=S.One)
LIES = [
    FeatureMap(-x * z, REALS, weights=(-S.One,), features=(x,)),
    FeatureMap(sqrt(x) * sqrt(z), REALS, weights=(S.One,), features=(sqrt(x),)),
    Scaled(-OTHER_KERNEL.formula, REALS, (OTHER_KERNEL,), factor=-S.One),
    Power(1 / OTHER_KERNEL.formula, REALS, (OTHER_KERNEL,), exponent=-1),
    Weighted(log(x) * log(z) / 7, REALS, (OTHER_KERNEL,), f=log(x)),
    Composed(S.One / 7, REALS, (OTHER_KERNEL,), g=log(x)),
    Sum(Abs(r) / 7, REALS, (OTHER_DISTANCE,)),
    Product(Abs(r) / 7, REALS, (OTHER_DISTANCE,)),
    SameOnDomain(Abs(r) / 7, REALS, (OTHER_DISTANCE,)),
    nd.ExpOfDistance(exp(-S.One / 7), REALS, (OTHER_KERNEL,)),
    nd.ExpOfDistance(
        exp(-(Abs(r) ** 3)), REALS, (nd.PowerOfDistance(Abs(r) ** 3, REALS, g=x, p=S(3)),)
    ),
    nd.InverseOfDistance(7 / Abs(r), REALS, (OTHER_DISTANCE,), b=S.One),
    nd.SeenFrom(-Abs(r), REALS, (OTHER_DISTANCE,), origin=S.Zero, constant=-S.One),
    nd.SeenFrom(  # a point that does not belong
        Abs(x + 1) + Abs(z + 1) - Abs(r),
        POSITIVE,
        (nd.PowerOfDistance(Abs(r), POSITIVE, g=x, p=S.One),),
        origin=-S.One,
    ),
    nd.SeenFrom(  # a point that is no end
        x + z - Abs(r) - S.Half, OPEN, (APART,), origin=S.Half, seen=x
    ),
    nd.SeenFrom(2 * x + 2 * z - Abs(r), OPEN, (APART,), origin=S.Zero, seen=2 * x),  # no limit
    PowerSeries(cos(S.One / 7), REALS, (OTHER_KERNEL,), series=Series(cos(T), "true")),
    PowerSeries(
        1 / (1 - x * z),
        REALS,
        (FeatureMap(x * z, REALS, weights=(S.One,), features=(x,)),),
        series=Series(1 / (1 - T), "true"),
    ),
    Bochner(
        cos(r) - cos(2 * r),
        REALS,
        phi=cos(R) - cos(2 * R),
        spectrum=Spectrum(S.Zero, ((S.One, S.One), (S(2), -S.One))),
    ),
    Polya(exp(-(r**2)), REALS, phi=exp(-(R**2))),
    Polya(1 - Abs(r), REALS, phi=1 - R),
    Polya(
        sp.Piecewise((exp(-Abs(r)), Abs(r) < 3), (0, True)),
        REALS,
        phi=sp.Piecewise((exp(-R), R < 3), (0, True)),
    ),
    Compact(Max(1 - r**2, 0), REALS, p=1 - R**2, h=S.One, far=S(8)),
    FinitelyMany(Max(1 - Abs(r), 0), REALS, values=(S.One,)),
    ConvexSequence(1 / (1 + Abs(r)), REALS, phi=1 / (1 + R)),
    Dominant(exp(-Abs(r)), Z, phi=exp(-R), ratio=S.Half),
    CosineSeries(1 - Abs(r), Interval(0, 3), p=1 - R),
    LesserAndLarger(Max(x, z), Interval(0, 1), f=S.One, g=x),
    LesserAndLarger(Min(x, z), REALS, f=x, g=S.One),
    IntegratedPowers(Min(x, z), REALS, integrals=((0, 0, S.One),)),
    SamePlace(sp.Piecewise((1, sp.Eq(log(x), log(z))), (0, True)), REALS, g=log(x)),
    AbsoluteSine(Rational(1, 2) - Abs(sin(r)), REALS, c=S.Half, g=x),
    Reflected(Abs(x + z) / 7 - Abs(r) / 7, POSITIVE, (OTHER_DISTANCE,)),
    nd.Minus(-Abs(r) / 7, REALS, (OTHER_DISTANCE,)),
    OTHER_DISTANCE,
]


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: f"{type(lie).__name__} {lie.formula}"[:60])
def test_a_rule_whose_hypothesis_fails_is_caught(lie):
    with pytest.raises(Unsound):
        Verdict(lie.formula, pair, lie.domain, proof=lie).verify()


@pytest.mark.parametrize(
    "lie",
    [
        nd.Root(Abs(r) ** 2 / 49, REALS, (OTHER_DISTANCE,), q=S(2)),
        nd.Logarithm(log(Abs(r) / 7), REALS, (OTHER_DISTANCE,)),
        nd.Apart(log(x) + log(z), REALS, u=log(x)),
        nd.SumOfDistances(-Abs(r) / 7, REALS, (OTHER_DISTANCE,), weights=(-S.One,)),
        ConcaveOfSum(-((x + z) ** 3), POSITIVE, u=x, p=S(3)),
        ConcaveOfSum(-((x + z) ** 2), REALS, u=x, p=S(2)),
    ],
    ids=lambda lie: type(lie).__name__,
)
def test_false_distances_are_caught(lie):
    with pytest.raises(Unsound):
        lie.check(pair)


@pytest.mark.parametrize(
    ("lie", "said"),
    [
        (LIES[13], "not known at -1"),
        (LIES[14], "no end of"),
        (LIES[15], "not the limit of the distance from"),
    ],
)
def test_a_distance_is_seen_from_where_it_is_known(lie, said):
    with pytest.raises(Unsound, match=said):
        lie.check(pair)


def test_proof_of_another_formula_or_domain_is_caught(verdicts):
    verdict = verdicts[0]
    with pytest.raises(Unsound, match="differ"):
        dataclasses.replace(verdict, expression=verdict.expression + 1).verify()
    bridge = decide(Min(x, z) - x * z, domain=Interval(0, 1))
    with pytest.raises(Unsound, match="the proof is for"):
        dataclasses.replace(bridge, domain=POSITIVE).verify()


def test_facts_are_asked_for_once_and_remembered():
    facts = Facts(pair, REALS, Budget())
    assert facts.holds(x**2)
    left = facts.budget.left
    assert facts.holds(x**2)
    assert facts.budget.left == left
    assert OfFunction.rule != Composed.rule


# Refutations


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("points", lambda v: (v[0] + 1, *v[1:])),
        ("points", lambda v: (v[0], v[0])),
        ("points", lambda v: (sp.I, *v[1:])),
        ("weights", lambda v: (v[0] + 1, *v[1:])),
        ("weights", lambda v: v[:1]),
        ("gram", lambda v: v + sp.ones(*v.shape)),
        ("value", lambda v: v - 1),
        ("value", lambda v: -v),
    ],
)
def test_changed_refutation_is_caught(field, change):
    verdict = decide(Abs(r))
    form = verdict.refutation
    assert isinstance(form, NegativeForm)
    lie = dataclasses.replace(form, **{field: change(getattr(form, field))})
    with pytest.raises(ValueError, match=r"\w"):
        dataclasses.replace(verdict, refutation=lie).verify()


def test_changed_pair_is_caught():
    verdict = decide(1 + r)
    pair_of_points = verdict.refutation
    assert isinstance(pair_of_points, Asymmetry)
    a, b = pair_of_points.points
    for lie in (Asymmetry((a, a), pair_of_points.values), Asymmetry((a, b), (S.One, S.One))):
        with pytest.raises(ValueError, match=r"\w"):
            dataclasses.replace(verdict, refutation=lie).verify()
