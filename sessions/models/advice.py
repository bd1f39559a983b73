"""Advice, where it comes from, who stands behind it, and the final report."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Term(models.TextChoices):
    """By when; a vocabulary, so its labels are Dutch data."""

    NOW = "now", "Binnen een maand"
    QUARTER = "quarter", "Binnen drie maanden"
    HALF_YEAR = "half_year", "Binnen een half jaar"
    YEAR = "year", "Binnen een jaar"
    ONGOING = "ongoing", "Doorlopend"


class Advice(models.Model):
    """One advice to the management team, written by the participants (REQ-115).

    `text_version` goes up when its words change: an endorsement is of one text.
    """

    lab = models.ForeignKey("werklab.Lab", models.CASCADE, related_name="advices")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("advice in one sentence"), max_length=120)
    text = models.TextField(_("what do we advise?"), max_length=1500, blank=True)
    why = models.TextField(_("why?"), max_length=1500, blank=True)
    for_whom = models.CharField(_("for whom is it?"), max_length=160, blank=True)
    first_step = models.CharField(_("first step"), max_length=280, blank=True)
    owner = models.CharField(_("who does it?"), max_length=160, blank=True)
    term = models.CharField(_("when?"), max_length=10, choices=Term.choices, blank=True)
    needs = models.CharField(_("what does it ask?"), max_length=160, blank=True)
    text_version = models.PositiveIntegerField(default=1)
    sources = models.ManyToManyField(
        "labsessions.Card", through="labsessions.AdviceSource", related_name="advices"
    )
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("position", "pk")

    def __str__(self):
        return self.title


class AdviceSource(models.Model):
    """Where an advice comes from: a card of a session. Such a card cannot be deleted (REQ-117)."""

    advice = models.ForeignKey(Advice, models.CASCADE, related_name="source_links")
    card = models.ForeignKey("labsessions.Card", models.PROTECT, related_name="advice_links")

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=["advice", "card"], name="source_once_per_advice"),
        )

    def __str__(self):
        return f"{self.advice_id} – {self.card_id}"


class Endorsement(models.Model):
    """What an initiative says of one advice, in one version of its text (REQ-118)."""

    class Answer(models.TextChoices):
        YES = "yes", _("endorses")
        YES_IF = "yes_if", _("endorses, if")
        NO = "no", _("does not endorse")
        NO_OPINION = "no_opinion", _("no opinion")

    advice = models.ForeignKey(Advice, models.CASCADE, related_name="endorsements")
    initiative = models.ForeignKey(
        "labsessions.LabInitiative", models.CASCADE, related_name="endorsements"
    )
    answer = models.CharField(max_length=10, choices=Answer.choices)
    words = models.CharField(_("in your own words"), max_length=500, blank=True)
    text_version = models.PositiveIntegerField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("initiative_id",)
        constraints = (
            models.UniqueConstraint(
                fields=["advice", "initiative"], name="endorsement_once_per_initiative"
            ),
            models.CheckConstraint(
                condition=~models.Q(answer="yes_if") | ~models.Q(words=""),
                name="endorsement_if_says_what",
                violation_error_message=_("Write down under which condition."),
            ),
        )

    def __str__(self):
        return self.get_answer_display()


class Presentation(models.Model):
    """The meeting of the management team where the advice is presented (REQ-120)."""

    lab = models.OneToOneField("werklab.Lab", models.CASCADE, related_name="presentation")
    date = models.DateField(_("day"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=160, blank=True)
    answer_by = models.DateField(_("we ask for an answer before"), null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return str(self.date or "")


class Presenter(models.Model):
    """One of the two initiative takers who join at the management team (REQ-120)."""

    presentation = models.ForeignKey(Presentation, models.CASCADE, related_name="presenters")
    number = models.PositiveSmallIntegerField()
    initiative = models.ForeignKey(
        "labsessions.LabInitiative", models.CASCADE, related_name="presenters"
    )
    name = models.CharField(_("name"), max_length=80)
    name_in_report = models.BooleanField(_("this name may stand in the advice"), default=False)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(
                fields=["presentation", "number"], name="presenter_number_once"
            ),
            models.CheckConstraint(
                condition=models.Q(number__range=(1, 2)), name="presenter_two_at_most"
            ),
        )

    def __str__(self):
        return self.name


class ReportQuerySet(models.QuerySet):
    """Final reports, of which one stands."""

    def standing(self):
        """The final report that holds now; an older one stays for the record."""
        return self.filter(replaced_at__isnull=True)


class Report(models.Model):
    """A final report, byte for byte with its SHA-256. While one stands, the advice is frozen."""

    lab = models.ForeignKey("werklab.Lab", models.CASCADE, related_name="reports")
    number = models.PositiveSmallIntegerField()
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    replaced_at = models.DateTimeField(null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=["lab", "number"], name="report_number_once"),
            models.UniqueConstraint(
                fields=["lab"],
                condition=models.Q(replaced_at__isnull=True),
                name="report_one_standing",
            ),
        )

    def __str__(self):
        return f"{self.lab_id}-{self.number}"
