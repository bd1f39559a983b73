"""The demo's labs in the test database, with one person of each role in all of them."""

from dataclasses import dataclass
from importlib import import_module

from django.apps import apps
from django.utils import timezone

from initiatives import agreements, profile_links, talks
from initiatives.models import Initiative, Theme
from sessions.models import Advice, Card, LabInitiative, Visit, VisitGuest, VisitNote
from tests.factories import LabFactory, LabRequestFactory, MunicipalityFactory, TrainerFactory
from werklab import links
from werklab.letters import link_of
from werklab.management.demo.load import load_demo, load_municipalities
from werklab.models import Enrolment, Lab, LabRequest, LabRole, OutgoingMail, PersonalLink, User

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

    def visited(self, slug: str) -> Visit:
        """An agreed visit of this lab with somebody in its group, and notes in every state."""
        visit = self.visit(slug, "welcome")
        VisitGuest.objects.get_or_create(visit=visit, enrolment_id=self.participant(slug).target_id)
        for state, kind in (("draft", "strength"), ("sent", "impact"), ("agreed", "wish")):
            at = None if state == "draft" else visit.asked_at
            words = {"text": "Hier helpt iedereen mee.", "sent_at": at, "agreed_at": at}
            visit.notes.get_or_create(state=state, kind=kind, defaults=words)
        return visit

    def note(self, slug: str) -> VisitNote:
        """A note that the initiative does not have yet."""
        return self.visited(slug).notes.get(state="draft")

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

    def letter(self, slug: str, state: str) -> OutgoingMail:
        """A letter of this lab in this state."""
        lab, person = self.lab(slug), self.participant(slug)
        text = f"Hoi,\n\nGa verder: {links.marked_url(person)}\n\nVragen? Bel 06 0000 0000."
        letter, _made = OutgoingMail.objects.get_or_create(
            lab=lab,
            kind="withdrawn",
            status=state,
            defaults={
                "to": "mirte@vlierhoven.example",
                "subject": "De zaal is veranderd",
                "text": text,
                "message_id": f"<{slug}-{state}@werklab.example>",
                "last_error": "SMTPRecipientsRefused: 550",
            },
        )
        return letter

    def talked(self) -> Initiative:
        """An initiative with its link, on which everything of getting acquainted was kept."""
        found = Initiative.objects.get(slug="natuurtuin-de-kruidhoek")
        if not found.conversations.exists():
            profile_links.renew(self.staff, found)
            said = {"goals_initiative": "Een tuin voor iedereen.", "next_talk": "In april."}
            talks.write_card(self.staff, found, None, **said)
            day = timezone.localdate()
            noted = {"kind": "coffee", "present": "Noor", "notes": "Er was soep."}
            talks.note(self.staff, found, held_on=day, **noted)
            agreements.agree(self.staff, found, what="We bellen.", next_message_on=day)
            agreements.agree(self.staff, found, what="Er komt water.", decision="decided")
        return found

    def profile_token(self) -> str:
        """The secret in that initiative's link."""
        return profile_links.path(self.talked().profile_link).split("/")[-2]

    def asked(self) -> LabRequest:
        """What a municipality asked for, not answered yet."""
        return LabRequest.objects.filter(lab=None, declined_at=None).first()

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
    LabRequestFactory(municipality=empty.municipality)
    LabRequestFactory(municipality=empty.municipality, lab=empty)
    trainer = TrainerFactory(name="Noor van Alles", email="noor.alles@werklab.example")
    coordinator = User.objects.get(email="roos.tanis@vlierhoven.example")
    LabRole.objects.filter(role="trainer", chair="municipal").update(user=trainer)
    LabRole.objects.filter(role="coordinator").update(user=coordinator)
    LabRole.objects.create(lab=empty, user=trainer, role="trainer", chair="municipal")
    LabRole.objects.create(lab=empty, user=coordinator, role="coordinator")
    staff = User.objects.get(email="lsa@werklab.example")
    return Everybody(staff=staff, trainer=trainer, coordinator=coordinator)
