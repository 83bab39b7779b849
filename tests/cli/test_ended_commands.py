"""A command that a signal ends removes its temporary files, as it does after Ctrl+C."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

WRITES_FOR_LONG = """
import sys, time
from pathlib import Path
from multilabelfy.cli import main
from multilabelfy.formats.files.whole_files import whole_file

@main.app.command()
def write(out: Path) -> None:
    with whole_file(out) as part:
        part.write_text("half")
        print("writing", flush=True)
        time.sleep(60)

main.main()
"""


@pytest.mark.parametrize(("ends", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_leaves_no_temporary_file(tmp_path: Path, ends: signal.Signals, status: int) -> None:
    command = [sys.executable, "-c", WRITES_FOR_LONG, "write", str(tmp_path / "out.csv")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        assert len(list(tmp_path.iterdir())) == 1
        process.send_signal(ends)
        assert process.wait(timeout=30) == status
    assert list(tmp_path.iterdir()) == []
