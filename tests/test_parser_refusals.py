"""Typed text is refused in a sentence, within bounds, and is never run as code."""

import random
import subprocess
import sys
import time

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from typed_trees import text_of, trees

from kernelfit import InputError
from kernelfit.proofs import parser
from kernelfit.proofs.parser import parse

x, y, z = (sp.Symbol(name, real=True) for name in "xyz")

REFUSALS = [
    ("", "must not be empty"),
    (" \n ", "must not be empty"),
    (None, "must be text, got an object of type NoneType"),
    (3, "must be text, got an object of type int"),
    (b"x", "must be text, got an object of type bytes"),
    (x, "must be text, got an object of type Symbol"),
    ("x" * 501, "at most 500 characters, got 501"),
    ("foo(x)", "use names that it knows, got 'foo' at character 1. Did you mean"),
    ("cso(x)", "Did you mean cos? The names are x, y, z, pi, e and the functions exp, log"),
    ("Exp(x)", "Did you mean exp?"),
    ("2*X", "got 'X' at character 3. Did you mean x?"),
    ("besselj(x)", "got 'besselj'"),
    ("lambda x: x", "got 'lambda' at character 1. A formula is arithmetic and runs no Python"),
    ("x if x else z", "got 'if' at character 3. A formula is arithmetic and runs no Python"),
    ("__import__('os')", "got '__import__' at character 1. A formula is arithmetic and runs no"),
    ("x.real", "got '.' at character 2. A point belongs inside a number"),
    ("'x'", "Leave the quotes out"),
    ('"x"', "Leave the quotes out"),
    ("x[0]", "got '[' at character 2. Use round parentheses"),
    ("{x}", "Use round parentheses"),
    ("x = z", "got '=' at character 3. Compare with == in parentheses"),
    ("(x => z)", "and with <= or >="),
    ("x; z", "Type one formula, on one line"),
    ("x +\nz", "got '\\n' at character 4. Type one formula, on one line"),
    ("x & z", "Multiply two comparisons"),
    ("x % z", "x - z*floor(x/z)"),
    ("x // z", "have a value after '/', got '/' at character 4. The whole part"),
    ("x!", "a factorial is not among"),
    ("\\frac{x}{z}", "not as LaTeX"),
    ("x @ z", "Use letters, digits"),
    ("√x", "Write sqrt(x)"),
    ("x — z", "Write - for minus"),
    ("x < ∞", "has to be finite"),
    ("х + 1", "(cyrillic small letter ha) at character 1. Type the plain x instead"),
    ("1 + χ", "(greek small letter chi) at character 5. Type the plain x instead"),
    ("1２", "(fullwidth digit two) at character 2. Type the plain 2 instead"),
    ("𝑥", "Type the plain x instead"),
    ("exp（x)", "Type the plain ( instead"),
    ("2x + 1", "have a sign between factors, got 'x' after '2' at character 2. Write 2*x + 1."),
    ("xz", "got 'xz' at character 1. For a product write x*z."),
    ("XZ", "For a product write x*z."),
    ("x2", "For a product write x*2."),
    ("x(z+1)", "got '(' after 'x' at character 2. Write x*(z+1)."),
    ("(x)(z)", "got '(' after ')' at character 4. Write (x)*(z)."),
    ("2π", "Write 2*π."),
    ("sin(x) z", "Write sin(x)*z."),
    ("|x||z|", "have a | for every |"),
    ("1.2.3", "one point at most"),
    ("2 3", "a product has a sign"),
    ("1,5", "Decimals have a point: 1.5"),
    ("(x, z)", "commas between the arguments of min and max"),
    ("(x", "close every ( with a ), got '(' left open at character 1"),
    ("exp((x)", "close every ( with a ), got '(' left open at character 4"),
    ("|x", "close every | with a |, got '|' left open at character 1"),
    ("(|x)", "close every | with a |, got '|' left open at character 2"),
    ("x)", "have a ( for every ), got ')' after 'x' at character 2"),
    ("x|", "have a | for every |"),
    ("x +", "have a value after '+', got the end at character 4"),
    ("* x", "have a value at its beginning, got '*' at character 1"),
    ("x * / z", "have a value after '*', got '/' at character 5"),
    ("()", "have a value after '(', got ')'"),
    ("min(x,)", "have a value after ',', got ')'"),
    ("x**", "have a value after '**', got the end"),
    ("x < z", "put a comparison into parentheses, got '<' after 'x' at character 3"),
    ("exp(x < z)", "put a comparison into parentheses"),
    ("((x<1) == (z<1))", "compare numbers, got a comparison in a comparison"),
    ("min(x)", "give min two or more arguments, got 1 at character 1. Write min(x, z)."),
    ("max()", "give max two or more arguments, got none"),
    ("sin(x, z)", "give sin one argument, got 2 at character 1. Write sin(x)."),
    ("1 + log()", "give log one argument, got none at character 5"),
    ("sin x", "have parentheses after sin, got 'x' at character 5"),
    ("sin**2(x)", "a power of it sin(x)**2"),
    ("exp", "have parentheses after exp, got the end"),
    ("1/0", "not divide by 0, got a division by 0 at character 3"),
    ("x/0", "not divide by 0"),
    ("x/(z - z)", "not divide by 0, got a division by (z - z)"),
    ("0**-1", "not divide by 0"),
    ("1/((1+sqrt(2))**2 - 3 - 2*sqrt(2))", "not divide by 0"),
    ("log(0)", "have a real number as its value, got log(0), which is not a real number"),
    ("log(-1)", "not a real number"),
    ("sqrt(-1)", "got sqrt(-1), which is not a real number"),
    ("(-8)**(1/3)", "not a real number"),
    ("acos(2)", "not a real number"),
    ("atanh(1)", "not a real number"),
    ("tan(pi/2)", "not a real number"),
    ("sqrt(-x**2)", "not a real number"),
    ("1 + x*acosh(0)", "got acosh(0), which is not a real number, at character 7"),
    ("asin(sin(10**150))", "be one that sympy can work out"),
    ("1" * 31, "at most 30 digits in a number"),
    ("1e301", "300 in its exponent"),
    ("1e" + "9" * 400, "300 in its exponent"),
    ("x**201", "exponents between -200 and 200, got x**201 at character 1"),
    ("x**-200.5", "exponents between"),
    ("(x**20)**20", "exponents between"),
    ("x**150*x**51", "exponents between"),
    ("9**9**9", "numbers between 10**-300 and 10**300"),
    ("2**2**2**2**2**2", "numbers between"),
    ("(10**30)**100", "numbers between"),
    ("10**200*10**101", "numbers between"),
    ("exp(exp(10))", "numbers between"),
    ("exp(-1000)", "numbers between"),
    ("cosh(10**9)", "numbers between"),
    ("exp(10**200)", "numbers between"),
    ("sech(10**200)", "numbers between"),
    ("exp(600)*exp(600)", "numbers between"),
    ("(1 + 10**-200)*(1 + 10**-200)", "numbers between"),
    ("sin(1+sin(1+sin(1+sin(1+sin(1+sin(1))))))", "have simple constants"),
    ("abs(log(x)**7)", "stay simple inside of functions of logs, roots, quotients and"),
    ("1 + (1 + log(x)**7)**0.5", "at most 6 as a power, got 7 at character 5"),
    ("exp(log(x)**7)", "at most 6 as a power, got 7 at character 1"),
    ("min(1/x, 1/y, 1/z, 1/2, 1/(x+1))", "at most 4 arguments, got 5 at character 1"),
    (
        "min(1,2,3,4,5,6,7,8,9)",
        "inside of abs, min, max, sign and comparisons, at most 8 arguments",
    ),
]


