"""The way from the question whether a formula is a kernel to the answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp

from .._checks import InputError, shown
from ..kernel_algebra import Kernel
from ..symbolic import expression
from .budget import Budget, Exhausted
from .claims import Unsound
from .construction import domain_of, proof_of
from .facts import BEYOND_SYMPY, Facts
from .feature_maps import negative_direction
from .prover import Prover
from .refutation import NegativeForm, from_coefficients, quickly, refute
from .simpler import SameOnDomain, simpler
from .steps import Pair, Step
from .verdict import Verdict

MOST_OPERATIONS = 400  # of a formula
HIGHEST_DEGREE = 40  # of a polynomial that is decided completely
FOR_PROOF, FOR_POINTS = (
    0.4,
    0.1,
)  # parts of the effort; the search for counter-examples has the rest


def decide(
    k: Any,
    *,
    variables: Sequence[sp.Symbol] | None = None,
    domain: sp.Set = sp.S.Reals,
    effort: float = 1.0,
) -> Verdict:
    """Whether k(x, z) is a kernel on a domain of real numbers, with a proof or a counter-example.

    >>> import sympy as sp
    >>> x, z = sp.symbols("x z", real=True)
    >>> decide(sp.exp(x * z) - 1 - x * z).is_kernel
    True
    >>> decide(1 + (x - z) ** 2)
    <(x - z)**2 + 1 on Reals: not a kernel: form -2.00000 at the points 0, 1>

    ``k`` is a kernel of kernelfit, whose proof is its construction (on its own domain: Brownian on
    the numbers of at least 0), or a sympy expression in two variables.  ``variables`` are these
    two, needed when the expression does not have exactly two.  ``domain`` is ``sympy.S.Reals``, an
    ``Interval`` of more than a point, ``S.Integers`` or ``S.Naturals0``.  ``effort`` bounds the
    number of steps, not the time: the same question has the same answer on every machine.

    A polynomial with rational coefficients is always decided.  Otherwise nothing is guessed: no
    proof and no counter-example leave the verdict undecided, and it says what was tried.

    Raises InputError for anything else than such an expression or kernel, for other domains, and
    for a formula that has no real value somewhere on the domain.
    """
    _must_be_domain(domain)
    if isinstance(k, Kernel):
        return _by_construction(k, domain, effort)
    e, pair = _formula(k, variables)
    return decide_formula(e, pair, domain, effort)


def decide_formula(e: sp.Expr, pair: Pair, domain: sp.Set, effort: float) -> Verdict:
    """The verdict about a formula whose numbers are exact and whose variables are real."""
    budget = Budget(effort)
    undefined: list[tuple[sp.Expr, sp.Expr]] = []
    facts = Facts(pair, domain, budget.share(FOR_PROOF))
    refutation = quickly(e, *pair, domain, budget.share(FOR_POINTS), undefined)
    if refutation is not None:
        return Verdict(e, pair, domain, refutation=refutation)
    verdict = _with_proof(e, facts)
    if verdict is not None:
        return verdict
    if e.is_polynomial(*pair) and all(c.is_Rational for c in sp.Poly(e, *pair).coeffs()):
        refutation = _of_polynomial(e, pair, domain)
    refutation = refutation or refute(e, *pair, domain, budget, undefined)
    if refutation is not None:
        return Verdict(e, pair, domain, refutation=refutation)
    if undefined:
        a, b = undefined[0]
        raise InputError(
            f"k must be a real number for all points of the domain {domain}, got none at "
            f"{pair.x} = {a}, {pair.z} = {b} for {e}. Choose a domain on which the formula is real."
        )
    return Verdict(e, pair, domain, tried=_tried(facts, domain))


def _with_proof(e: sp.Expr, facts: Facts) -> Verdict | None:
    """The verdict with a proof that was found and stood the check."""
    try:
        shorter = simpler(e, facts)
        proof: Step | None = Prover(facts).kernel(shorter)
        if proof is None:
            return None
        if shorter != e:
            proof = SameOnDomain(e, facts.domain, (proof,))
        verdict = Verdict(e, facts.pair, facts.domain, proof=proof)
        verdict.verify()
    except (Exhausted, Unsound, *BEYOND_SYMPY):
        return None
    return verdict


def _of_polynomial(e: sp.Expr, pair: Pair, domain: sp.Set) -> NegativeForm | None:
    """Points and weights from a negative direction of the matrix of coefficients."""
    polynomial = sp.Poly(e, *pair)
    d = max(polynomial.degree(pair.x), polynomial.degree(pair.z))
    if d > HIGHEST_DEGREE:
        return None
    M = sp.Matrix(d + 1, d + 1, lambda i, j: polynomial.coeff_monomial(pair.x**i * pair.z**j))
    v = negative_direction(M)
    return None if v is None else from_coefficients(e, *pair, domain, v)


def _by_construction(k: Kernel, domain: sp.Set, effort: float) -> Verdict:
    pair = Pair(*sp.symbols("x z", real=True))
    formula = expression(k, *pair)
    own = sp.Intersection(domain, domain_of(k))
    for part in (own, sp.Intersection(own, sp.Interval.open(0, sp.oo))):
        _must_be_domain(part)
        facts = Facts(pair, part, Budget(effort))
        try:
            proof = proof_of(k, facts)
            if proof is None:
                continue
            if proof.formula != formula:
                proof = SameOnDomain(formula, part, (proof,))
            verdict = Verdict(formula, pair, part, proof=proof)
            verdict.verify()
        except (Exhausted, Unsound, *BEYOND_SYMPY):
            continue
        return verdict
    return Verdict(formula, pair, own, tried=_tried(facts, own))


def _tried(facts: Facts, domain: sp.Set) -> tuple[str, ...]:
    whole = domain.is_subset(sp.S.Integers) is True
    return (
        "features: the formula is no finite sum of products f(x) f(z), or its matrix of "
        "coefficients has a negative direction",
        "closure rules read backwards: sums, products, powers, power series, weights f(x) k f(z), "
        "inner functions k(g(x), g(z))",
        "distances (Schoenberg): exp(-distance), negative powers, a distance seen from a point",
        "functions of x - z: known transforms (Bochner), convexity (Pólya)"
        + (", finitely many values, a dominant diagonal" if whole else ""),
        "functions of min(x, z) and max(x, z)",
        "counter-examples: symmetry, the diagonal, pairs, three and more equidistant points, "
        "clusters, optimised points",
        f"{facts.claims_proved} inequalities were proved on the way; a larger effort looks longer",
    )


def _must_be_domain(domain: Any) -> None:
    allowed = domain in (sp.S.Reals, sp.S.Integers, sp.S.Naturals0, sp.S.Naturals) or (
        isinstance(domain, sp.Interval) and domain.start < domain.end
    )
    if not allowed:
        raise InputError(
            f"domain must be sympy's S.Reals, an Interval of more than one point, S.Integers or "
            f"S.Naturals0, got {shown(domain)}. A kernel on finitely many points is a matrix: "
            f"look at its eigenvalues."
        )


def _formula(k: Any, variables: Sequence[sp.Symbol] | None) -> tuple[sp.Expr, Pair]:
    """The expression with exact numbers, in two real symbols."""
    if isinstance(k, str):
        raise InputError(
            f"k must be a kernel or a sympy expression, got text: {k[:60]!r}. Read it with "
            f"kernelfit.proofs.parse, which evaluates nothing."
        )
    if not isinstance(k, (sp.Expr, int, float)) or isinstance(k, bool):
        raise InputError(
            f"k must be a kernel or a sympy expression, got {shown(k)}. Read "
            f"text with kernelfit.proofs.parse."
        )
    e = sp.sympify(k)
    if (
        e.has(sp.zoo, sp.nan, sp.oo, -sp.oo)
        or e.has(sp.I)
        or not getattr(e, "is_commutative", True)
    ):
        raise InputError(f"k must be an expression for real numbers, got {e}.")
    if e.count_ops() > MOST_OPERATIONS:
        raise InputError(
            f"k must have at most {MOST_OPERATIONS} operations, got {e.count_ops()}. Decide parts "
            f"of it: sums and products of kernels are kernels."
        )
    decimals = {part: sp.Rational(str(part)) for part in e.atoms(sp.Float)}  # as it is written
    e = e.xreplace(decimals)
    pair = _variables(e, variables)
    real = {symbol: sp.Symbol(symbol.name, real=True) for symbol in pair}
    return e.xreplace(real), Pair(*(real[symbol] for symbol in pair))


def _variables(e: sp.Expr, variables: Sequence[sp.Symbol] | None) -> tuple[sp.Symbol, sp.Symbol]:
    symbols = sorted(e.free_symbols, key=lambda symbol: symbol.name)
    if variables is not None:
        given = list(variables)
        if (
            len(given) != 2
            or len(set(given)) != 2
            or not all(isinstance(symbol, sp.Symbol) for symbol in given)
        ):
            raise InputError(
                f"variables must be two different symbols, got {shown(variables)}. "
                f"Write variables=sympy.symbols('x z')."
            )
    else:
        given = symbols
        names = {symbol.name for symbol in symbols}
        if len(symbols) < 2 and names <= {"x", "y", "z"}:
            usual = {"x": "xz", "z": "xz", "y": "xy"}[next(iter(names), "x")]
            known = {symbol.name: symbol for symbol in symbols}
            given = [known.get(name, sp.Symbol(name, real=True)) for name in usual]
        if len(given) != 2:
            raise InputError(
                f"k must have two variables, got {len(symbols)}: "
                f"{', '.join(map(str, symbols)) or 'none'}. Name the two with variables=(x, z), "
                f"and put numbers in the place of all others."
            )
    if given[0].name == given[1].name:
        raise InputError(
            f"variables must have different names, got two symbols {given[0].name}. Symbols with "
            f"different assumptions are different ones: replace one by the other, or rename it."
        )
    others = [symbol for symbol in symbols if symbol not in given]
    if others:
        raise InputError(
            f"k must have numbers in the place of all symbols but {given[0]} and {given[1]}, got "
            f"{', '.join(map(str, others))} too. Put in a number: k.subs({others[0]}, 1)."
        )
    return given[0], given[1]
