"""Municipalities, labs, who has a role in them, and what happened."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Municipality(models.Model):
    """A Dutch municipality (CBS 2026), or a fictional one in the demo."""

    code = models.CharField(max_length=6, unique=True)
    name = models.CharField(_("name"), max_length=60)
    province = models.CharField(_("province"), max_length=30)
    mail_domains = models.JSONField(_("mail domains"), default=list, blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "municipalities"

    def __str__(self):
        return self.name

    def owns_address(self, email):
        """Whether an address ends in one of the municipality's own mail domains."""
        return email.rpartition("@")[2].lower() in self.mail_domains


class LabQuerySet(models.QuerySet):
    """Labs with what pages about them show."""

    def with_programme(self):
        """With municipality and sessions, for pages that show dates."""
        return self.select_related("municipality").prefetch_related("sessions")

    def with_stage(self, now=None):
        """With `stage`: which of `Lab.Phase` this is, counted from 0, as `Lab.phase` tells it.

        Also `session_1`, the first session, and `session_3`, to sort and filter on. A test holds
        the calendar of the database and that of `Lab.phase` equal.
        """
        now = now or timezone.now()
        today, phases = timezone.localdate(now), list(Lab.Phase)
        begun = models.Q(session_1__starts_at__lte=now)
        to_come = models.Q(session_3__ends_at__isnull=True) | models.Q(session_3__ends_at__gt=now)
        ways = (
            (models.Q(status=Lab.Status.REQUESTED), Lab.Phase.REQUEST),
            (models.Q(status=Lab.Status.PREPARING), Lab.Phase.PREPARATION),
            (models.Q(status=Lab.Status.CLOSED), Lab.Phase.FINISHED),
            (models.Q(status=Lab.Status.CANCELLED), Lab.Phase.CANCELLED),
            (begun & to_come, Lab.Phase.SESSIONS),
            (begun & models.Q(presentation__date__lt=today), Lab.Phase.FOLLOW_UP),
            (begun, Lab.Phase.ADVICE),
            (models.Q(enrol_until__gte=today), Lab.Phase.RECRUITMENT),
        )
        whens = (models.When(way, then=models.Value(phases.index(phase))) for way, phase in ways)
        intake = models.Value(phases.index(Lab.Phase.INTAKE))
        numbered = {
            f"session_{n}": models.FilteredRelation(
                "sessions", condition=models.Q(sessions__number=n)
            )
            for n in (1, 3)
        }
        case = models.Case(*whens, default=intake, output_field=models.SmallIntegerField())
        return self.annotate(**numbered).annotate(stage=case)

    def short_of_people(self, now=None, notice=timedelta(days=14)):
        """Live labs that enrolment leaves with too few: it closes soon or has, and session 1 waits.

        With `taken`, how many take part.
        """
        now = now or timezone.now()
        seated = models.Q(enrolments__status="seated")
        soon = self.filter(
            status=Lab.Status.LIVE, enrol_until__lte=timezone.localdate(now) + notice
        )
        begun = soon.filter(sessions__number=1, sessions__starts_at__lte=now).values("pk")
        return (
            soon.exclude(pk__in=begun)
            .annotate(taken=models.Count("enrolments", filter=seated))
            .filter(taken__lt=Lab.MIN_PARTICIPANTS)
        )


