"""What tools/environment.py promises: a set-up is done once and repaired, offline if need be."""

import json
import sys
import tomllib
from pathlib import Path

import pytest

from tools import environment, wheelhouse


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project whose environment is an empty folder, and a record of what was installed in it."""
    (tmp_path / "tests").mkdir()
    for name in environment.DEVELOPER:
        (tmp_path / name).write_text("numpy==2.4.6\n")
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "kernelfit"\n[tool.ruff]\n')
    done = []

    def create(folder, uv):
        done.append("venv")
        python = environment.python_in(folder)
        python.parent.mkdir(parents=True, exist_ok=True)
        python.write_text("")

    def install(python, uv, what):
        done.append(what[1])
        return 0

    here = "{}.{}".format(*sys.version_info[:2])
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "create", create)
    monkeypatch.setattr(environment, "install", install)
    monkeypatch.setattr(environment, "run", lambda command: 0)
    monkeypatch.setattr(environment, "find_uv", list)
    monkeypatch.setattr(environment, "output_of", lambda c: here if Path(c[0]).exists() else "")
    return tmp_path, done


def set_up(done, files=environment.LEARNER):
    """What a call of prepare does."""
    done.clear()
    environment.prepare(".venv", files)
    return list(done)


def test_a_second_call_installs_nothing(project):
    _, done = project
    assert set_up(done) == ["venv", "requirements.txt"]
    assert set_up(done) == []


def test_a_developer_gets_what_is_missing_and_a_learner_needs_no_more(project):
    _, done = project
    set_up(done)
    assert set_up(done, environment.DEVELOPER) == ["tests/requirements.txt"]
    assert set_up(done) == []
    assert set_up(done, environment.DEVELOPER) == []


def test_a_changed_file_is_installed(project):
    root, done = project
    set_up(done, environment.DEVELOPER)
    (root / "requirements.txt").write_text("numpy==2.4.7\n")
    assert set_up(done, environment.DEVELOPER) == ["requirements.txt"]
    (root / "pyproject.toml").write_text('[project]\nname = "kernel-fit"\n[tool.ruff]\n')
    assert set_up(done, environment.DEVELOPER) == environment.DEVELOPER


def test_the_settings_of_a_linter_install_nothing(project):
    root, done = project
    set_up(done)
    (root / "pyproject.toml").write_text('[project]\nname = "kernelfit"\n[tool.mypy]\n')
    assert set_up(done) == []


def test_an_interrupted_set_up_is_begun_anew(project, monkeypatch, capsys):
    root, done = project

    def interrupted(python, uv, what):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(environment, "install", interrupted)
        with pytest.raises(KeyboardInterrupt):
            environment.prepare(".venv", environment.LEARNER)
    (root / ".venv/half").write_text("of a package")
    assert set_up(done) == ["venv", "requirements.txt"]
    assert not (root / ".venv/half").exists()
    assert "interrupted: making .venv anew" in capsys.readouterr().out


@pytest.mark.parametrize(("code", "repair"), [(1, []), (-9, ["venv"])], ids=["refused", "killed"])
def test_a_refused_installation_leaves_the_environment_in_use(project, monkeypatch, code, repair):
    root, done = project
    set_up(done)
    (root / "requirements.txt").write_text("numpy==2.4.7\n")
    with monkeypatch.context() as patch:
        patch.setattr(environment, "install", lambda python, uv, what: code)
        with pytest.raises(SystemExit, match="network"):
            environment.prepare(".venv", environment.LEARNER)
    assert set_up(done) == [*repair, "requirements.txt"]


def test_a_broken_environment_is_made_anew(project, capsys):
    root, done = project
    set_up(done)
    environment.python_in(root / ".venv").unlink()
    assert set_up(done) == ["venv", "requirements.txt"]
    assert "Its Python does not start: making .venv anew" in capsys.readouterr().out


def test_an_environment_of_another_python_is_kept_with_a_line(project, monkeypatch, capsys):
    _, done = project
    set_up(done)
    here = "{}.{}".format(*sys.version_info[:2])
    other = (3, 12) if sys.version_info[:2] != (3, 12) else (3, 13)
    monkeypatch.setattr(sys, "version_info", other)
    assert set_up(done) == []
    assert f"has Python {here} and is kept" in capsys.readouterr().out


def test_pip_when_uv_is_not_wanted_or_does_not_start(monkeypatch):
    monkeypatch.delenv("KERNELFIT_NO_UV", raising=False)
    monkeypatch.setattr(environment, "output_of", lambda command: "")
    assert environment.find_uv() == []
    monkeypatch.setattr(
        environment, "output_of", lambda command: "uv 1.0" if len(command) > 2 else ""
    )
    assert environment.find_uv() == [sys.executable, "-m", "uv"]
    monkeypatch.setattr(environment, "output_of", lambda command: "uv 1.0")
    assert environment.find_uv() == ["uv"]
    monkeypatch.setenv("KERNELFIT_NO_UV", "1")
    assert environment.find_uv() == []


# Without a network


@pytest.fixture
def house(project, monkeypatch):
    """An empty wheelhouse, and the words of each installation."""
    root, _ = project
    words = []
    monkeypatch.setattr(wheelhouse, "WHEELHOUSE", root / "wheelhouse")
    monkeypatch.setattr(wheelhouse, "MADE_FOR", root / "wheelhouse/made-for.json")
    monkeypatch.setattr(environment, "install", lambda python, uv, what: words.append(what))
    return root / "wheelhouse", words


def made_for(house, *machines):
    house.mkdir(exist_ok=True)
    (house / "made-for.json").write_text(json.dumps(machines))


def test_offline_everything_comes_from_the_wheelhouse(house):
    folder, words = house
    made_for(folder, "Python 3.1 on Amiga", wheelhouse.this_machine())
    environment.prepare(".venv", environment.LEARNER, offline=True)
    assert words == [["-r", "requirements.txt", "--no-index", "--find-links", str(folder)]]


def test_with_a_network_the_wheelhouse_is_not_asked(house):
    folder, words = house
    made_for(folder, wheelhouse.this_machine())
    environment.prepare(".venv", environment.LEARNER)
    assert words == [["-r", "requirements.txt"]]


@pytest.mark.parametrize("machines", [(), ("Python 3.1 on Amiga",)], ids=["none", "other"])
def test_a_wheelhouse_that_will_not_do_is_refused_before_anything_is_made(house, machines):
    folder, words = house
    if machines:
        made_for(folder, *machines)
    with pytest.raises(SystemExit) as stop:
        environment.prepare(".venv", environment.LEARNER, offline=True)
    for part in ("make wheelhouse", "py tasks.py wheelhouse", *machines):
        assert part in stop.value.code
    assert words == []
    assert not (folder.parent / ".venv").exists()


def test_what_is_installed_already_needs_no_wheelhouse(house):
    _, words = house
    environment.prepare(".venv", environment.LEARNER)
    environment.prepare(".venv", environment.LEARNER, offline=True)
    assert len(words) == 1


def test_the_wheelhouse_gets_all_that_is_locked_and_what_builds_kernelfit(house, monkeypatch):
    folder, _ = house
    folder.mkdir()
    wanted = []

    def download(command):
        wanted.append(Path(command[-1]).read_text().splitlines())
        assert "--only-binary=:all:" in command
        return 0

    monkeypatch.setattr(wheelhouse.subprocess, "call", download)
    monkeypatch.setattr(wheelhouse.venv, "create", lambda folder, with_pip: None)
    requirements = Path(environment.__file__).parent.parent / "requirements.txt"
    said = wheelhouse.collect(requirements)
    locked = [line for line in requirements.read_text().splitlines() if line != "-e ."]
    project = tomllib.loads((wheelhouse.ROOT / "pyproject.toml").read_text())
    assert wanted == [[*locked, *project["build-system"]["requires"], "editables"]]
    assert wheelhouse.made_for() == [wheelhouse.this_machine()]
    assert f"for {wheelhouse.this_machine()}" in said
