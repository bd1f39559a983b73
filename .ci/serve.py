"""Run the web server and the worker side by side: what `make run` ends in.

When one of the two stops, or on Ctrl-C, both are stopped. Nothing is left behind.
`serve.py server` runs the server alone, which some tests want.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

HOST, PORT = "127.0.0.1", int(os.environ.get("PORT", "8000"))
BEGIN = f"http://{HOST}:{PORT}/demo/"
PATIENCE = 10  # seconds that a process gets to finish what it is doing
COMMANDS = {
    "server": [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST]
    + ["--port", str(PORT), "--workers", str(os.cpu_count() or 1), "--blocking-threads", "1"]
    # Without this limit granian waits for ever when it is stopped while a worker is starting.
    + ["--workers-kill-timeout", str(PATIENCE // 2)]
    + ["--no-access-log", "--log-level", "warning", "werklab.wsgi:application"],
    "worker": [sys.executable, "manage.py", "work"],
}


def port_is_free():
    with socket.socket() as probe:
        return probe.connect_ex((HOST, PORT)) != 0


def answers():
    """Does the server answer? A refusal in good order is an answer too."""
    try:
        urllib.request.urlopen(BEGIN, timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def watch(children):
    """Wait until one of the children, or whoever started us, is gone; name the child."""
    parent, announced = os.getppid(), False
    while os.getppid() == parent:
        for name, child in children.items():
            if child.poll() is not None:
                return name
        if not announced and answers():
            announced = True
            print(f"\nWerklab runs on http://{HOST}:{PORT}/\nBegin at {BEGIN}", flush=True)
            print("Press Ctrl-C to stop.\n", flush=True)
        time.sleep(0.1 if not announced else 0.5)
    return None


def stop(children):
    """Ask each to stop, then end all that is left of it: the server has workers of its own."""
    for child in children.values():
        child.terminate()
    for child in children.values():
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(PATIENCE)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def main():
    if not port_is_free():
        sys.exit(f"Port {PORT} is taken. Choose another one: make run PORT={PORT + 1}")
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, lambda *_: sys.exit(0))
    children = {}
    try:
        for name in sys.argv[1:] or COMMANDS:
            children[name] = subprocess.Popen(COMMANDS[name], process_group=0)
        gone = watch(children)
    finally:
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, signal.SIG_IGN)
        stop(children)
    if gone:
        sys.exit(f"The {gone} stopped by itself, so everything has been stopped.")


if __name__ == "__main__":
    main()
