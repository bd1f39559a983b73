"""Run in a process of its own by `test_many_hands`: 200 people at one lab, and the judge after it.

    python -m tests.journeys.hands <port> <seconds>

Everything is done as people do it: by the public form and by the page behind their own link, over
connections that stay open. Only who has which link is read from the database, as from a mail.
"""

import json
import random
import re
import sys
import threading
import time
from collections import Counter
from datetime import timedelta
from http.client import HTTPConnection
from urllib.parse import urlencode

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import close_old_connections, connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from tests.factories import LabFactory, MunicipalityFactory  # noqa: E402
from tests.werklab.enrolment_rules import agrees  # noqa: E402
from werklab import links  # noqa: E402
from werklab.enrolment import end_offers  # noqa: E402
from werklab.letters import link_of  # noqa: E402
from werklab.models import Enrolment, Event, Lab, OutgoingMail  # noqa: E402

EVERYTHING, LONGER = ("enrol", "withdraw", "accept", "hand over"), 60
PEOPLE, CONNECTIONS = 200, 16
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
ANSWERS = {"department": "Veiligheid", "function": "Adviseur", "contact_frequency": "Elke week"}


class Visitor:
    """One connection: a browser that somebody uses, and then somebody else."""

    def __init__(self, port, number, counts):
        # Each from an address of its own: one address may send the form so many times an hour.
        source = (f"127.0.0.{number + 2}", 0)
        self.http = HTTPConnection("127.0.0.1", port, timeout=60, source_address=source)
        self.dice, self.counts, self.cookies = random.Random(number), counts, {}

    def ask(self, method, path, form=None):
        """One request; 2xx, 3xx, and the answers that a race may rightly have, are good."""
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        body = None
        if form is not None:
            body = urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.http.request(method, path, body, headers)
        response = self.http.getresponse()
        page = response.read().decode()
        for cookie in response.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        self.counts[f"status {response.status}"] += 1
        if response.status >= 500 or response.status in (400, 403):
            self.counts["errors"] += 1
        return response.status, page

    def send(self, page_path, form, action_path=None):
        """Open a page and send its form, or another of the pages behind it."""
        status, page = self.ask("GET", page_path)
        if status == 200 and (token := TOKEN.search(page)):
            form = {"csrfmiddlewaretoken": token[1]} | form
            self.ask("POST", action_path or page_path, form)

    def enrol(self, person):
        self.cookies = {}
        form = {"name": f"Mens {person}", "email": f"m{person}@oss.example", **ANSWERS}
        self.send("/meedoen/vol/aanmelden/", form)

    def come(self, place):
        """By the link from the mail, and the button on its page."""
        self.cookies = {}
        self.send(links.path(link_of(place)), {})

    def act(self, lab):
        """Somebody does one thing that people do who stand where they stand."""
        person, living = self.dice.randrange(PEOPLE), lab.enrolments.living()
        mine = living.filter(person__email=f"m{person}@oss.example")
        if self.dice.random() < 0.6:  # most of the two hundred wait: who has a chair does more
            mine = living.filter(seat=self.dice.randint(1, 15))
        place = mine.select_related("person", "lab").first()
        base = f"/werklabs/{lab.slug}/plek/"
        if place is None:
            what = "enrol"
            self.enrol(person)
        elif place.status == "waiting" and self.dice.random() < 0.8:
            what = "look"
            self.ask("GET", "/meedoen/vol/")
        else:
            self.come(place)
            if place.status == "offered":
                what = self.dice.choice(["accept", "accept", "accept", "decline"])
                answer = "no" if what == "decline" else "yes"
                self.send(base, {"answer": answer}, base + "aanbod/")
            elif place.status == "seated" and self.dice.random() < 0.5:
                what, other = "hand over", self.dice.randrange(PEOPLE)
                form = {"name": f"Mens {other}", "email": f"m{other}@oss.example"}
                form |= {key: ANSWERS[key] for key in ("function", "contact_frequency")}
                self.send(base + "overdragen/", form)
            else:
                what = "withdraw"
                self.send(base, {}, base + "teruggeven/")
        self.counts[what] += 1

    def run(self, lab, day):
        try:
            while day.goes_on():
                try:
                    self.act(lab)
                except Exception as error:
                    self.counts["errors"] += 1
                    self.counts[f"{type(error).__name__}: {error}"[:120]] += 1
                    self.http.close()
        finally:
            connection.close()


class Day:
    """So many seconds, and on a slow machine longer: until everything has happened a few times."""

    def __init__(self, seconds, counts):
        self.ends, self.counts = time.monotonic() + seconds, counts

    def goes_on(self):
        over = time.monotonic() - self.ends
        return over < 0 or (over < LONGER and not all(map(self.happened, EVERYTHING)))

    def happened(self, what):
        return sum(counts[what] for counts in self.counts) >= 3


def clockwork(lab, day, counts):
    """The worker's part, with offers that end while people are saying yes to them."""
    try:
        while day.goes_on():
            offers = Enrolment.objects.filter(lab=lab, status="offered")
            some = offers.order_by("?").values_list("pk", flat=True)[:1]
            soon = timezone.now() + timedelta(milliseconds=150)
            Enrolment.objects.filter(pk__in=list(some), status="offered").update(offered_until=soon)
            time.sleep(0.2)
            try:
                counts["ended"] += end_offers()
            except Exception as error:
                counts["errors"] += 1
                counts[f"worker {type(error).__name__}: {error}"[:120]] += 1
            time.sleep(0.1)
    finally:
        connection.close()


def judged(lab):
    """What the record of events says, held against the rows; and how many were told of a chair."""
    lab = Lab.objects.get(pk=lab.pk)
    places = agrees(lab)
    seated = Event.objects.filter(lab=lab, detail__startswith="seat ").count()
    told = OutgoingMail.objects.filter(lab=lab, kind="place_confirmed").count()
    return {
        "most": places.most,
        "seated": len(places.seated),
        "offered": len(places.offered),
        "waiting": len(places.waiting),
        "events": lab.events.count(),
        "seats given": seated,
        "confirmations": told,
    }


def main(port, seconds):
    municipality = MunicipalityFactory(mail_domains=["oss.example"])
    lab = LabFactory(municipality=municipality, join_code="vol")
    counts = [Counter() for _ in range(CONNECTIONS + 1)]
    day = Day(seconds, counts)
    hands = [Visitor(port, number, counts[number]) for number in range(CONNECTIONS)]
    threads = [threading.Thread(target=hand.run, args=(lab, day)) for hand in hands]
    threads.append(threading.Thread(target=clockwork, args=(lab, day, counts[-1])))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    close_old_connections()
    total = sum(counts, Counter())
    requests = sum(count for name, count in total.items() if name.startswith("status "))
    told = {"requests": requests, "errors": total["errors"], "counts": dict(total)}
    print(json.dumps(told | judged(lab)))


assert settings.SECRET_KEY, "the links in the mails are made with it"
main(int(sys.argv[1]), float(sys.argv[2]))
