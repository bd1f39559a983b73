"""Start a production server on its own port, and read what its worker costs."""

import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path


def free_port() -> int:
    """A port nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Server:
    """One granian with one worker and one thread, so that a request is all that a worker does."""

    application: str
    env: dict[str, str]
    workers: int = 1
    port: int = field(default_factory=free_port)
    process: subprocess.Popen | None = None
    ready_after: float = 0.0

    def __enter__(self) -> "Server":
        command = [sys.executable, "-m", "granian", "--interface", "wsgi"]
        command += ["--host", "127.0.0.1", "--port", str(self.port)]
        command += ["--workers", str(self.workers), "--blocking-threads", "1", "--no-access-log"]
        command += ["--workers-kill-timeout", "5"]
        started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603
            [*command, self.application],
            env=os.environ | self.env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while time.monotonic() - started < 30:
            try:
                self.get("/")
            except OSError:
                if self.process.poll() is not None:
                    raise SystemExit(f"{self.application} stopped before it answered") from None
                time.sleep(0.01)
            else:
                self.ready_after = time.monotonic() - started
                return self
        raise SystemExit(f"{self.application} did not answer within 30 s")

    def __exit__(self, *error) -> None:
        self.process.terminate()
        self.process.wait(10)

    def connect(self) -> HTTPConnection:
        """A connection that stays open."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.connect()
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def get(self, path: str, headers: dict | None = None) -> tuple[int, bytes]:
        """One request on a connection of its own."""
        connection = self.connect()
        connection.request("GET", path, headers=headers or {})
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response.status, body

    def worker_pids(self) -> list[int]:
        """The processes that answer: granian's children."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def cpu_seconds(self) -> float:
        """What the workers' threads have spent on the CPU, to the nanosecond."""
        spent = 0
        for pid in self.worker_pids():
            for task in Path(f"/proc/{pid}/task").iterdir():
                try:
                    spent += int((task / "schedstat").read_text().split()[0])
                except (FileNotFoundError, ProcessLookupError):
                    continue
        return spent / 1e9

    def memory(self, field_name: str = "VmRSS") -> float:
        """The largest worker's memory in MB; `VmHWM` is the most it ever had."""
        sizes = []
        for pid in self.worker_pids():
            for line in Path(f"/proc/{pid}/status").read_text().splitlines():
                if line.startswith(f"{field_name}:"):
                    sizes.append(int(line.split()[1]) / 1024)
        return max(sizes)
