"""The three sessions of a lab."""

from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class LabSessionQuerySet(models.QuerySet):
    """Sessions in which somebody cannot be in two places at once."""

    def led_by(self, trainers):
        """Sessions of labs that go on in which one of these people is a trainer: `busy` is who."""
        return (
            self.filter(lab__roles__role="trainer", lab__roles__user__in=trainers)
            .exclude(lab__status__in=["closed", "cancelled"])
            .annotate(busy=models.F("lab__roles__user__name"))
        )

    def overlapping(self, moments: Iterable[tuple[datetime, datetime]]):
        """Sessions that are on at one of these moments (begin, end)."""
        at_once = models.Q(pk__in=[])
        for starts_at, ends_at in moments:
            at_once |= models.Q(starts_at__lt=ends_at, ends_at__gt=starts_at)
        return self.filter(at_once)


class LabSession(models.Model):
    """One of the three sessions of a lab: 1 on coffee visits, 2 the collaboration, 3 your own role.

    They may be three parts of one day (REQ-073); initiatives may come later than civil servants
    (`initiatives_start_at`; empty: at the same time). A lab may lack dates, never half of one.
    """

    lab = models.ForeignKey("werklab.Lab", models.CASCADE, related_name="sessions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=120)
    goal = models.TextField(_("what it is about"), blank=True)
    starts_at = models.DateTimeField(_("begins"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    initiatives_start_at = models.DateTimeField(_("begins for initiatives"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=160, blank=True)
    route = models.CharField(_("how to get there"), max_length=200, blank=True)
    accessibility = models.CharField(_("accessibility"), max_length=200, blank=True)
    sequence = models.PositiveIntegerField(default=0)

    objects = LabSessionQuerySet.as_manager()

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["lab", "number"], name="labsession_number_once"),
            models.CheckConstraint(
                condition=models.Q(number__range=(1, 3)), name="labsession_1_to_3"
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(starts_at__isnull=True, ends_at__isnull=True)
                    | models.Q(ends_at__gt=models.F("starts_at"))
                ),
                name="labsession_ends_after_it_begins",
                violation_error_message=_("A session ends after it begins."),
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(initiatives_start_at__isnull=True)
                    | models.Q(
                        initiatives_start_at__gte=models.F("starts_at"),
                        initiatives_start_at__lt=models.F("ends_at"),
                    )
                ),
                name="labsession_initiatives_come_during_it",
                violation_error_message=_("Initiatives come between begin and end of a session."),
            ),
        )

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("sessions:session", args=[self.lab.slug, self.number])

    @property
    def begins_for_initiatives(self):
        """When initiatives are expected: at their own time, or with all others (REQ-076)."""
        return self.initiatives_start_at or self.starts_at

    @property
    def whereabouts(self):
        """Place, way and accessibility in one line, as letters and calendars tell it."""
        parts = (self.place, self.route, self.accessibility)
        return ". ".join(part.strip().rstrip(".") for part in parts if part.strip())


class KnownMoment(models.Model):
    """When and where somebody thinks that a session is: the letter that it moved is a draft yet.

    A session that is moved twice before the drafts go is told with the moment from before both.
    """

    letter = models.ForeignKey("werklab.OutgoingMail", models.CASCADE, related_name="known_moments")
    lab_session = models.ForeignKey(LabSession, models.CASCADE, related_name="known_moments")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=160, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["letter", "lab_session"], name="knownmoment_once_per_letter"
            ),
        )

    def __str__(self):
        return f"{self.lab_session}, {self.starts_at:%Y-%m-%d %H:%M}"
