"""Figures drawn by executors: the same files as those of one process, whatever happens on the way."""

from __future__ import annotations

import json
import os
import pickle
import signal
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from convgif import api
from convgif.arithmetic import Conv, MaxPool
from convgif.assembling import machines
from convgif.assembling.batch import Task
from convgif.documents import as_toml
from convgif.errors import ConvgifError, InputError
from convgif.figure import Figure
from tests.cli.conftest import Convgif

# What is as usual is not written down, so the last one comes back with another repr: 30 and not 30.0.
FIGURES = {
    "a": Figure(Conv(3, 2), cell=10.0),
    "b": Figure(MaxPool((2, 4), 2), view="flat", cell=10, random=1),
    "c": Figure(Conv(2, 1), cell=30.0, labels=True),
}
FORMATS = ("svg", "sheet", "svg-frames")


class Here(Executor):
    """Does at once what is given, as another process would: what comes and goes is pickled."""

    def __init__(self, befalls: Callable[[int], None] = lambda number: None) -> None:
        self.befalls = befalls
        self.orders: list[Any] = []
        self.answers: list[Any] = []

    def submit(self, function: Any, /, *given: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.orders.append(given)
        try:
            self.befalls(len(self.orders))
            self.answers.append(pickle.loads(pickle.dumps(function(*pickle.loads(pickle.dumps(given)), **named))))
            future.set_result(self.answers[-1])
        except Exception as error:
            future.set_exception(error)
        return future


def files(folder: Path) -> Mapping[str, bytes]:
    """All that lies in a folder, by its path there."""
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """The files that one process writes."""
    folder = tmp_path_factory.mktemp("one")
    api.render(FIGURES, folder, FORMATS)
    return files(folder)


def failing(*numbers: int, error: Exception) -> Callable[[int], None]:
    """What befalls the orders of these numbers."""

    def befalls(number: int) -> None:
        if number in numbers:
            raise error

    return befalls


def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have orders drawn where the folder cannot be seen."""
    order_of = machines.order_of
    monkeypatch.setattr(machines, "order_of", lambda task: {**order_of(task), "folder": str(task.staged / "nowhere")})


@pytest.mark.parametrize("shared", [True, False])
def test_an_executor_makes_the_files_of_one_process(
    shared: bool, expected: Mapping[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the byte, the manifest included, whether the folder is seen by whoever draws or not."""
    if not shared:
        elsewhere(monkeypatch)
    told: list[str] = []
    executor = Here()
    done = api.render(FIGURES, tmp_path, FORMATS, progress=lambda one: told.append(one.name), executor=executor)
    assert {"contents" in answer for answer in executor.answers} == {not shared}
    assert files(tmp_path) == expected
    assert [one.name for one in done] == list(FIGURES)
    assert sorted(told) == sorted(FIGURES)
    assert {path.name for path in tmp_path.iterdir()} == {*FORMATS, "manifest.json"}
    again = Here()
    api.render(FIGURES, tmp_path, FORMATS, executor=again)
    assert not again.orders


def test_orders_are_plain_and_small(tmp_path: Path) -> None:
    task = Task("a", FIGURES["a"], FORMATS, tmp_path, tmp_path)
    text = json.dumps(machines.order_of(task))
    assert len(text) < 1000


def test_what_fails_once_is_drawn_again(expected: Mapping[str, bytes], tmp_path: Path) -> None:
    executor = Here(failing(2, error=OSError("the worker went away")))
    api.render(FIGURES, tmp_path, FORMATS, executor=executor)
    assert len(executor.orders) == len(FIGURES) + 1
    assert files(tmp_path) == expected


@pytest.mark.parametrize("error", [OSError("the worker\nwent away"), BrokenExecutor()])
def test_what_fails_twice_is_one_line_and_no_file(error: Exception, tmp_path: Path) -> None:
    out = tmp_path / "out"
    executor = Here(failing(*range(3, 9), error=error))
    with pytest.raises(ConvgifError) as caught:
        api.render(FIGURES, out, FORMATS, executor=executor)
    assert len(str(caught.value).splitlines()) == 1
    assert str(caught.value).endswith("nothing was written")
    assert "could not be drawn by the executor" in str(caught.value)
    assert len(executor.orders) == len(FIGURES) + 1
    assert not out.exists()


def test_an_executor_that_takes_nothing_is_one_line(tmp_path: Path) -> None:
    executor = ThreadPoolExecutor(1)
    executor.shutdown()
    with pytest.raises(ConvgifError, match=r"could not be drawn by the executor: RuntimeError: .*nothing was written"):
        api.render(FIGURES, tmp_path / "out", executor=executor)


def test_no_more_is_given_than_is_soon_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machines, "AHEAD", 2)

    class Later(Here):
        given, most = 0, 0

        def submit(self, function: Any, /, *given: Any, **named: Any) -> Future[Any]:
            Later.given += 1
            Later.most = max(Later.most, Later.given)
            return super().submit(function, *given, **named)

    def progress(done: object) -> None:
        Later.given -= 1

    api.render(FIGURES, tmp_path, ("poster",), progress=progress, executor=Later())
    assert Later.most == 2


