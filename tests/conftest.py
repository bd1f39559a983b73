"""Fixtures that every test may use: people with a role, and clients signed in as them."""

from functools import lru_cache
from importlib import import_module

import pytest
from django.apps import apps
from django.core.cache import caches
from django.db import connection
from django.test import Client
from pytest_django.plugin import blocking_manager_key

from initiatives.models import Theme
from tests.factories import EnrolmentFactory, TrainerFactory, UserFactory
from werklab import printing
from werklab.access import COORDINATOR, PARTICIPANT, STAFF, TRAINER
from werklab.letters import link_of
from werklab.links import url
from werklab.models import Lab, LabRole, User

pytest_plugins = ["tests.browser", "tests.requirements_plugin"]
STRANGER = "stranger"
# Several processes each take the next file: what takes a minute begins first, so that none of them
# is still busy with it when the others are done.
LONGEST = [
    "journeys/test_every_page_of_labs.py",
    "journeys/test_post_day.py",
    "journeys/test_every_page_of_sessions.py",
    "house/test_run.py",
    "journeys/test_every_page_of_register.py",
    "journeys/test_many_hands.py",
    "sessions/test_shielded.py",
    "werklab/test_worker.py",
    "journeys/test_real_server.py",
    "werklab/test_enrolment_rules.py",
    "journeys/test_walks.py",
    "journeys/test_passkey.py",
    "journeys/test_overview.py",
    "werklab/test_second_factor.py",
]


def person_with(role: str, lab: Lab) -> User:
    """Somebody who has this role in this lab; a stranger has a role in no lab."""
    if role == STAFF:
        return UserFactory(is_staff=True)
    if role == PARTICIPANT:
        return EnrolmentFactory(lab=lab).person
    if role in (TRAINER, COORDINATOR):
        found = LabRole.objects.filter(lab=lab, role=role).select_related("user").first()
        if found:
            return found.user
        user = TrainerFactory() if role == TRAINER else UserFactory()
        chair = LabRole.Chair.MUNICIPAL if role == TRAINER else ""
        LabRole.objects.create(lab=lab, user=user, role=role, chair=chair)
        return user
    return UserFactory()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """The longest files first; the others stay in their order."""
    place = {f"tests/{name}": number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.nodeid.partition("::")[0], len(place)))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """PostgreSQL drops no database that somebody is in: a thread that served a browser may be."""
    yield
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )


@pytest.fixture(autouse=True)
def _database(db):
    """Nearly every test needs the database; saying so in each adds nothing."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """A test on a real server empties every table behind it: put back what a migration wrote."""
    done = yield
    emptied = {"transactional_db", "live_server"} & {*item.fixturenames} or is_transactional(item)
    if emptied and nextitem is not None:
        with django_db_blocker_of(item).unblock():
            caches["default"].clear()  # a table that is no model's: nobody empties it
            if not Theme.objects.exists():
                import_module("initiatives.migrations.0002_themes").add(apps, None)
    return done


def django_db_blocker_of(item):
    """What keeps tests without a database from reaching one."""
    return item.config.stash[blocking_manager_key]


def is_transactional(item):
    """Whether this test asked for real transactions by its mark."""
    mark = item.get_closest_marker("django_db")
    return bool(mark and mark.kwargs.get("transaction"))


@pytest.fixture(scope="session", autouse=True)
def _no_page_is_printed_twice():
    """The same HTML is the same PDF, byte for byte; the demo prints a report each time it loads."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(printing, "printed", lru_cache(maxsize=8)(printing.printed))
        yield


@pytest.fixture(autouse=True)
def _nothing_kept():
    """Pieces of pages are kept by primary key and version, which begin anew in the next test."""
    caches["fragments"].clear()


@pytest.fixture
def client_as():
    """`client_as("trainer", lab)`: a client signed in as somebody with that role in that lab."""

    def make(role: str, lab: Lab) -> Client:
        client = Client()
        client.force_login(person_with(role, lab))
        return client

    return make


@pytest.fixture
def by_link():
    """`by_link(enrolment)`: a client that came by that person's link and pressed "Ga verder"."""

    def make(enrolment) -> Client:
        client = Client()
        path = url(link_of(enrolment)).partition("//")[2].partition("/")[2]
        response = client.post(f"/{path}")
        assert response.status_code == 302
        return client

    return make
