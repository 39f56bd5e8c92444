"""Every command that writes, on a disk that fails it at every step in turn, fails from there on, or
takes the whole process with it: the records are as before, or as after, never between."""

import functools
import json
import os
import shutil
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer.main
from failing_disk import KILLED, Faults, failing
from records_kit import DEVICE, PLAN, frame, happened, header, wrote

from console.cli import main
from console.model.alarm import Alarm, AlarmTurn, Priority
from console.model.event import EventKind
from console.model.mapping import MappingVisit
from console.model.plan import Side
from console.model.request import ChoosePlan
from console.records import Connected, ReplyOut, RequestIn, Store, listed, read_session, verify
from console.records.alarm_book import AlarmBook, read_book
from console.records.archive import archive
from console.records.durable import PART
from console.records.index import NAME as INDEX
from console.records.lock import LOCK_NAME
from console.records.tombstones import read_tombstones

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="steps are counted by /proc")

ONE, TWO = "20261121-094210-7f3a", "20261120-180000-00aa"
Command = Callable[[Path], int]
LATER = "finished when the records are opened next"
ALREADY = "already replaced: "


def cli(*words: object) -> int:
    try:
        main([str(word) for word in words])
    except SystemExit as ended:
        return int(ended.code or 0)


def window(root: Path, work: Callable[[Any], object]) -> int:
    """As a screen asks for it."""
    from console.ui.records.record_source import RecordsUnreadableError
    from console.window import Records

    try:
        work(Records(root / "records"))
    except RecordsUnreadableError as error:
        print(f"cryoprobe: {error}", file=sys.stderr)
        return 2
    return 0


def amend(root: Path) -> int:
    where = ("--records", root / "records")
    return cli("records", "amend", ONE, "Well.", "--who", "KJ", "--why", "visit", *where)


def follow_up(root: Path) -> int:
    return window(root, lambda records: records.follow_up(ONE, "KJ", "Relief 90 %."))


def mapping(root: Path) -> int:
    visit = MappingVisit("saphenous", Side.LEFT, 95.0, "lidocaine 1 %")
    return window(root, lambda records: records.save_mapping(visit, "case 12", "KJ"))


def archived(root: Path) -> int:
    return cli("records", "archive", root / "a.zip", ONE, "--records", root / "records")


def removed(root: Path) -> int:
    where = ("--records", root / "records")
    return cli("records", "archive", root / "a.zip", ONE, TWO, "--remove", *where)


def restore(root: Path) -> int:
    return cli("records", "restore", root / "old.zip", "--records", root / "empty")


def reindex(root: Path) -> int:
    return cli("records", "reindex", "--records", root / "records")


def export(root: Path) -> int:
    files = ("--csv", root / "out", "--fhir", root / "out" / "bundle.json")
    return cli("export", ONE, *files, "--records", root / "records")


def release(root: Path) -> int:
    where = ("--by", "BE", "--reason", "hose changed", "--records", root / "records")
    return cli("alarms", "release", "CC-0001", *where)


def deleted(root: Path) -> int:
    words = ("--who", "KJ", "--why", "a lesson", "--records", root / "records")
    return cli("records", "delete", ONE, *words)


def heads(root: Path) -> int:
    return cli("records", "heads", "--into", root / "heads.zip", "--records", root / "records")


COMMANDS: tuple[Command, ...] = (
    amend, follow_up, mapping, archived, removed, restore, reindex, export, release,
    deleted, heads,
)  # fmt: skip


