"""The three sessions of a lab."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class LabSession(models.Model):
    """One of the three sessions of a lab: 1 on coffee visits, 2 the collaboration, 3 your own role.

    They may be three parts of one day (REQ-073). An archived lab may lack dates, never half of one.
    """

    lab = models.ForeignKey("werklab.Lab", models.CASCADE, related_name="sessions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=120)
    goal = models.TextField(_("what it is about"), blank=True)
    starts_at = models.DateTimeField(_("begins"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=160, blank=True)
    sequence = models.PositiveIntegerField(default=0)

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
        )

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("sessions:session", args=[self.lab.slug, self.number])
