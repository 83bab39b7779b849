"""What a job's process runs: `python -m multilabelfy.web.page.jobs.worker WORK VALUES`, with the values as JSON.

Its standard output is one JSON object: `output`, what came of the work, or `problem`, why it failed, in the words of a page. Whatever a
library prints goes to standard error.
"""

import json
import os
import signal
import sys
from collections.abc import Mapping
from typing import Any

from multilabelfy.errors import DISK_FAULTS, MultilabelfyError
from multilabelfy.settings import load_settings
from multilabelfy.web.page.jobs.page_words import words_of
from multilabelfy.web.page.jobs.works import WORKS
from multilabelfy.workflows.serving.ending import end_with_parent
from multilabelfy.workflows.workspace import opened


def main(work: str, values: str) -> None:
    """Run the work, and say on standard output what came of it."""
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the server's, which ends its jobs and leaves them to the next
    end_with_parent()
    result = os.dup(1)
    os.dup2(2, 1)
    outcome = _outcome(work, json.loads(values))
    with os.fdopen(result, "w", encoding="utf-8") as out:
        json.dump(outcome, out, ensure_ascii=False, default=str)


def _outcome(work: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        with opened(load_settings()) as workspace:
            return {"output": WORKS[work](workspace, **values)}
    except MultilabelfyError as error:
        return {"problem": error.worded(words_of(work, values))}
    except OSError as error:
        if error.errno not in DISK_FAULTS:
            raise
        where = f" '{error.filename}'" if error.filename else ""
        return {"problem": f"cannot write{where}: {error.strerror}. Make room, or name a place that can be written."}


def _end(*_: object) -> None:
    """SIGTERM ends a job early: temporary files are removed, and the workspace is closed."""
    raise SystemExit(128 + signal.SIGTERM)


if __name__ == "__main__":
    main(*sys.argv[1:])
