"""Getting acquainted with an initiative: the card, the talks, what was agreed."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from initiatives.models.register import Initiative
from initiatives.vocabularies import choices


class Acquaintance(models.Model):
    """The card on which both sides say what they are after; filled in together (REQ-131)."""

    initiative = models.OneToOneField(Initiative, models.CASCADE, related_name="acquaintance")
    goals_municipality = models.TextField(max_length=500, blank=True)
    goals_initiative = models.TextField(max_length=500, blank=True)
    wishes_municipality = models.TextField(max_length=500, blank=True)
    wishes_initiative = models.TextField(max_length=500, blank=True)
    interests_municipality = models.TextField(max_length=500, blank=True)
    interests_initiative = models.TextField(max_length=500, blank=True)
    expectations_municipality = models.TextField(max_length=500, blank=True)
    expectations_initiative = models.TextField(max_length=500, blank=True)
    together = models.TextField(_("here we meet"), max_length=500, blank=True)
    friction = models.TextField(_("here it rubs"), max_length=500, blank=True)
    talked_on = models.DateField(_("day of the talk"), null=True, blank=True)
    present = models.CharField(_("who were there"), max_length=200, blank=True)
    next_talk = models.CharField(_("when we talk again"), max_length=120, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return str(self.initiative)


class Conversation(models.Model):
    """One talk with an initiative: when, what sort, with whom, and what was said."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="conversations")
    held_on = models.DateField(_("day"))
    kind = models.CharField(
        _("sort of meeting"), max_length=20, choices=choices("contact_moment_kind")
    )
    present = models.CharField(_("who were there"), max_length=200, blank=True)
    notes = models.TextField(_("what was said"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-held_on", "-pk")

    def __str__(self):
        return f"{self.initiative}, {self.held_on:%Y-%m-%d}"


class Agreement(models.Model):
    """What was agreed with an initiative, what was not, and when they hear more (REQ-132).

    While nothing is decided there is a day on which they hear from us, news or not (REQ-095).
    """

    class Role(models.TextChoices):
        PROJECT_TEAM = "project_team", _("in the project team")
        PART_TEAM = "part_team", _("in a part of the project team")
        NONE = "none", _("in neither")

    OPEN = ("open", "intention")

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="agreements")
    what = models.CharField(_("what we agree"), max_length=200)
    what_not = models.CharField(_("what we expressly do not agree"), max_length=200, blank=True)
    who_municipality = models.CharField(
        _("who does it at the municipality"), max_length=80, blank=True
    )
    who_initiative = models.CharField(_("who does it at the initiative"), max_length=80, blank=True)
    role = models.CharField(
        _("role in the project"), max_length=12, choices=Role.choices, default=Role.NONE
    )
    decision = models.CharField(
        _("what was decided"), max_length=10, choices=choices("decision_status"), default="open"
    )
    decider = models.CharField(_("who decides"), max_length=80, blank=True)
    term = models.CharField(_("when"), max_length=80, blank=True)
    next_message_on = models.DateField(
        _("when they hear from us, also without news"), null=True, blank=True
    )
    means = models.CharField(_("what is needed"), max_length=200, blank=True)
    shown = models.BooleanField(_("the initiative sees it"), default=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(decision__in=["open", "intention"])
                | models.Q(next_message_on__isnull=False),
                name="agreement_open_has_a_next_message",
                violation_error_message=_(
                    "Nothing is decided yet. Say when they hear from you, also without news."
                ),
            ),
        )

    def __str__(self):
        return self.what