@pytest.fixture(autouse=True)
def one_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Typer builds the whole command line for each call, which takes longer than most commands."""
    monkeypatch.setattr(typer.main, "get_command", functools.cache(typer.main.get_command))


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sessions, an old archive, an old export, an alarm book with a console that is locked."""
    root = tmp_path_factory.mktemp("start") / "root"
    store = Store(root / "records")
    for name in (ONE, TWO):
        told = [
            Connected(1.0, DEVICE), RequestIn(1.0, 1, ChoosePlan(PLAN, "case 12", "KJ")),
            ReplyOut(1, None), *(frame(number) for number in range(30)),
            happened(9.0, EventKind.SESSION_ENDED, "ended"),
        ]  # fmt: skip
        wrote(store.root / name / "001.journal", [told], "completed", header(session=name))
    archive(store, store.folders(), root / "old.zip", remove=False)
    (root / "empty").mkdir()
    (root / "out").mkdir()
    for name in ("samples.csv", "bundle.json"):
        (root / "out" / name).write_text("old")
    book = AlarmBook(store.root, print)
    for row in ("leak", "siphon"):
        words = ("Gas leaks from the supply", "Close the valve.")
        alarm = Alarm(row, Priority.HIGH, *words, "10:00:00", 1, engineer=True)
        book.put("2026-01-05T10:00:00.000+00:00", "CC-0001", AlarmTurn.RAISED, alarm)
    assert book.close()
    listed(store)
    return root


def state(root: Path) -> dict[str, object]:
    """All that anybody can see of it, as those who come next see it."""
    found: dict[str, object] = {}
    for name in ("records", "empty"):
        store = Store(root / name)
        for folder in store.folders():
            known = folder.name in (ONE, TWO)
            session = read_session(folder)
            found[f"{name}/{folder.name if known else 'new'}"] = (
                verify(folder).problem,
                [each.text for each in session.amendments],
                sorted(each.name for each in folder.iterdir() if not each.name.endswith(PART)),
            )
        found[f"{name} list"] = [
            (row["id"] if row["id"] in (ONE, TWO) else "new", row["outcome"], row["amendments"])
            for row in listed(store)
        ]
    book = read_book(root / "records")
    found["deleted"] = [each.id for each in read_tombstones(root / "records").found]
    found["book"] = ([kept.alarm.id for kept in book.kept], len(book.entries), book.damaged)
    for path in sorted((*root.glob("*.zip"), *(root / "out").glob("*"))):
        if not path.name.endswith(PART):
            found[path.name] = path.read_bytes() == b"old" or path.stat().st_size > 100
            if path.name in ("samples.csv", "bundle.json"):
                found[path.name] = path.read_bytes() == b"old"  # the rest of it is new in an export
    return found


def ran(start: Path, root: Path, command: Command, faults: Faults) -> int:
    """The command on a fresh copy; its exit code."""
    if root.exists():
        shutil.rmtree(root)
    shutil.copytree(start, root)
    if faults.how != "torn":
        with failing(faults):
            return command(root)
    return apart(command, root, faults)


def apart(command: Command, root: Path, faults: Faults) -> int:
    """The same in a process of its own."""
    child = os.fork()
    if child == 0:
        try:
            with failing(faults):
                os._exit(command(root))
        except BaseException:  # noqa: BLE001 - whatever it was, this process must not go on
            traceback.print_exc()
        finally:
            os._exit(99)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def everything(root: Path) -> set[str]:
    ours = (INDEX, LOCK_NAME)
    return {
        str(each.relative_to(root)) for each in root.rglob("*") if not each.name.startswith(ours)
    }


def permitted(
    command: Command, how: str, now: dict[str, object], before: dict[str, object], said: str
) -> bool:
    """What no order of steps can rule out, where two places are written: the archive stands, and
    nothing has left the store yet; some of an export's files are new, each of them whole, its
    manifest the last of the tables."""
    if command is removed and how == "torn":
        return now == {**before, "a.zip": True}
    if command is export and (how == "torn" or ALREADY in said):
        files = {name for name in now if name.endswith((".csv", ".json"))}
        rest = {name: now[name] for name in now.keys() - files}
        complete = not now["samples.csv"] or "manifest.json" not in files
        return rest.items() <= before.items() and complete
    return False


