"""Somebody's place in a lab, and what they agreed to."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


# The two lists below are questions P2 and P6 of the participants' intake: data, so in Dutch.
class Department(models.TextChoices):
    """The field of policy somebody works in; the label itself is stored."""

    CARE = "Zorg en welzijn", "Zorg en welzijn"
    WORK = "Werk en inkomen", "Werk en inkomen"
    YOUTH = "Onderwijs en jeugd", "Onderwijs en jeugd"
    SPACE = "Ruimte en wonen", "Ruimte en wonen"
    GREEN = "Beheer openbare ruimte en groen", "Beheer openbare ruimte en groen"
    ENERGY = "Duurzaamheid en energie", "Duurzaamheid en energie"
    TRAFFIC = "Verkeer en vervoer", "Verkeer en vervoer"
    SAFETY = "Veiligheid", "Veiligheid"
    CULTURE = "Cultuur, sport en evenementen", "Cultuur, sport en evenementen"
    ECONOMY = "Economie en vastgoed", "Economie en vastgoed"
    DISTRICTS = "Wijk- of gebiedsgericht werken", "Wijk- of gebiedsgericht werken"
    PARTICIPATION = "Communicatie en participatie", "Communicatie en participatie"
    PERMITS = "Vergunningen en toezicht", "Vergunningen en toezicht"
    LEGAL = "Juridische zaken, inkoop of financiën", "Juridische zaken, inkoop of financiën"
    MANAGEMENT = "Bestuur en management", "Bestuur en management"
    OTHER = "Anders, namelijk:", "Anders, namelijk:"


class ContactFrequency(models.TextChoices):
    """How often somebody meets initiative takers; the label itself is stored (REQ-110)."""

    WEEKLY = "Elke week", "Elke week"
    MONTHLY = "Elke maand", "Elke maand"
    YEARLY = "Een paar keer per jaar", "Een paar keer per jaar"
    RARELY = "Zelden of nooit", "Zelden of nooit"


class EnrolmentQuerySet(models.QuerySet):
    """Who is in, who waits, and which chairs are nobody else's."""

    def living(self):
        """Everybody who is in, on the list, or being considered."""
        return self.filter(status__in=Enrolment.LIVING)

    def seated(self):
        """Participants: people with a chair of their own."""
        return self.filter(status=Enrolment.Status.SEATED)

    def waiting(self):
        """The waiting list, first come first."""
        return self.filter(status=Enrolment.Status.WAITING).order_by("number")

    def on_a_chair(self):
        """Chairs that are nobody else's: taken, or held for somebody who has an offer."""
        return self.filter(seat__isnull=False)

    def on_a_chair_or_waiting(self):
        """The chairs that are taken, and an empty one for each person on the waiting list."""
        return self.filter(
            status__in=[
                Enrolment.Status.SEATED,
                Enrolment.Status.OFFERED,
                Enrolment.Status.WAITING,
            ]
        )

    def with_offer_that_ended(self, now):
        """Offers nobody answered in time."""
        return self.filter(status=Enrolment.Status.OFFERED, offered_until__lte=now)


class Enrolment(models.Model):
    """One person's place in one lab, from the form to the last session.

    An offered place holds its chair: a free seat under offer is nobody else's.
    """

    class Status(models.TextChoices):
        TO_CONFIRM = "to_confirm", _("waiting for the coordinator")
        WAITING = "waiting", _("on the waiting list")
        OFFERED = "offered", _("place offered")
        SEATED = "seated", _("takes part")
        WITHDRAWN = "withdrawn", _("withdrawn")
        REFUSED = "refused", _("not admitted")

    LIVING = ("to_confirm", "waiting", "offered", "seated")

    lab = models.ForeignKey("werklab.Lab", models.CASCADE, related_name="enrolments")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="enrolments")
    number = models.PositiveIntegerField()
    seat = models.PositiveSmallIntegerField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices)
    department = models.CharField(_("field of policy"), max_length=80)
    function = models.CharField(_("function"), max_length=80)
    contact_frequency = models.CharField(
        _("contact with initiatives"), max_length=30, choices=ContactFrequency.choices
    )
    offered_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    # Whether the action that hands out this object has just made it; set by `enrolment.enrol`.
    just_made = False

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["lab", "number"], name="enrolment_number_once"),
            models.UniqueConstraint(fields=["lab", "seat"], name="enrolment_one_per_seat"),
            models.UniqueConstraint(
                fields=["lab", "person"],
                condition=models.Q(status__in=["to_confirm", "waiting", "offered", "seated"]),
                name="enrolment_one_living_per_person",
            ),
            models.CheckConstraint(
                condition=models.Q(seat__isnull=True) | models.Q(seat__range=(1, 15)),
                name="enrolment_seat_1_to_15",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(status__in=["seated", "offered"], seat__isnull=False)
                    | models.Q(
                        status__in=["to_confirm", "waiting", "withdrawn", "refused"],
                        seat__isnull=True,
                    )
                ),
                name="enrolment_seat_fits_status",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(status="offered", offered_until__isnull=False)
                    | (~models.Q(status="offered") & models.Q(offered_until__isnull=True))
                ),
                name="enrolment_offer_has_an_end",
            ),
        )

    def __str__(self):
        return str(self.person)

    @property
    def is_living(self):
        """Whether this person can still give something back."""
        return self.status in self.LIVING

    @property
    def place_in_line(self):
        """The number on the waiting list, counted from 1; None for who is not on it."""
        if self.status != self.Status.WAITING:
            return None
        return self.lab.enrolments.waiting().filter(number__lte=self.number).count()


class Consent(models.Model):
    """One yes of a participant to one use (AVG art. 7): given apart, taken back as easily."""

    class Kind(models.TextChoices):
        NAME = "name", _("my name may stand in the advice")
        QUOTES = "quotes", _("my words may stand in the advice without my name")
        PHOTO = "photo", _("a group photo with me may be taken")

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="consents")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["enrolment", "kind"], name="consent_once_per_kind"),
        )

    def __str__(self):
        return self.get_kind_display()