@pytest.mark.parametrize(("text", "words"), REFUSALS, ids=lambda value: repr(value)[:40])
def test_refusals(text, words):
    with pytest.raises(InputError) as refused:
        parse(text)
    assert words in str(refused.value)
    assert str(refused.value).startswith("The formula must ")
    assert ", got " in str(refused.value)


def test_a_refusal_marks_its_place():
    with pytest.raises(InputError) as refused:
        parse("1 + foo(x)")
    *_, text, mark = str(refused.value).splitlines()
    assert text[mark.index("^") :] == "foo(x)"


def test_a_refusal_marks_its_place_in_a_long_text():
    with pytest.raises(InputError) as refused:
        parse("x + " * 100 + "foo(x)" + " + x" * 20)
    _, text, mark = str(refused.value).splitlines()
    assert text[mark.index("^") :].startswith("foo(x)")
    assert len(text) < 90


def read(text):
    """The expression, or the refusal; anything else that is raised is a mistake of ours."""
    try:
        return parse(text)
    except InputError as refused:
        return refused


# Bounds.  sympy computes at once what it is given; each of these would take minutes, or the memory.

BOMBS = {
    "parentheses": "(" * 10**6,
    "one long name": "x" * 10**6,
    "signs": "-" * 10000 + "x",
    "a long sum": "1" + "+1" * 10**6,
    "blanks": " " * 10**7 + "x",
    "digits": "9" * 10**6,
    "open functions": "exp(" * 100,
    "closed functions": "exp(" * 80 + "x" + ")" * 80,
    "a tower": "9**9**9**9",
    "a tower of roots": "9**9**(1/9**9)**9**9",
    "a right-nested power": "**".join(["x"] * 200),
    "a left-nested power": "(" * 39 + "x" + "**200)" * 39,
    "signs that fit": "-" * 400 + "x",
    "a power of a coefficient": "((2*x)**200)**200",
    "an exponent that cancels": "2**(x + 10**29)*2**(-x)",
    "a power of a power": "((10**29 + 1)**(200*x))**(200/x)",
    "a power by way of exp": "exp(10**29*log(2*x))",
    "a power by way of e": "e**(10**29*log(2*x))",
    "a power by way of logs": "2**(10**29*log(2*x)/log(2))",
    "the power of a long power": "((10**200 + 1)**(200*x))**(200/x)",
    "exp of exp": "x*exp(exp(exp(10)))",
    "sinh of sinh": "floor(sinh(sinh(sinh(10))))",
    "nested constants": "exp(-" * 19 + "2" + ")" * 19,
    "nested sines": "sin(1 + " * 39 + "2" + ")" * 39,
    "logs in a product": "exp(" + "*".join(f"log(x+{i})" for i in range(40)) + ")",
    "abs of what may be complex": "abs(log(x)" + "*(x+1)*(z+2)*(x+3)+z" * 15 + ")",
    "abs of a long fraction": "abs(" + "1/(x+" * 35 + "z" + ")" * 36,
    "cosh of what may be complex": "min(3*x,cosh(asin(x)**200),z)",
    "a root of what may be complex": "abs(abs(log((asin(x)-x)**200))*acosh((|x|+1)**x-7/cos(x)))",
    "a sum of roots in a root": "(" * 39 + "x" + "**0.5+z)**2.5" * 39,
    "a long max": "max(" + ",".join(f"sin({i}*x)" for i in range(45)) + ")",
    "min in max in min": "min(x,max(z,x*" * 10 + "1" + "))" * 10,
    "abs of abs": "abs(1-z*" * 38 + "x" + ")" * 38,
    "comparisons in comparisons": "(z<x*" * 38 + "x" + ")" * 38,
    "floor of a long number": "floor(10**200*pi)*sin(10**29)*floor(10**300*pi)",
    "a long product": "*".join(f"(x+{i})" for i in range(70)),
    "a long sum of mins": "+".join(f"min(x,z+{i})" for i in range(35)),
    "a long sum of roots": "+".join(f"sqrt({i})" for i in range(101, 150)),
    "a big power of a sum": "(x+1)**200*(x+z)**200*((x+1)**200 - (z+1)**200)",
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS.keys())
def test_nothing_takes_long(text):
    before = time.process_time()  # of this process alone, so a busy machine does not count
    parsed = read(text)
    assert time.process_time() - before < 1
    if isinstance(parsed, InputError):
        assert len(str(parsed)) < 1000
    else:
        assert len(list(sp.preorder_traversal(parsed))) < 1000
        assert len(str(parsed)) < 5000