@pytest.mark.parametrize("how", ["one", "rest", "torn"])
@pytest.mark.parametrize("command", COMMANDS, ids=lambda each: each.__name__)
def test_before_or_after_never_between(
    command: Command, how: str, start: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "root"
    counting = Faults(root, 0, "one")
    before = state(start)
    assert ran(start, root, command, counting) == 0
    after = state(root)
    assert (after == before) == (command is reindex)
    assert counting.count > 3
    seen = set()
    for at in range(1, counting.count + 1):
        capfd.readouterr()
        code = ran(start, root, command, Faults(root, at, how))
        said = capfd.readouterr().err
        there = everything(root)
        now = state(root)
        where = f"{how} at {at} of {counting.count}: exit {code}, {said}"
        seen.add(code)
        assert now in (before, after) or permitted(command, how, now, before, said), where
        if how == "torn":
            assert code == KILLED, where
            continue
        assert code in (0, 2), where
        assert (said.count("\n"), said[:11]) == ((1, "cryoprobe: ") if code else (0, "")), where
        if code == 0:
            assert now == after, where
        elif LATER not in said and ALREADY not in said:
            assert now == before, where
        if how == "one":
            left = {each for each in there if each.endswith(PART) or "/." in each}
            assert LATER in said or not left, where
    assert seen == {KILLED} if how == "torn" else seen >= {2}


def test_the_shim_finds_what_is_written_in_two_steps(start: Path, tmp_path: Path) -> None:
    """As an amendment was, before it was prepared beside its place."""

    def careless(root: Path) -> int:
        from console.records import JournalWriter

        folder = root / "records" / ONE
        last = read_session(folder).journals[-1]
        second = header(session=ONE, number=2, previous=last.path.name, previous_head=last.head)
        try:
            writer = JournalWriter(folder / "002.journal", second)
            writer.append(frame(1))
            writer.sync()
            writer.close("amendment")
        except OSError:
            return 2
        return 0

    root = tmp_path / "root"
    before, counting = state(start), Faults(root, 0, "one")
    assert ran(start, root, careless, counting) == 0
    after, between = state(root), 0
    for at in range(1, counting.count + 1):
        ran(start, root, careless, Faults(root, at, "one"))
        between += state(root) not in (before, after)
    assert between > 0


SHORT = """
next_freeze = "auto"

[[sites]]
nerve = "saphenous"
side = "left"
cycles = [{ freeze_s = 5.0 }]
"""
FIRST, SAMPLES = 6, 5
"""Steps of a run that are tried in every run of the tests; `make seeds` tries more."""


def run(root: Path) -> int:
    where = ("--records", root / "records", "--report", "--json")
    return cli("run", root / "plan.toml", "--port", "sim://n2o?speed=600", *where)


@pytest.mark.parametrize(
    ("how", "more"),
    [
        ("one", 1),
        *(pytest.param(how, 4, marks=pytest.mark.seeds) for how in ("one", "rest", "torn")),
    ],
)
def test_a_run_says_that_its_record_is_not_whole_and_harms_no_other(
    how: str, more: int, start: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "root"
    base = tmp_path / "base"
    shutil.copytree(start, base)
    (base / "plan.toml").write_text(SHORT)
    before, counting = state(base), Faults(root, 0, "one")
    assert ran(base, root, run, counting) == 0
    count = counting.count
    first = FIRST * more
    steps = {*range(1, first), *range(first, count + 1, max(1, count // (SAMPLES * more)))}
    for at in sorted(steps):
        capfd.readouterr()
        shutil.rmtree(root)
        shutil.copytree(base, root)
        code = apart(run, root, Faults(root, at, how))
        said = capfd.readouterr()
        where = f"{how} at {at} of {count}: exit {code}, {said.err}"
        now = state(root)
        new = {name: each for name, each in now.items() if "/new" in name}
        same = {name for name in before if name not in ("book", "records list")}
        assert all(now[name] == before[name] for name in same), where
        assert now["book"] == before["book"] or now["book"][1] > before["book"][1], where  # type: ignore[index]
        assert code in ((KILLED, 0) if how == "torn" else (0, 1, 2)), where
        assert said.err.count("\n") <= 1 + (code == 2), where
        for problem, _, files in new.values():  # type: ignore[misc]
            if code == 0:
                assert (problem, files) == (None, ["001.journal", "report.pdf"]), where
            else:
                assert problem is None or "not closed" in problem, where
        if code == 0:
            assert len(new) == 1, where
        elif code == 1:
            result = json.loads(said.out)
            assert result["outcome"] != "completed" or result["report"] is None, where
            assert result["reason"] or result["outcome"] == "completed", where
