"""Werklab as it runs in production, for the tests and pictures that need just that.

    with served(var=tmp_path, demo=True) as address:
        ...

prepares a database of its own, starts the server that `make run` starts, and stops it again.
"""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
PATIENCE = 30  # seconds that the server gets to answer, and to stop


def environment(*, var, database_url=None, demo=False):
    """The variables of a Werklab that keeps all it has in the folder `var`."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "werklab.settings",
        "VAR_DIR": str(var),
        "STATIC_ROOT": str(Path(var) / "static-root"),
        "DATABASE_URL": database_url or f"sqlite:///{Path(var) / 'werklab.sqlite3'}",
        "DEMO": str(int(demo)),
        "DEBUG": "0",
        "HTTPS": "0",
        "SECRET_KEY": "only-for-tests",
    }


@contextlib.contextmanager
def served(*, var, database_url=None, demo=False):
    """Serve Werklab, with SQLite unless a URL is given; yields its address, like http://…:8123."""
    port = free_port()
    variables = environment(var=var, database_url=database_url, demo=demo) | {"PORT": str(port)}
    subprocess.run([sys.executable, ".ci/prepare.py"], cwd=ROOT, env=variables, check=True)
    server = subprocess.Popen(
        [sys.executable, ".ci/serve.py", "server"], cwd=ROOT, env=variables, stdout=subprocess.PIPE
    )
    try:
        wait_until_it_answers(f"http://{HOST}:{port}/", server)
        yield f"http://{HOST}:{port}"
    finally:
        server.terminate()
        server.communicate(timeout=PATIENCE)


def free_port():
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def wait_until_it_answers(address, server):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=PATIENCE).close()
        except urllib.error.HTTPError:
            return  # a refusal in good order is an answer too
        except OSError:
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(0.05)
        else:
            return
    raise RuntimeError(f"The server at {address} did not answer.")
