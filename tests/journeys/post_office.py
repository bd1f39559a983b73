"""A mail server on loopback with bad days, and the worker as a process that can be killed."""

import asyncio
import contextlib
import random
import re
import subprocess
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from django.db import connection

from tests.served import HOST, ROOT, environment, free_port

PATIENCE = 30  # seconds
GONE = "gone-"  # who is addressed so is unknown at this mail server
MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.MULTILINE | re.IGNORECASE)


class Weather(SMTP):
    """A server whose moods are drawn from `moods`; without, it is only slow."""

    def __init__(self, *args, moods, **kwargs):
        super().__init__(*args, **kwargs)
        self.moods = moods

    async def smtp_DATA(self, arg):
        """Sometimes the server dies when it has half of the letter."""
        if not self.moods.dies_half_way():
            return await super().smtp_DATA(arg)
        await self.push("354 Go on")
        await self._reader.read(300)
        self.transport.abort()


class Moods:
    """What goes wrong, drawn from a seed so that a bad day can be lived again."""

    def __init__(self, seed, *, slow, chance=0.0):
        self.dice, self.slow, self.chance = random.Random(seed), slow, chance
        self.received, self.refused, self.troubles = [], 0, 0

    def trouble(self):
        """Whether it goes wrong here."""
        bad = self.dice.random() < self.chance
        self.troubles += bad
        return bad

    dies_half_way = trouble

    async def handle_MAIL(self, server, session, envelope, address, options):
        """Sometimes the line is cut before anything is said."""
        if self.trouble():
            server.transport.abort()
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        """Some people do not exist; sometimes a mailbox is locked for a moment."""
        if address.startswith(GONE):
            self.refused += 1
            return "550 5.1.1 No such person here"
        if self.trouble():
            return "451 4.2.1 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        """From here on the letter is ours: what we have counts as received."""
        await asyncio.sleep(self.dice.uniform(*self.slow))
        self.received.append(MESSAGE_ID.search(envelope.content)[1].decode())
        await asyncio.sleep(self.dice.uniform(*self.slow))
        return "250 Kept"


class PostOffice(Controller):
    def factory(self):
        return Weather(self.handler, moods=self.handler, enable_SMTPUTF8=True)


@contextlib.contextmanager
def post_office(moods):
    """The mail server; gives the variables by which a worker finds it and the test's database."""
    port = free_port()
    office = PostOffice(moods, hostname=HOST, port=port)
    office.start()
    try:
        yield {"EMAIL_URL": f"smtp://{HOST}:{port}", "DATABASE_URL": database_url()}
    finally:
        office.stop()


def database_url():
    """The address of the database on which this test runs."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    password = f":{found['PASSWORD']}" if found["PASSWORD"] else ""
    who = f"{found['USER'] or 'postgres'}{password}"
    return f"postgres://{who}@{found['HOST'] or HOST}:{found['PORT'] or 5432}/{found['NAME']}"


@contextlib.contextmanager
def at_work(variables, var):
    """`manage.py work` as a process of its own, at work already; it is killed at the end."""
    command = [sys.executable, "manage.py", "work", "--every", "0.1", "-v2"]
    variables = environment(var=var) | variables
    worker = subprocess.Popen(
        command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        assert worker.stdout.readline() == b"At work.\n"
        yield worker
    finally:
        worker.kill()
        worker.wait(PATIENCE)
        worker.stdout.close()
