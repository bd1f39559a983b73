"""Coffee visits, and the initiatives that take part in a lab."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sessions.models.boards import CardKind

# The five questions of a visit (REQ-060), which are columns on the board of session 1.
VISIT_KINDS = (
    CardKind.STRENGTH,
    CardKind.IMPACT,
    CardKind.EXPERIENCE,
    CardKind.IDEAL_OFFICIAL,
    CardKind.WISH,
)


class LabInitiative(models.Model):
    """An initiative that takes part in a lab: on the long list, visited, at the table, endorsing.

    LSA and the municipality each say yes or rather not; it is invited when both say yes. Their
    reasons are for each other, never for the initiative.
    """

    class Choice(models.TextChoices):
        YES = "yes", _("yes")
        RATHER_NOT = "rather_not", _("rather not")

    lab = models.ForeignKey("werklab.Lab", models.CASCADE, related_name="initiatives")
    initiative = models.ForeignKey(
        "initiatives.Initiative", models.PROTECT, related_name="lab_links"
    )
    lsa_says = models.CharField(
        _("what LSA thinks of it"), max_length=10, choices=Choice.choices, blank=True
    )
    lsa_why = models.CharField(_("why LSA thinks so"), max_length=200, blank=True)
    municipality_says = models.CharField(
        _("what the municipality thinks of it"), max_length=10, choices=Choice.choices, blank=True
    )
    municipality_why = models.CharField(
        _("why the municipality thinks so"), max_length=200, blank=True
    )
    name_in_report = models.BooleanField(
        _("the name of the initiative may stand in the advice"), default=False
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["lab", "initiative"], name="labinitiative_once_per_lab"
            ),
        )

    def __str__(self):
        return self.initiative.name


class Visit(models.Model):
    """A coffee visit of the group at an initiative, outside the town hall (REQ-016, REQ-058)."""

    class Answer(models.TextChoices):
        NONE = "none", _("asked")
        WELCOME = "welcome", _("welcome")
        OTHER_TIME = "other_time", _("another moment")
        NOT_NOW = "not_now", _("not this time")

    lab_session = models.ForeignKey("labsessions.LabSession", models.CASCADE, related_name="visits")
    guest_of = models.ForeignKey(LabInitiative, models.CASCADE, related_name="visits")
    place = models.CharField(_("where"), max_length=160)
    group_size = models.PositiveSmallIntegerField(_("how many civil servants"), default=5)
    route = models.CharField(_("how to get there"), max_length=200, blank=True)
    accessibility = models.CharField(_("accessibility"), max_length=200, blank=True)
    compensation = models.CharField(_("what they get for it"), max_length=120, blank=True)
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.NONE)
    slot = models.ForeignKey(
        "labsessions.VisitSlot", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    other_time = models.CharField(_("which moment does suit"), max_length=200, blank=True)
    note = models.TextField(_("what we should know"), max_length=500, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    sequence = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["lab_session", "guest_of"], name="visit_once_per_session"
            ),
            models.CheckConstraint(
                condition=~models.Q(place=""),
                name="visit_has_an_address",
                violation_error_message=_("Give the address where the group is welcome."),
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(answer="welcome", slot__isnull=False)
                    | (~models.Q(answer="welcome") & models.Q(slot__isnull=True))
                ),
                name="visit_welcome_means_a_slot",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(answer="none", answered_at__isnull=True)
                    | (~models.Q(answer="none") & models.Q(answered_at__isnull=False))
                ),
                name="visit_answer_has_a_time",
            ),
        )

    def __str__(self):
        return str(self.guest_of)

    @property
    def begins_at(self):
        """When the visit begins: the chosen moment, or else the last of those on offer."""
        if self.slot is not None:
            return self.slot.starts_at
        return max((slot.starts_at for slot in self.slots.all()), default=None)

    def can_be_answered(self, now=None):
        """Whether the initiative can still answer or change its answer: until the visit begins."""
        return self.begins_at is not None and (now or timezone.now()) < self.begins_at


class VisitSlot(models.Model):
    """A moment offered for a visit; one to three of them (REQ-058)."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="slots")
    number = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["visit", "number"], name="slot_number_once"),
            models.CheckConstraint(condition=models.Q(number__range=(1, 3)), name="slot_1_to_3"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="slot_ends_after_it_begins",
                violation_error_message=_("A visit ends after it begins."),
            ),
        )

    def __str__(self):
        return f"{self.starts_at:%Y-%m-%d %H:%M}"


class VisitGuest(models.Model):
    """A participant who comes along on a visit; per moment everybody is in one group."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="guests")
    enrolment = models.ForeignKey("werklab.Enrolment", models.CASCADE, related_name="visits")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["visit", "enrolment"], name="guest_once_per_visit"),
        )

    def __str__(self):
        return f"{self.enrolment} → {self.visit}"


class VisitNote(models.Model):
    """What was heard on a visit, in the residents' words, under one of the five questions.

    The initiative reads it by its link and may put it right. It goes on to the board, and so to
    the advice, when they agree or leave it unanswered for seven days.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SENT = "sent", _("with the initiative")
        AGREED = "agreed", _("agreed")

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="notes")
    kind = models.CharField(
        max_length=24,
        choices=[(kind.value, kind.label) for kind in VISIT_KINDS],
    )
    text = models.TextField(max_length=1000)
    by_initiative = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    sent_at = models.DateTimeField(null=True, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    card = models.OneToOneField(
        "labsessions.Card", models.SET_NULL, null=True, blank=True, related_name="note"
    )

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state="draft") | models.Q(sent_at__isnull=False),
                name="note_was_sent_before_it_is_agreed",
            ),
        )

    def __str__(self):
        return self.text[:60]
