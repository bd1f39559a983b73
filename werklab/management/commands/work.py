"""`manage.py work`: post letters and do what is due by the clock, until somebody says stop.

Several workers may run; each task is safe to run twice.
"""

import logging
import signal
import threading

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from initiatives import agreements, importing
from intake import answers
from sessions import reminders, visit_notes
from werklab import browsers, enrolment, mail, signing_in

log = logging.getLogger(__name__)

TASKS = [
    enrolment.end_offers,
    reminders.remind,
    agreements.remind,
    visit_notes.settle_notes,
    mail.deliver,
    answers.wipe_logistics,
    signing_in.wipe_codes,
    browsers.forget_ended,
    importing.throw_away_old,
]


def do_all() -> None:
    """Do every task once. One that fails is logged and does not hold up the others."""
    for task in TASKS:
        try:
            task()
        except Exception:
            log.exception("The worker could not finish %s.%s", task.__module__, task.__name__)


class Command(BaseCommand):
    help = "Post letters and do what is due by the clock."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="do everything once and stop")
        parser.add_argument("--every", type=float, default=5, help="seconds between two rounds")

    def handle(self, *args, once, every, **options):
        self.stop = threading.Event()
        if once:
            do_all()
            return
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self.stop_after_this_round)
        if options["verbosity"] > 1:
            self.stdout.write("At work.")
            self.stdout.flush()
        while not self.stop.is_set():
            close_old_connections()  # after a restart of the database
            do_all()
            self.stop.wait(every)

    def stop_after_this_round(self, number, frame):
        """A signal ends the worker neatly: what is in hand is finished first."""
        self.stop.set()