def test_the_bounds_are_where_they_are_said_to_be():
    assert parse("(" * 40 + "x" + ")" * 40) == x
    with pytest.raises(InputError, match="nested at most 40 deep"):
        parse("(" * 41 + "x" + ")" * 41)
    assert parse("+".join(["x"] * 250)) == 250 * x
    assert parse("x" + " " * 499) == x
    assert parse("9" * 30) == 10**30 - 1
    assert parse("x**200 + x**-200") == x**200 + x**-200
    assert parse("1e300") == sp.Integer(10) ** 300
    assert parse("exp(-690)") == sp.exp(-690)
    assert parse("exp(-1000*(x - z)**2)") == sp.exp(-1000 * (x - z) ** 2)


@pytest.mark.slow
def test_little_memory():
    """In a process of its own, whose address space is bounded."""
    pytest.importorskip("resource")
    code = (
        "import resource, sys\n"
        "from kernelfit.proofs.parser import parse\n"
        "resource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31))\n"
        "for text in eval(sys.stdin.read()):\n"
        "    try: parse(text)\n"
        "    except ValueError: pass\n"
        "print('done')"
    )
    texts = repr([text for text in BOMBS.values() if len(text) < 10**5])
    run = subprocess.run(
        [sys.executable, "-c", code], input=texts, capture_output=True, text=True, timeout=100
    )
    assert run.stdout == "done\n", run.stderr


