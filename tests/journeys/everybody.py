"""The demo's labs in the test database, with one person of each role in all of them."""

from dataclasses import dataclass
from importlib import import_module

from django.apps import apps

from initiatives.models import Theme
from sessions.models import Advice, Card, LabInitiative, Visit
from tests.factories import LabFactory, MunicipalityFactory, TrainerFactory
from werklab import links
from werklab.letters import link_of
from werklab.management.demo.load import load_demo, load_municipalities
from werklab.models import Enrolment, Lab, LabRole, PersonalLink, User

EMPTY = "leegdorp"


@dataclass
class Everybody:
    """Who and what the tests of all pages need."""

    staff: User
    trainer: User
    coordinator: User

    def lab(self, slug: str) -> Lab:
        """A lab of the demo, or the empty one."""
        return Lab.objects.get(slug=slug)

    def participant(self, slug: str) -> PersonalLink:
        """The personal link of somebody with a seat in this lab, with an intake under way."""
        enrolment = Enrolment.objects.select_related("lab", "person").filter(
            lab__slug=slug, status="seated"
        )
        return link_of(enrolment.order_by("seat").first())

    def visit(self, slug: str, answer: str) -> Visit:
        """A visit of this lab that was answered like this."""
        return Visit.objects.filter(lab_session__lab__slug=slug, answer=answer).first()

    def visit_link(self, slug: str, answer: str) -> PersonalLink:
        """The link by which that visit is answered."""
        visit = self.visit(slug, answer)
        lab = visit.lab_session.lab
        return links.link_for(
            "visit", visit.pk, lab=lab, behalf=str(visit), expires_at=lab.link_expiry()
        )

    def card(self, slug: str, number: int) -> Card:
        """A card of this session's board."""
        session = {"column__lab_session__lab__slug": slug, "column__lab_session__number": number}
        return Card.objects.filter(**session).first()

    def advice(self, slug: str) -> Advice:
        """The first advice of this lab."""
        return Advice.objects.filter(lab__slug=slug).first()

    def link(self, purpose: str, slug: str) -> PersonalLink:
        """A link of an initiative in this lab."""
        taker = LabInitiative.objects.select_related("lab", "initiative").filter(lab__slug=slug)
        first = taker.last()
        target = first.visits.first().pk if purpose == "visit" else first.pk
        return links.link_for(
            purpose, target, lab=first.lab, behalf=str(first), expires_at=first.lab.link_expiry()
        )


def demo_with_everybody() -> Everybody:
    """Load the demo and a lab in which nothing happened yet, and give three people every lab."""
    if not Theme.objects.exists():  # a test on a real server empties every table behind it
        import_module("initiatives.migrations.0002_themes").add(apps, None)
    load_municipalities()
    load_demo()
    empty = LabFactory(
        municipality=MunicipalityFactory(name="Leegdorp"),
        slug=EMPTY,
        join_code=EMPTY,
        roles=False,
        taken=1,
    )
    trainer = TrainerFactory(name="Noor van Alles", email="noor.alles@werklab.example")
    coordinator = User.objects.get(email="roos.tanis@vlierhoven.example")
    LabRole.objects.filter(role="trainer", chair="municipal").update(user=trainer)
    LabRole.objects.filter(role="coordinator").update(user=coordinator)
    LabRole.objects.create(lab=empty, user=trainer, role="trainer", chair="municipal")
    LabRole.objects.create(lab=empty, user=coordinator, role="coordinator")
    staff = User.objects.get(email="lsa@werklab.example")
    return Everybody(staff=staff, trainer=trainer, coordinator=coordinator)
