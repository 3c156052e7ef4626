"""Grading on a Dask cluster: a folder of Parquet files, each of which one task grades.

A task gives back its rows and the different responses that it met. They are put together in the order of the files,
each different response where it was met first, so that the result is that of one machine. What a lost worker had in
hand, others do again. Workers see the files by the same paths and have the same version of this package.
"""

from __future__ import annotations

import pickle
import threading
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grading.answersheet import Amendment, ItemKey
from grading.bulk import Results, results_in
from grading.decisions import Decision
from grading.distinct import NOTHING_DECIDED, Distinct, Sheet, sheet_of
from grading.gathering import Gathered, Part, Progress
from grading.responses import Matcher, ResponseProblem, UnreadableResponses, csv_table, files_of, parquet, reader_of
from grading.responses.streams import refused, start_of

if TYPE_CHECKING:
    from distributed import Client

CONNECT_SECONDS = 30.0
"""That a scheduler may take to answer, and that it may be without any worker."""

_one_at_a_time = threading.Lock()
"""A worker may have several threads; grading is not made for them."""


_Graded = tuple[Part, ResponseProblem | None]
"""What came of a file, and why it could not be read to its end."""


class ClusterError(Exception):
    """The cluster is not there, has lost too many workers, or cannot do this. The message says what to do."""


def grade_on_cluster(
    folder: str | Path,
    answer_sheet: Iterable[ItemKey],
    amendments: Sequence[Amendment] = (),
    on_progress: Progress | None = None,
    decisions: Mapping[str, Decision] = NOTHING_DECIDED,
    scheduler: str | None = None,
    jobs: int = 1,
) -> Results:
    """Grade the Parquet files of a folder on a Dask cluster; what comes is what `grade_all` gives.

    scheduler: its address, such as ``tcp://10.0.0.1:8786``. Without it the cluster is the one that Dask's own settings
    name, or one of `jobs` processes on this machine. The other arguments are those of `grade_all`.
    Raises ClusterError, and what `grade_all` raises.
    """
    files = files_of(folder)
    sheet = sheet_of({key.item: key for key in answer_sheet}, amendments, decisions)
    distinct = Distinct(sheet)
    gathered = Gathered(Matcher(sheet.keys.values()), distinct, on_progress)
    with _connected(scheduler, jobs) as client:
        for part, problem in _parts(client, files, sheet):
            gathered.add_part(part)
            if problem is not None and len(files) == 1:
                raise UnreadableResponses(problem)
            if problem is not None:
                gathered.problems.append(problem)
    return results_in(gathered, distinct)


def _parts(client: Client, files: Sequence[Path], sheet: Sheet) -> Iterator[_Graded]:
    """What came of each file, in their order. Each is forgotten on the cluster once it is here."""
    name = f"quizgen-{uuid.uuid4().hex}"
    shared = client.submit(pickle.loads, pickle.dumps(sheet), key=f"{name}-sheet")
    futures = [
        client.submit(_graded, str(file), shared, key=f"{name}-{number}", priority=-number)
        for number, file in enumerate(files)
    ]
    futures.reverse()
    while futures:
        yield _result(client, futures.pop())


def _result(client: Client, future: Any) -> _Graded:
    """What a task gives. Raises ClusterError if there is nobody who could do it: Dask would wait for ever."""
    while True:
        try:
            found: _Graded = future.result(timeout=CONNECT_SECONDS)
            return found
        except TimeoutError:
            if not client.scheduler_info()["workers"]:
                address = getattr(client.scheduler, "address", "")
                raise ClusterError(f"the scheduler {address} has no workers; start some, and start again") from None


def _graded(file: str, sheet: Sheet) -> _Graded:
    """What a worker does: grade one file."""
    path = Path(file)
    with _one_at_a_time:
        distinct = Distinct(sheet)
        matcher = Matcher(sheet.keys.values())
        gathered = Gathered(matcher, distinct)
        problem = None
        try:
            if not parquet.recognises(start_of(path)) or reader_of(path, matcher) is not csv_table:
                message = "this is no Parquet file with the columns learner, item, response"
                raise refused(path, message, "a cluster grades nothing else; grade it without --engine dask")
            gathered.add_file(path)
        except UnreadableResponses as unreadable:
            problem = unreadable.problem
        return gathered.part(), problem


@contextmanager
def _connected(scheduler: str | None, jobs: int) -> Iterator[Client]:
    try:
        import dask
        import distributed
    except ImportError as error:
        raise ClusterError(
            f"grading on a cluster needs the package {error.name}; install it with: pip install 'quizgen[dask]'"
        ) from error
    known = scheduler or dask.config.get("scheduler-address", None)
    where = f"the scheduler {known}" if known else "Dask on this machine"
    with _clear_of_errors(where, distributed):
        start: Any = distributed.Client
        with (
            start(known, timeout=CONNECT_SECONDS, set_as_default=False)
            if known
            else start(n_workers=jobs, threads_per_worker=1, dashboard_address=None, set_as_default=False)
        ) as client:
            yield client


@contextmanager
def _clear_of_errors(where: str, distributed: Any) -> Iterator[None]:
    """Each way in which a cluster can fail as one sentence."""
    lost: tuple[type[BaseException], ...] = (distributed.KilledWorker, distributed.CancelledError)
    try:
        yield
    except lost as error:
        raise ClusterError(
            f"{where}: the scheduler or too many workers were lost (out of memory?); nothing was written, give them "
            "more memory or write smaller files, and start again"
        ) from error
    except ImportError as error:
        raise ClusterError(
            f"{where}: its workers lack the module {error.name}; install the same quizgen there"
        ) from error
    except (TimeoutError, OSError, ValueError) as error:
        if isinstance(error, FileNotFoundError):
            raise ClusterError(
                f"{where}: a worker does not see {error.filename}; put the files where all see them by the same path"
            ) from error
        if isinstance(error, ValueError) and not _is_address(error):
            raise
        raise ClusterError(f"{where} does not answer; check the address and that it runs") from error


def _is_address(error: ValueError) -> bool:
    return type(error) is ValueError and any(word in str(error) for word in ("address", "scheme", "port"))
