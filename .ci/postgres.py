"""A PostgreSQL server for `.ci/run`, and a database of its own on it.

    postgres.py find             print the address of a server that lets us make databases
    postgres.py create <server>  make an empty database there and print its address
    postgres.py drop <database>  remove it again

DATABASE_URL_POSTGRES names another server than the one on this machine. When none answers and we
are root on Debian, Debian's own is installed and started.
"""

import os
import secrets
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

HERE = "postgres://postgres@127.0.0.1:5432/postgres"
ROLE = "werklab_ci"


def connect(url):
    return psycopg.connect(url, autocommit=True, connect_timeout=5)


def why_not(url):
    """Why this server is of no use to us; nothing when it is."""
    try:
        with connect(url) as connection:
            rights = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            may = connection.execute(rights).fetchone()[0]
    except psycopg.OperationalError as error:
        return str(error).strip()
    return None if may else "it does not let us make a database"


def find():
    url = os.environ.get("DATABASE_URL_POSTGRES", HERE)
    reason = why_not(url)
    if reason and url == HERE and os.geteuid() == 0 and Path("/etc/debian_version").exists():
        url = debians_own()
        reason = why_not(url)
    if reason:
        sys.exit(
            f"No PostgreSQL to test on: {reason}\n"
            "Install one (Debian: apt-get install postgresql) with a role that may make databases,"
            "\nand name it: DATABASE_URL_POSTGRES=postgres://name:password@127.0.0.1:5432/postgres"
        )
    print(url)


def debians_own():
    """Install and start Debian's PostgreSQL, with a role of ours that has a new password."""
    if shutil.which("pg_ctlcluster") is None:
        quietly("apt-get", "update", "-qq")
        quietly("apt-get", "install", "-y", "-qq", "--no-install-recommends", "postgresql")
    version, name, port, state = quietly("pg_lsclusters", "--no-header").splitlines()[0].split()[:4]
    if not state.startswith("online"):
        quietly("pg_ctlcluster", "--skip-systemctl-redirect", version, name, "start")
    password = secrets.token_hex(16)
    ask = ["su", "postgres", "-c"]
    known = quietly(*ask, f"psql -p {port} -tAc \"SELECT 1 FROM pg_roles WHERE rolname='{ROLE}'\"")
    verb = "ALTER" if known.strip() else "CREATE"
    quietly(*ask, f"psql -p {port} -c \"{verb} ROLE {ROLE} LOGIN CREATEDB PASSWORD '{password}'\"")
    return f"postgres://{ROLE}:{password}@127.0.0.1:{port}/postgres"


def quietly(*command):
    """Run this, show it only when it fails, and give what it printed."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def create(server):
    name = f"werklab_ci_{os.getpid()}"
    with connect(server) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    print(urlsplit(server)._replace(path=f"/{name}").geturl())


def drop(database):
    url = urlsplit(database)
    with connect(url._replace(path="/postgres").geturl()) as connection:
        connection.execute(f"DROP DATABASE {url.path.lstrip('/')} WITH (FORCE)")


if __name__ == "__main__":
    {"find": find, "create": create, "drop": drop}[sys.argv[1]](*sys.argv[2:])
