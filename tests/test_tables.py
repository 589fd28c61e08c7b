"""Tables as they come: each odd file is read and nothing of it lost, or gets a sentence."""

from __future__ import annotations

import io
import random
from pathlib import Path

import numpy as np
import pytest

from kernelfit import InputError, dataset_names, load, table
from kernelfit.table import read_table, table_of

ODD = Path(__file__).parent / "odd_tables"

# For each file that is read: the labels of its columns ("" for one of no use), the columns x and y,
# what they hold, the lines left out, and words that the reader must say.
READ: dict[str, tuple[list[str], tuple[int, int], list[float], list[float], list[int], str]] = {
    "bars.txt": (["x", "y", ""], (0, 1), [1, 2, 3, 4], [2, 3, 5, 4], [], "with bars"),
    "byte_order_mark.csv": (
        ["時間 [s]", "距離 [m]"], (0, 1), [0, 1, 2, 3, 4], [0, 4.9, 19.6, 44.1, 78.4], [], "UTF-8",
    ),
    "constant_y.csv": (["x", "y"], (0, 1), [1, 2, 3, 4, 5], [3] * 5, [], "commas"),
    "dates.csv": (
        ["date [year]", "level [m]"], (0, 1),
        [2020, 2020.5, 2021, 2021 + 182.5 / 365, 2022],
        [4.10, 4.35, 4.02, 4.41, 3.97], [5], "“2021-02-30” in date",
    ),
    "euc.csv": (
        ["月", "平均気温 [度]", "雨日数"], (0, 2), [1, 2, 3, 4, 5, 6, 7, 8],
        [5, 6, 10, 11, 12, 13, 12, 9], [], "Japanese (euc_jp)",
    ),
    "for_excel.csv": (["x", "y"], (0, 1), [1, 2, 3, 4], [2.5, 3.5, 5, 6], [], "decimal comma"),
    "full_width.csv": (
        ["番号", "測定値"], (0, 1), [1, 2, 3, 4, 5], [1.5, 2.9, 4.6, -5, 7.4], [], "decimal point",
    ),
    "grouped.csv": (
        ["", "people", "area"], (1, 2), [1234567, 987654, 12345, 45678], [1024.5, 310, 22.5, 51],
        [], "decimal point",
    ),
    "groups_or_decimals.tsv": (
        ["year", "people"], (0, 1), [2001, 2002, 2003, 2004, 2005], [1234, 1310, 1402, 1388, 1475],
        [], "1,234 is read as 1234; if its mark means the other thing, say decimal=','",
    ),
    "hostile_names.csv": (
        ["$x_1^{$", "<script>alert(1)</script>", "=HYPERLINK(0)", "{y} \\frac _ %"], (0, 3),
        [1, 2, 3, 4, 5], [4, 5, 7, 8, 11], [], "",
    ),
    "infinite.csv": (
        ["x", "y"], (0, 1), [1, 3, 6, 7, 8], [2, 4, 7, 8, 9], [3, 5, 6], "“1e400” in y",
    ),
    "instrument.csv": (
        ["Time [min]", "Temp [°C]", ""], (0, 1), [0, 1, 2, 3, 4], [21, 23.5, 25.8, 27.9, 29.7], [],
        "2 lines above the table left out: Logger 7 serial 00123; started 2024-03-01",
    ),
    "large_and_small.csv": (
        ["x", "y"], (0, 1), [1e100, 2e100, 3e100, 4e100, 5e100],
        [1e-100, 3e-100, 4e-100, 6e-100, 6e-100], [], "",
    ),
    "long_name.csv": (
        ["x", "the weight of the fruit as it was measured by hand on the day of the harvest in the "
         "shade"],
        (0, 1), [1, 2, 3, 4], [2, 3, 5, 6], [], "",
    ),
    "marked_by_999.csv": (
        ["hour", "temperature"], (0, 1), [0, 1, 2, 3, 4, 5, 6, 7],
        [12.1, 11.8, -999, 11, 10.9, -999, 12.3, 14], [],
        "temperature holds -999 in 2 of 8 rows, far from all other numbers",
    ),
    "missing_marks.csv": (
        ["depth [m]", "oxygen [mg/L]"], (0, 1), [1, 6, 8, 10, 12, 14], [9.1, 8, 7.1, 6.8, 6.1, 5.2],
        [3, 4, 5, 6, 8, 10, 12, 14],
        "8 of 14 rows left out, for want of a number: line 3 (nothing in oxygen), line 4 (“NA” in "
        "oxygen), line 5 (“-” in oxygen), line 6 (“n/a” in oxygen) and 4 more.",
    ),
    "no_names.txt": (
        ["time", "voltage"], (0, 1), [0, 0.5, 1, 1.5, 2], [1, 0.607, 0.368, 0.223, 0.135], [],
        "The names come from the comment above",
    ),
    "numbers_alone.csv": (
        ["column 0", "column 1"], (0, 1), [1, 2, 3, 4, 5], [2, 4, 7, 8, 11], [],
        "the columns are counted",
    ),
    "old_mac.csv": (["x", "y"], (0, 1), [1, 2, 3, 4], [2, 3, 5, 4], [], ""),
    "one_column.csv": (["weight"], (0, 0), [61, 62, 58, 70], [61, 62, 58, 70], [], ""),
    "one_row.csv": (["x", "y"], (0, 1), [1], [2], [], ""),
    "other_dates.csv": (
        ["", "level"], (1, 1), [4.1, 4.3, 4], [4.1, 4.3, 4], [],
        "dates or times, “01/02/2020” in line 2. Write dates as 2020-01-31",
    ),
    "padded_title.csv": (
        ["day", "rain [mm]", "wind [m/s]", ""], (1, 2), [0.5, 1.5, 2, 4.5], [3, 4, 6, 7], [],
        "2 lines above the table left out: Weather station; opened 1974.",
    ),
    "quoted_newlines.csv": (
        ["", "dose", "response"], (1, 2), [1, 2, 3, 4], [2.1, 3.9, 6.2, 7.8], [9],
        "line 9 (nothing in dose)",
    ),
    "ragged.csv": (
        ["a", "b", ""], (0, 1), [1, 2, 4, 6, 7, 8], [10, 20, 39, 61, 72, 79], [4, 6],
        "line 4 (4 cells, not 3), line 6 (nothing in b)",
    ),
    "same_names.csv": (
        ["t", "t", "", "value", "value", ""], (1, 4), [10, 20, 30, 40], [2, 2.9, 4.2, 5.1], [],
        "nothing: it is empty",
    ),
    "same_x.csv": (["x", "y"], (0, 1), [7] * 4, [2, 4, 3, 5], [], ""),
    "semicolons.csv": (
        ["Höhe [m]", "Druck [hPa]", ""], (0, 1), [0, 112.5, 988, 1457, 3011.5],
        [1013.25, 1000, 899.9, 850.4, 701.3], [], "semicolons between the cells, decimal comma",
    ),
    "shift_jis.csv": (
        ["観測日 [year]", "気温 [℃]", "降水量 [mm]"], (1, 2), [29.4, 28.7, 26.2, 28.8, 30.6],
        [0, 12.5, 31, 3.5, 0.5], [3, 5], "Japanese (cp932)",
    ),
    "times.csv": (["runner", ""], (0, 0), [1, 2, 3], [1, 2, 3], [], "say minutes"),
    "truths.csv": (["x", ""], (0, 0), [1, 2, 3], [1, 2, 3], [], "text, “True” in line 2"),
    "two_rows.csv": (["x", "y"], (0, 1), [1, 2], [2, 4], [], ""),
    "unicode_text.txt": (
        ["time", "speed", ""], (0, 1), [1, 2, 3, 4], [2.5, 3.1, 3.9, 4.2], [], "UTF-16 with tabs",
    ),
    "units_in_cells.csv": (
        ["speed [km/h]", "stopping [m]", "price [$]"], (0, 2), [30, 50, 70, 90, 130],
        [1.5, 2, 2.25, 3, 4.75], [6], "“25 mph” in speed",
    ),
    "western.csv": (
        ["Größe", "Länge [cm]", "Gewicht [g]"], (1, 2), [12.5, 14, 15.5, 17.5, 20],
        [80, 95.5, 118, 140, 171.5], [], "Western European (cp1252)",
    ),
}  # fmt: skip