def order(tmp_path: Path, **changes: Any) -> dict[str, Any]:
    """An order with some of it changed."""
    return {**machines.order_of(Task("a", FIGURES["a"], ("poster",), tmp_path, tmp_path)), **changes}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "../a"}, "name = '../a': must be a plain file name"),
        ({"table": {"layer": "conv", "input_size": 3, "kernel_size": 9}}, "kernel_size = (9, 9): does not fit"),
        ({"recipes": {"psoter": "0"}}, "format = 'psoter': there is no such format; did you mean poster?"),
        ({"recipes": {"poster": "0"}}, "a: whoever draws has another convgif"),
    ],
)
def test_orders_are_checked_where_they_are_drawn(changes: dict[str, Any], said: str, tmp_path: Path) -> None:
    with pytest.raises(ConvgifError) as caught:
        machines.draw(order(tmp_path, **changes))
    assert str(caught.value).startswith(said)
    assert not list(tmp_path.iterdir())


def test_answers_are_checked_where_they_arrive(tmp_path: Path) -> None:
    task = Task("a", FIGURES["a"], ("poster",), tmp_path / "staged", tmp_path)
    task.staged.mkdir()
    answer = machines.draw({**machines.order_of(task), "folder": str(tmp_path / "nowhere")})
    ((path, entry),) = answer["entries"].items()
    assert machines.received(task, answer).files == (task.staged / "poster/a.svg",)
    damaged = {**answer, "contents": {path: answer["contents"][path] + b" "}}
    for bad, said in (
        (damaged, "damaged"),
        ({**answer, "entries": {"../a.svg": entry}, "contents": {"../a.svg": b""}}, "nobody ordered"),
        ({**answer, "entries": {path: {**entry, "format": "gif"}}}, "nobody ordered"),
    ):
        with pytest.raises(ConvgifError, match=said):
            machines.received(task, bad)
    assert not (tmp_path / "a.svg").exists()


def test_what_is_wrong_with_the_figures_is_said_as_ever(tmp_path: Path) -> None:
    executor = Here()
    with pytest.raises(InputError, match="max_frames"):
        api.render({"a": FIGURES["a"].replaced(max_frames=1)}, tmp_path, executor=executor)
    assert not executor.orders


def test_what_is_no_executor() -> None:
    for wrong in ("tcp://1.2.3.4:5", 3):
        with pytest.raises(InputError, match=r"executor = .*: must be an executor of concurrent.futures"):
            api.render(FIGURES, executor=wrong)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="jobs = 2: has no effect with an executor; leave it out"):
        api.render(FIGURES, jobs=2, executor=Here())


# dask


def test_workers_of_a_scheduler_lose_nothing_and_change_nothing(
    expected: Mapping[str, bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two processes, of which one is killed in the middle."""
    distributed = pytest.importorskip("distributed")
    cluster = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=60
    )
    with cluster, distributed.Client(cluster, set_as_default=False) as client:
        workers = iter(client.run(os.getpid).values())
        doomed = [next(workers)]

        def progress(done: object) -> None:
            while doomed:
                os.kill(doomed.pop(), signal.SIGKILL)

        with machines.cluster(cluster.scheduler_address) as executor:
            api.render(FIGURES, tmp_path, FORMATS, progress=progress, executor=executor)
    assert not doomed
    assert files(tmp_path) == expected


def test_a_scheduler_takes_dask_and_no_jobs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    convgif, presets = Convgif(capsys), tmp_path / "m.toml"
    presets.write_text(as_toml("a", FIGURES["a"]))
    draw = f"render {presets} --scheduler tcp://127.0.0.1:1"
    assert "--jobs 2: has no effect with --scheduler; leave it out" in convgif(f"{draw} --jobs 2", code=2)
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert convgif(draw, code=1) == "convgif: distributed is not installed; pip install 'convgif[dask]'\n"


def test_addresses_where_no_scheduler_is(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(machines, "PATIENCE", 1)
    for address, said in (("tcp://127.0.0.1:1", "does not answer within 1 seconds"), ("mine", "must be the address")):
        with pytest.raises(InputError, match=said), machines.cluster(address):
            pass


class Answering(Executor):
    """An executor whose futures are at once what is given."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    def submit(self, *_: Any, **__: Any) -> Any:
        future: Future[Any] = Future()
        if self._answer == "cancelled":
            future.cancel()
        else:
            future.set_result(self._answer)
        return future


@pytest.mark.parametrize("answer", ["cancelled", None, b"", {}, [], {"entries": {"gif/a.gif": 1}}], ids=repr)
def test_what_is_cancelled_or_no_answer_is_one_line(answer: Any, tmp_path: Path) -> None:
    """A future that was cancelled must not be waited for without end."""
    with pytest.raises(ConvgifError, match=r"^a\b.*nothing was written$") as caught:
        api.render({"a": FIGURES["a"]}, tmp_path / "out", executor=Answering(answer))
    assert caught.value.exit_code == 1
    assert not [*tmp_path.iterdir()]
