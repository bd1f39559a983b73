"""Coffee visits, and the initiatives that take part in a lab."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class LabInitiative(models.Model):
    """An initiative that takes part in a lab: visited, at the table, asked to endorse."""

    lab = models.ForeignKey("werklab.Lab", models.CASCADE, related_name="initiatives")
    initiative = models.ForeignKey(
        "initiatives.Initiative", models.PROTECT, related_name="lab_links"
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