# For each file that is refused: words of the sentence.
REFUSED = {
    "commas_sometimes.csv": "got 4 cells, not 2, in line 3, and 2 more such rows",
    "commas_twice.csv": "got 2 names in line 1 and 4 cells in line 2 below it, with commas between",
    "empty.csv": "got an empty file",
    "only_comments.csv": "got nothing but comments",
    "only_names.csv": "got the names speed, distance and nothing below them",
    "open_quote.csv": "got one without a partner in the row that begins in line 3",
    "table.json": "got JSON. Write its rows as CSV",
    "web_page.csv": "got a web page, not the table on it. Download the file itself",
    "words.csv": "got none (name: text, “Ada” in line 2; town: text, “London” in line 2)",
    "workbook.csv": "got a workbook of Excel or another packed file",
}
NO_PAIR = "nothing_in_common.csv"


def test_every_odd_file_is_tried() -> None:
    there = {path.name for path in ODD.iterdir() if not path.name.startswith(".")}
    assert there == {*READ, *REFUSED, NO_PAIR}


@pytest.mark.parametrize("name", READ)
def test_an_odd_file_is_read(name: str) -> None:
    labels, (i, j), x, y, left_out, said = READ[name]
    found = read_table(ODD / name)
    assert ["" if c.why_not else c.label for c in found.columns] == labels
    assert found.usable == tuple(k for k, label in enumerate(labels) if label)
    pair = found.pair(i, j)
    np.testing.assert_allclose(pair.x, x, rtol=1e-12)
    np.testing.assert_allclose(pair.y, y, rtol=1e-12)
    assert list(pair.left_out) == left_out
    assert len(pair.x) + len(pair.left_out) == pair.rows == len(found.lines)
    assert said in f"{found!r}\n{pair.sentence}"
    assert bool(pair.sentence) == bool(left_out)
    assert "\n" not in pair.sentence