class Lab(models.Model):
    """One series of three sessions for one group from one municipality (REQ-028).

    A lab takes 10 to 15 participants (REQ-043): with fewer there is too little to learn from
    each other, with more not everybody gets to speak.

    What people decide is stored in `status`; where a living lab stands on its way is told by
    the calendar, in `phase`.
    """

    MIN_PARTICIPANTS = 10
    MAX_PARTICIPANTS = 15

    class Status(models.TextChoices):
        REQUESTED = "requested", _("requested")
        PREPARING = "preparing", _("in preparation")
        LIVE = "live", _("live")
        CLOSED = "closed", _("finished")
        CANCELLED = "cancelled", _("cancelled")

    class Format(models.TextChoices):
        THREE_SESSIONS = "three_sessions", _("Three separate sessions")
        ONE_DAY = "one_day", _("Three parts of one day")

    class Phase(models.TextChoices):
        REQUEST = "request", _("Request")
        PREPARATION = "preparation", _("Preparation")
        RECRUITMENT = "recruitment", _("Enrolment")
        INTAKE = "intake", _("Intake")
        SESSIONS = "sessions", _("Sessions")
        ADVICE = "advice", _("Advice")
        FOLLOW_UP = "follow_up", _("Looking back")
        FINISHED = "finished", _("Finished")
        CANCELLED = "cancelled", _("Cancelled")

    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="labs")
    title = models.CharField(_("title"), max_length=80)
    slug = models.SlugField(_("web address"), unique=True)
    join_code = models.SlugField(max_length=20, unique=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PREPARING)
    format = models.CharField(
        _("form"), max_length=14, choices=Format.choices, default=Format.THREE_SESSIONS
    )
    capacity = models.PositiveSmallIntegerField(_("places"), default=MAX_PARTICIPANTS)
    enrol_until = models.DateField(_("enrolment closes on"), null=True, blank=True)
    contact_name = models.CharField(_("contact person"), max_length=80, blank=True)
    contact_email = models.EmailField(_("contact address"), blank=True)
    contact_phone = models.CharField(_("phone number for questions"), max_length=20, blank=True)
    approves_enrolments = models.BooleanField(
        _("the coordinator says yes to each enrolment"), default=False
    )
    decide_on = models.DateField(
        _("day on which you decide whether it goes on"), null=True, blank=True
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_why = models.TextField(_("why it goes on with fewer people"), blank=True)
    cancelled_why = models.TextField(_("why it does not go on"), blank=True)
    price = models.CharField(_("agreed price"), max_length=80, blank=True)
    staff_notes = models.TextField(_("notes for LSA"), blank=True)
    shared_view = models.TextField(_("our shared view"), blank=True)
    looking_back = models.TextField(_("looking back"), blank=True)
    last_number = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = LabQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(capacity__range=(10, 15)),
                name="lab_takes_10_to_15",
                violation_error_message=_("A lab takes 10 to 15 participants."),
            ),
            models.CheckConstraint(
                condition=~models.Q(status="live") | models.Q(enrol_until__isnull=False),
                name="lab_live_has_closing_date",
                violation_error_message=_("Choose a day on which enrolment closes."),
            ),
            models.CheckConstraint(
                condition=~models.Q(status="live") | ~models.Q(contact_phone=""),
                name="lab_live_has_phone",
                violation_error_message=_("Give a phone number for questions."),
            ),
        )

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("werklab:lab", args=[self.slug])

    def programme(self):
        """The sessions in order; no query when they were prefetched."""
        return sorted(self.sessions.all(), key=lambda session: session.number)

    @property
    def starts_at(self):
        """When the first session begins, or None while it has no date."""
        return next((s.starts_at for s in self.programme() if s.number == 1), None)

    @property
    def ends_at(self):
        """When the last session ends, or None while it has no date."""
        return next((s.ends_at for s in self.programme() if s.number == 3), None)

    def has_begun(self, now=None):
        """Whether session 1 has started: from then on nobody is promoted from the waiting list."""
        return self.starts_at is not None and self.starts_at <= (now or timezone.now())

    def takes_enrolments(self, now=None):
        """Whether the public form is open: live, before the closing date and session 1."""
        now = now or timezone.now()
        return (
            self.status == self.Status.LIVE
            and self.enrol_until is not None
            and timezone.localdate(now) <= self.enrol_until
            and not self.has_begun(now)
        )

    def intake_deadline(self, now=None):
        """Before which day we ask for the intake: a week before session 1, if still to come."""
        today = timezone.localdate(now or timezone.now())
        first_day = timezone.localdate(self.starts_at) if self.starts_at else today
        return max(first_day - timedelta(days=7), min(today, first_day))

    def link_expiry(self):
        """When personal links die: 30 days after their purpose.

        That is looking back at what came of the advice, three months after session 3.
        """
        return (self.ends_at or timezone.now()) + timedelta(days=90 + 30)

    def phase(self, now=None, presented_on=None):
        """Where this lab stands today; `presented_on` is the management team's day, if known."""
        now = now or timezone.now()
        today = timezone.localdate(now)
        fixed: dict[str, Lab.Phase] = {
            self.Status.REQUESTED: self.Phase.REQUEST,
            self.Status.PREPARING: self.Phase.PREPARATION,
            self.Status.CLOSED: self.Phase.FINISHED,
            self.Status.CANCELLED: self.Phase.CANCELLED,
        }
        if self.status in fixed:
            return fixed[self.status]
        if self.takes_enrolments(now):
            return self.Phase.RECRUITMENT
        if not self.has_begun(now):
            return self.Phase.INTAKE
        if self.ends_at is None or now < self.ends_at:
            return self.Phase.SESSIONS
        if presented_on is None or today <= presented_on:
            return self.Phase.ADVICE
        return self.Phase.FOLLOW_UP