# Nothing is run.

MALICIOUS = [
    "__import__('os').system('touch {file}')",
    "open('{file}', 'w')",
    "exec(\"open('{file}','w')\")",
    "x if open('{file}','w') else z",
    "(lambda: open('{file}','w'))()",
    "[open('{file}','w') for x in (1,)]",
    "f\"{{open('{file}','w')}}\"",
    "x.__class__.__bases__[0].__subclasses__()",
    "sin(x).subs(x, open('{file}','w'))",
    "Symbol('x', open('{file}','w'))",
    "min(x, z, key=print)",
    "print(x)",
    "getattr(x, z)",
]


watched = {"on": False, "seen": []}
RUNS = ("compile", "exec", "open", "import", "os.system", "subprocess.Popen", "os.putenv")


def _watch(event, _arguments):
    if watched["on"] and event in RUNS:
        watched["seen"].append(event)


sys.addaudithook(_watch)  # Python tells of everything that is run or opened; a hook stays for good


def seen_while_reading(text):
    watched.update(on=True, seen=[])
    try:
        outcome = read(text)
    finally:
        watched["on"] = False
    return outcome, watched["seen"]


def test_the_watch_sees_what_is_run():
    watched.update(on=True, seen=[])
    sp.sympify("1 + 1")
    watched["on"] = False
    assert "compile" in watched["seen"]
    assert "exec" in watched["seen"]


@pytest.mark.parametrize("text", MALICIOUS)
def test_nothing_is_run(text, tmp_path, capsys):
    outcome, seen = seen_while_reading(text.format(file=tmp_path / "made"))
    assert isinstance(outcome, InputError)
    assert seen == []
    assert not list(tmp_path.iterdir())
    assert capsys.readouterr().out == ""


def test_a_good_formula_needs_nothing_that_runs_text():
    parse("exp(-(x-z)**2)*min(x, 0.5)*(x < z)")  # what sympy imports late is there now
    parsed, seen = seen_while_reading("exp(-(x-z)**2)*min(x, 0.25)*(x < z)")
    assert parsed.has(sp.Rational(1, 4))
    assert seen == []


def reads_or_refuses(text):
    parsed = read(text)
    if isinstance(parsed, InputError):
        assert str(parsed).startswith("The formula must ")
    else:
        assert isinstance(parsed, sp.Expr)
        assert parsed.free_symbols <= {x, y, z}
        assert not parsed.has(sp.nan, sp.zoo, sp.oo, -sp.oo, sp.I)


PIECES = [*parser.NAMES, *"0123456789.()|,+-*/^<>=! ²×", "**", "==", "<=", "(x", ")", "x", "z"]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=30) | st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_any_text_is_read_or_refused(text):
    reads_or_refuses(text)


@settings(max_examples=100, deadline=None)
@given(trees, st.integers(0, 10**6))
def test_any_formula_is_read_or_refused(tree, seed):
    reads_or_refuses(text_of(tree, random.Random(seed)))


def test_the_checks_behind_the_checks():
    reader = parser._Reader("x")
    reader.advance()
    for hidden in (z + x * sp.I, sp.exp(x + z * sp.zoo), 10**301 * x, x**201, 2 ** (201 * x)):
        with pytest.raises(InputError):
            reader.sound(hidden, 0)
    assert reader.sound(sp.exp(1000 * x), 0) == sp.exp(1000 * x)


def test_a_literal_power_is_refused_before_it_is_computed(monkeypatch):
    def unreachable(*_):
        raise AssertionError("computed")

    ten = parse("10**30")
    monkeypatch.setattr(parser._Reader, "built", unreachable)
    for base, exponent in [(ten, 100), (sp.Integer(9), 9**9), (2 * x, 1000), (sp.E, 700)]:
        reader = parser._Reader("x")
        reader.advance()
        with pytest.raises(InputError, match="numbers between"):
            reader.power_of(base, sp.Integer(exponent), 0)