@pytest.mark.parametrize("name", REFUSED)
def test_an_odd_file_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(InputError) as refusal:
        read_table(ODD / name)
    said = str(refusal.value)
    assert REFUSED[name] in said
    assert said.startswith(name)
    assert said.endswith((".", "?"))
    assert "\n" not in said


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b",,,\n,,,\n,,\n", "got nothing but empty cells"),
        (b"# a\n# b\n", "got nothing but comments"),
        (b"speed of car dist\n1 2\n3 4\n5 6\n", "a name that has a space in it in quotation marks"),
        (b"speed,dist\n1,5,2,5\n3,5,4,5\n5,5,6,5\n", "with semicolons between the cells"),
    ],
)
def test_a_table_that_cannot_be_one_says_why(raw: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_table(raw)


def test_lines_that_end_with_a_separator_have_a_column_of_nothing() -> None:
    found = read_table(b"a,b\n1,2,\n3,4,\n5,7,\n")
    assert found.pair("a", "b").x.tolist() == [1, 3, 5]
    assert "2: column 2 – nothing: it is empty" in repr(found)


def test_columns_without_a_row_in_common_are_refused() -> None:
    with pytest.raises(InputError, match="numbers in the same rows, got none in 4"):
        read_table(ODD / NO_PAIR).pair("x", "y")


def test_the_lines_that_are_named_are_those_of_the_file() -> None:
    for name, (_, _, _, _, left_out, _) in READ.items():
        if left_out and name != "quoted_newlines.csv":
            raw = (ODD / name).read_bytes().splitlines()
            lines = read_table(ODD / name).lines
            assert all(raw[line - 1].strip() for line in lines), name
    assert list(read_table(ODD / "quoted_newlines.csv").lines) == [2, 4, 5, 8, 9]


# What the reader can be told ---------------------------------------------------------------------


def test_a_mark_for_missing_numbers_can_be_named() -> None:
    pair = read_table(ODD / "marked_by_999.csv", missing=["-999"]).pair("hour", "temperature")
    assert pair.left_out == (4, 7)
    assert "“-999” in temperature" in pair.sentence
    assert pair.y.min() == 10.9


def test_the_decimal_mark_can_be_named() -> None:
    found = read_table(ODD / "groups_or_decimals.tsv", decimal=",")
    assert found.columns[1].values[0] == 1.234
    assert "the other thing" not in repr(found)


def test_encoding_separator_and_header_can_be_named() -> None:
    raw = "кг:см\n1:2\n3:4\n".encode("cp1251")
    found = read_table(raw, encoding="cp1251", separator=":")
    assert [column.name for column in found.columns] == ["кг", "см"]
    years = b"country,1990,2000\nA,1,2\nB,3,4\n"
    assert "say header=True" in repr(read_table(years))
    assert [c.name for c in read_table(years, header=True).columns] == ["country", "1990", "2000"]
    assert len(read_table(b"1,2\n3,4\n5,6\n", header=False).lines) == 3


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"encoding": "klingon"}, "encoding must be one that Python knows, got 'klingon'"),
        ({"encoding": "ascii"}, "got 'ascii' and bytes that are not"),
        ({"separator": ", "}, "one character that numbers and names have not, got ', '"),
        ({"decimal": ";"}, "decimal must be '.' or ',', got ';'"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_named_wrongly_is_refused(how: dict[str, str], said: str) -> None:
    with pytest.raises(InputError) as refusal:
        read_table("é,b\n1,2\n".encode(), name="e.csv", **how)  # type: ignore[arg-type]
    assert said in str(refusal.value)


# Where the table is ------------------------------------------------------------------------------


def test_a_path_as_windows_copies_it_is_a_path(tmp_path: Path) -> None:
    (tmp_path / "my table.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    assert read_table(f'"{tmp_path / "my table.csv"}"').name == "my table.csv"


def test_a_path_that_leads_nowhere_gets_the_names_that_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("rainfall.csv", "notes.md"):
        (tmp_path / name).write_text("x,y\n1,2\n", encoding="utf-8")
    for source, said in (
        ("rainfal.csv", "got 'rainfal.csv'. Beside the notebook there is rainfall.csv."),
        (".", "got the folder ."),
        ("nowhere/rain.csv", "There is no such folder either"),
        ("https://example.org/rain.csv", "Nothing is fetched from the net here"),
        ("rain\0.csv", "must be a file"),
    ):
        with pytest.raises(InputError) as refusal:
            read_table(source)
        assert said in str(refusal.value)


def test_a_file_that_may_not_be_read_gets_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "locked.csv"
    path.write_text("x,y\n1,2\n", encoding="utf-8")

    def locked(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", locked)
    with pytest.raises(InputError, match="a file that can be read, got: Permission denied"):
        read_table(path)


def test_a_file_beyond_the_limit_is_not_even_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large.csv"
    path.write_text("x,y\n" + "1,2\n" * 10, encoding="utf-8")
    monkeypatch.setattr(table, "LARGEST", 30)
    with pytest.raises(InputError, match=r"large\.csv must have at most 0 MB"):
        read_table(path)


def test_a_data_frame_is_told_how_to_become_a_file() -> None:
    class Frame:
        def to_csv(self) -> None: ...

    with pytest.raises(InputError, match=r"got Frame\. \.to_csv\('my_table\.csv'\) writes one"):
        read_table(Frame())  # type: ignore[arg-type]


def test_columns_are_found_by_name_or_number() -> None:
    found = read_table(ODD / "same_names.csv")
    with pytest.raises(InputError, match=r"got 't' for columns 0, 1\. Give its number"):
        found.column("t")
    with pytest.raises(InputError, match="or its number from 0 to 5, got 6"):
        found.column(6)
    with pytest.raises(InputError, match="got -1"):
        found.column("no such name")
    with pytest.raises(InputError, match="must be a column of numbers, got nothing"):
        found.pair(0, 2)


# Much and at random ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", dataset_names())
def test_a_set_of_the_course_is_a_table_like_any_other(name: str) -> None:
    data = load(name)
    found = table_of(data)
    pair = found.pair(0, -1 % len(found.columns))
    np.testing.assert_array_equal(pair.x, data.X[:, 0])
    np.testing.assert_array_equal(pair.y, data.y)
    assert pair.sentence == ""
    file = io.StringIO()
    np.savetxt(file, np.column_stack([data.X, data.y]), fmt="%.17g", delimiter=",")
    again = read_table(f"{','.join(data.columns)}\n{file.getvalue()}".encode())
    np.testing.assert_array_equal(again.columns[-1].values, data.y)


@pytest.mark.slow
def test_a_million_rows_are_read_and_the_odd_ones_counted() -> None:
    n = 10**6
    x = np.arange(n) / 8
    rows = [f"{one!r},{one * one!r},name" for one in x.tolist()]
    rows[777_777], rows[999_999] = "-,1,name", "5,six,name"
    found = read_table(("x [s],y,who\n" + "\n".join(rows)).encode())
    pair = found.pair("x", "y")
    assert pair.left_out == (777_779, 1_000_001)
    assert pair.sentence.startswith("2 of 1,000,000 rows left out, for want of a number: line 777")
    good = np.delete(x, [777_777, 999_999])
    np.testing.assert_array_equal(pair.x, good)
    np.testing.assert_array_equal(pair.y, good**2)


CELLS = (
    "1", "2.5", "-3", "1,5", "1.234,5", "1,234.5", "12 kg", "3%", "", "-", "NA", "nan", "inf", "x",
    "1e400", "東京", "2020-01-02", "01/02/2020", "12:30", "１２", '"', '"a', 'a"b', "#", "$x$", "_",
    "\\", "\0", "\ufeff", "–5", "10⁸", "½", "1_000", " ", "\u2028", "\x85", "\t", "a\nb", "€5", "²",
)  # fmt: skip
CODES = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp932", "euc_jp", "cp1252", "utf-32")


@pytest.mark.parametrize("seed", range(4))
def test_whatever_the_bytes_there_is_a_table_or_a_sentence(seed: int) -> None:
    chance, said = random.Random(seed), list[str]()
    for _ in range(150):
        separator = chance.choice(",;\t| ")
        cells = chance.sample(CELLS, chance.randint(1, 6)) + ["1", "2", "3.5"] * chance.randint(
            0, 3
        )
        width = chance.randint(1, 4)
        rows = [
            separator.join(chance.choice(cells) for _ in range(chance.choice([width] * 9 + [3])))
            for _ in range(chance.randint(0, 12))
        ]
        raw = bytearray(chance.choice(["\n", "\r\n", "\r"]).join(rows).encode(
            chance.choice(CODES), "replace"))  # fmt: skip
        if raw and chance.random() < 0.2:
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        try:
            found = read_table(bytes(raw), name="odd")
        except InputError as refusal:
            said.append(str(refusal))
            continue
        for i in found.usable:
            pair = found.pair(i, i)
            assert np.isfinite(pair.x).all()
            assert len(pair.x) + len(pair.left_out) == len(found.lines)
    assert said
    assert not any("\n" in sentence for sentence in said)


def test_no_number_is_made_of_what_is_none() -> None:
    """10⁸ is no 108, 1_000 no 1000, and a date in doubt no number."""
    for cell in ("10⁸", "1_000", "½", "01/02/2020", "1.2.3", "12:30", "0x10", "(5)", "1,2,3"):
        found = read_table(f"x;y\n1;2\n2;{cell}\n3;4\n".encode())
        assert found.pair("x", "y").left_out == (3,), cell

    with pytest.raises(InputError, match=r"x: text, “10⁸” in line 2"):
        read_table("x\n10⁸\n10⁹\n".encode())


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("気温", "cp932"), ("気温", "euc_jp"), ("年", "cp932"), ("月", "euc_jp"),
        ("ﾃﾞｰﾀ 気温", "cp932"),
        ("Größe", "cp1252"), ("MÜLLER STRASSE", "cp1252"), ("don’t know", "cp1252"),
        ("T °C", "cp1252"), ("été", "cp1252"), ("Ñandú", "cp1252"), ("naïve – “x”", "cp1252"),
        ("気温", "utf-16"), ("Temp", "utf-16-le"), ("温度", "utf-32"), ("é", "utf-8"),
    ],
)  # fmt: skip
def test_a_name_keeps_its_letters_in_every_encoding(name: str, encoding: str) -> None:
    found = read_table(f"{name},b\n1,2\n3,4\n".encode(encoding))
    assert found.columns[0].name == name


@pytest.mark.parametrize(
    ("cells", "separator", "value"),
    [
        (["1,5", "2"], ";", 1.5), (["1,5", "1,234"], ";", 1.5), (["1.234,5"], ";", 1234.5),
        (["1.234.567"], ";", 1234567), (["1,234,567"], ";", 1234567), (["1.5"], ";", 1.5),
        (["1,234"], ";", 1.234), (["1,234"], "\t", 1234), (["1.234"], ";", 1.234),
        (["0,123", "12,345"], "\t", 0.123), (["1,234.5"], ";", 1234.5), (["1'234.5"], ",", 1234.5),
        (["1 234,5"], ";", 1234.5), (["−1.5"], ",", -1.5), (["1.5e3"], ",", 1500),
        ([".5"], ",", 0.5),
        (["12,5 kg", "13,5 kg"], ";", 12.5), (["€ 12,50"], ";", 12.5), (["80 %"], ",", 80),
    ],
)  # fmt: skip
def test_the_decimal_mark_is_the_one_that_the_cells_speak_for(
    cells: list[str], separator: str, value: float
) -> None:
    rows = "\n".join(f"{cell}{separator}{k}" for k, cell in enumerate(cells))
    assert read_table(f"x{separator}y\n{rows}\n".encode()).columns[0].values[0] == value


def test_no_text_is_evaluated(capsys: pytest.CaptureFixture[str]) -> None:
    raw = b"x,__import__('os')\nprint('EVALUATED'),1\n2,3\n4,5\n6,7\n"
    assert len(read_table(raw).pair(0, 1).x) == 3
    assert "EVALUATED" not in capsys.readouterr().out