class LabRequest(models.Model):
    """What a municipality asked for on the public page, and what became of it.

    `lab` is the werklab that was made of it; `declined_at` says that none will be.
    """

    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="lab_requests")
    name = models.CharField(_("name"), max_length=80)
    email = models.EmailField(_("e-mail address"))
    phone = models.CharField(_("phone number"), max_length=20, blank=True)
    function = models.CharField(_("function"), max_length=80, blank=True)
    wish = models.TextField(_("what you want to learn or change"))
    period = models.CharField(_("when, roughly"), max_length=120, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    lab = models.OneToOneField(
        Lab, models.SET_NULL, null=True, blank=True, related_name="lab_request"
    )
    declined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(lab__isnull=True) | models.Q(declined_at__isnull=True),
                name="labrequest_one_outcome",
            ),
        )

    def __str__(self):
        return f"{self.municipality}, {self.name}"


class LabRole(models.Model):
    """What somebody is in a lab: one of its two trainers, or coordinator at the municipality.

    A trainer sits on one of two chairs, one per background, so that a lab can never have three
    trainers or two of the same side (REQ-037, REQ-038). A participant is an `Enrolment`.
    """

    class Role(models.TextChoices):
        TRAINER = "trainer", _("trainer")
        COORDINATOR = "coordinator", _("coordinator")

    class Chair(models.TextChoices):
        MUNICIPAL = "municipal", _("knows the municipality")
        INITIATIVES = "initiatives", _("knows initiatives")

    lab = models.ForeignKey(Lab, models.CASCADE, related_name="roles")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="lab_roles")
    role = models.CharField(max_length=12, choices=Role.choices)
    chair = models.CharField(max_length=12, choices=Chair.choices, blank=True)

    class Meta:
        ordering = ("-chair", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["lab", "chair"],
                condition=models.Q(role="trainer"),
                name="labrole_one_trainer_per_chair",
            ),
            models.UniqueConstraint(
                fields=["lab", "user", "role"],
                name="labrole_once_per_person",
                violation_error_message=_("Choose two different trainers."),
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(role="trainer", chair__in=["municipal", "initiatives"])
                    | models.Q(role="coordinator", chair="")
                ),
                name="labrole_trainers_have_a_chair",
            ),
        )

    def __str__(self):
        return f"{self.user} ({self.get_role_display()})"


class Event(models.Model):
    """One line in a lab's logbook: who did what, on what, when and by which way.

    Never a token, an answer, or the writer of an unnamed card. `detail` is for programs: what came
    of it, as in "seat 3" or "waiting".
    """

    class Via(models.TextChoices):
        ACCOUNT = "account", _("signed in")
        LINK = "link", _("by personal link")
        FORM = "form", _("by the public form")
        WORKER = "worker", _("by itself")

    lab = models.ForeignKey(Lab, models.CASCADE, null=True, related_name="events")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=120, blank=True)
    name = models.CharField(max_length=40)
    about = models.CharField(max_length=120, blank=True)
    detail = models.CharField(max_length=40, blank=True)
    object_type = models.CharField(max_length=30, blank=True)
    object_id = models.BigIntegerField(null=True)
    via = models.CharField(max_length=8, choices=Via.choices, default=Via.ACCOUNT)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=["lab", "-at"], name="event_by_lab"),)

    def __str__(self):
        return self.name
