"""`make run` serves with a worker beside it, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.served import ROOT, environment, free_port


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """The variables of a Werklab with its demo loaded."""
    variables = environment(var=tmp_path_factory.mktemp("var"), demo=True)
    subprocess.run([sys.executable, ".ci/prepare.py"], cwd=ROOT, env=variables, check=True)
    return variables


@pytest.fixture
def running(prepared):
    """The server and the worker as `make run` starts them, once they answer."""
    variables = prepared | {"PORT": str(free_port())}
    command = [sys.executable, ".ci/serve.py"]
    started = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, text=True)
    assert any("Begin at http://127.0.0.1:" in line for line in started.stdout)
    yield started
    started.terminate()
    started.communicate()


def below(pid):
    """Every process that this one started, and those that they started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in children] + [d for child in children for d in below(child)]


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_ctrl_c_ends_everything(running):
    started = below(running.pid)

    running.send_signal(signal.SIGINT)

    assert running.wait(20) == 0
    assert len(started) >= 3  # the server, at least one worker of its own, and our worker
    assert [pid for pid in started if is_running(pid)] == []


@pytest.mark.parametrize("command", ["granian", "work"])
def test_when_one_stops_by_itself_the_other_is_stopped(running, command):
    started = below(running.pid)
    victim = next(
        pid
        for pid in started
        if command in Path(f"/proc/{pid}/cmdline").read_text().replace("-", "").split("\0")
    )

    os.kill(victim, signal.SIGKILL)

    assert running.wait(20) == 1
    assert [pid for pid in started if is_running(pid)] == []
