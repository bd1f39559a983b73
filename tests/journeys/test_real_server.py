"""A hundred people enrol at the same second, on the production server and its own database."""

import json
import os
import re
import subprocess
import sys
import threading
from contextlib import closing
from urllib.parse import urlencode

import pytest
from django.db import connection

from tests.bench.server import Server

PEOPLE = 100


@pytest.fixture
def environment(tmp_path):
    """The variables of a server with an empty database of the kind this suite runs on."""
    url, name = f"sqlite:///{tmp_path}/race.sqlite3", f"werklab_race_{os.getpid()}"
    if connection.vendor == "postgresql":
        settings = connection.settings_dict
        user, host = settings["USER"] or "postgres", settings["HOST"] or "127.0.0.1"
        password = f":{settings['PASSWORD']}" if settings["PASSWORD"] else ""
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            cursor.execute(f"CREATE DATABASE {name}")
        url = f"postgres://{user}{password}@{host}:{settings['PORT'] or 5432}/{name}"
    yield {
        "DATABASE_URL": url,
        "VAR_DIR": str(tmp_path),
        "DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "werklab.settings",
    }
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def run(environment, *command):
    """A command of the product in a process of its own, on that database."""
    done = subprocess.run(
        [sys.executable, *command],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def enrol(server, number, barrier, answers):
    """One visitor: opens the form, waits for all the others, sends it."""
    with closing(server.connect()) as visitor:
        visitor.request("GET", "/meedoen/vol/aanmelden/")
        page = visitor.getresponse()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.read().decode())[1]
        cookie = page.headers["Set-Cookie"].split(";")[0]
        form = {
            "csrfmiddlewaretoken": token,
            "name": f"Mens {number}",
            "email": f"mens{number}@oss.example",
            "department": "Zorg en welzijn",
            "function": "Adviseur",
            "contact_frequency": "Elke maand",
        }
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        barrier.wait()
        visitor.request("POST", "/meedoen/vol/aanmelden/", urlencode(form), headers)
        answer = visitor.getresponse()
        answer.read()
        answers.append(answer.status)


@pytest.mark.req("REQ-043")
@pytest.mark.django_db(transaction=True)
def test_of_a_hundred_at_once_fifteen_get_a_seat_and_the_others_wait_in_order(environment):
    run(environment, "manage.py", "migrate", "-v0")
    run(environment, "manage.py", "createcachetable")
    run(environment, "manage.py", "webfont")
    run(environment, "manage.py", "collectstatic", "--noinput", "-v0")
    run(environment, "-m", "tests.journeys.race", "make")
    barrier, answers = threading.Barrier(PEOPLE), []

    with Server("werklab.wsgi:application", environment, workers=2) as server:
        visitors = [
            threading.Thread(target=enrol, args=(server, number, barrier, answers))
            for number in range(PEOPLE)
        ]
        for visitor in visitors:
            visitor.start()
        for visitor in visitors:
            visitor.join()

    found = json.loads(run(environment, "-m", "tests.journeys.race", "tell"))
    rows = found["rows"]
    assert answers == [302] * PEOPLE
    assert [seat for _number, seat, _status in rows[:15]] == list(range(1, 16))
    assert [status for _number, _seat, status in rows] == ["seated"] * 15 + ["waiting"] * 85
    first = rows[0][0]
    assert [number for number, *_ in rows] == list(range(first, first + PEOPLE))
    assert found["letters"] == PEOPLE
