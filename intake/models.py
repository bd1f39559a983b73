"""Questionnaires, and what participants and the organisation answered."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Questionnaire(models.Model):
    """A list of questions in one version; a changed question makes a new version.

    `digest` is the mark of its text in the file that it came from; `steps` holds the titles of its
    screens. Rows never change once they are there: answers belong to the words that were asked.
    """

    code = models.CharField(max_length=20)
    version = models.PositiveSmallIntegerField(default=1)
    digest = models.CharField(max_length=64)
    title = models.CharField(max_length=80)
    intro = models.TextField()
    steps = models.JSONField(default=list)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["code", "version"], name="questionnaire_version_once"),
            models.UniqueConstraint(fields=["code", "digest"], name="questionnaire_text_once"),
        )

    def __str__(self):
        return f"{self.title} ({self.version})"


class Question(models.Model):
    """One question: its words, how it is answered, on which screen, and who sees it with a name."""

    class Kind(models.TextChoices):
        TEXT = "text", _("a line")
        TEXTAREA = "textarea", _("text")
        SINGLE = "single", _("one choice")
        MULTI = "multi", _("several choices")
        SCALE5 = "scale5", _("a scale of five")
        MATRIX5 = "matrix5", _("statements on a scale of five")
        DATE = "date", _("a date")

    class Visibility(models.TextChoices):
        GROUP = "group", _("the trainers; the group sees a summary")
        TRAINERS = "trainers", _("the trainers alone")
        LOGISTICS = "logistics", _("the trainers; wiped after session 3")
        OPEN = "open", _("the coordinators and the trainers")
        WRITER = "writer", _("who wrote it and the trainers")

    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="questions")
    number = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=40)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    label = models.CharField(max_length=200)
    help = models.TextField(blank=True)
    required = models.BooleanField(default=False)
    options = models.JSONField(default=list, blank=True)
    rows = models.JSONField(default=list, blank=True)
    scale = models.JSONField(default=list, blank=True)
    most = models.PositiveSmallIntegerField(null=True, blank=True)
    step = models.PositiveSmallIntegerField()
    named = models.BooleanField(default=False)
    visibility = models.CharField(
        max_length=10, choices=Visibility.choices, default=Visibility.GROUP
    )

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["questionnaire", "key"], name="question_key_once"),
            models.UniqueConstraint(
                fields=["questionnaire", "number"], name="question_number_once"
            ),
            models.CheckConstraint(
                condition=models.Q(step__range=(1, 5)), name="question_on_one_of_five_screens"
            ),
        )

    def __str__(self):
        return self.label

    @property
    def audience(self):
        """Who sees the answer, in one word: what a page says above the questions that share it."""
        if self.visibility in (self.Visibility.OPEN, self.Visibility.WRITER):
            return self.visibility
        return "named" if self.named else "unnamed"


class Intake(models.Model):
    """One participant's intake: begun with the first screen kept, done when nothing is missing."""

    enrolment = models.OneToOneField("werklab.Enrolment", models.CASCADE, related_name="intake")
    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="intakes")
    started_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return str(self.enrolment)


class Answer(models.Model):
    """What somebody answered to one question. The shape of `value` follows the question's kind:

    text, textarea, single: a string; multi: a list of strings; scale5: 1 to 5; matrix5: a dict of
    row key to 1 to 5; date: an ISO string. Own words beside "Anders, namelijk:" stands in `other`.
    """

    intake = models.ForeignKey(Intake, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    value = models.JSONField()
    other = models.CharField(max_length=200, blank=True)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["intake", "question"], name="answer_once_per_question"),
        )

    def __str__(self):
        return self.question.label


class OrganisationIntake(models.Model):
    """The intake of a lab's organisation (REQ-039): answered by the coordinator, handed in, and
    then gone through with the trainers.

    `writer` began it, and later is who handed it in. The remark with which a trainer closes it is
    for trainers and coordinators.
    """

    lab = models.OneToOneField("werklab.Lab", models.CASCADE, related_name="organisation_intake")
    questionnaire = models.ForeignKey(
        Questionnaire, models.PROTECT, related_name="organisation_intakes"
    )
    writer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    started_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(default=timezone.now)
    handed_in_at = models.DateTimeField(null=True, blank=True)
    gone_through_at = models.DateTimeField(null=True, blank=True)
    gone_through_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    gone_through_on = models.DateField(_("when did you talk it over?"), null=True, blank=True)
    remark = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(gone_through_at__isnull=True)
                | models.Q(handed_in_at__isnull=False, gone_through_on__isnull=False),
                name="organisation_intake_handed_in_first",
            ),
        )

    def __str__(self):
        return str(self.lab)

    @property
    def is_settled(self):
        """Whether the trainers have gone through all that stands in it now."""
        return self.gone_through_at is not None and self.gone_through_at >= self.saved_at


class OrganisationAnswer(models.Model):
    """What the organisation answered to one question; `value` and `other` as in `Answer`.

    `writer` is who may read a sensitive answer, beside the trainers.
    """

    intake = models.ForeignKey(OrganisationIntake, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="organisation_answers")
    writer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    value = models.JSONField()
    other = models.CharField(max_length=200, blank=True)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["intake", "question"], name="organisation_answer_once_per_question"
            ),
        )

    def __str__(self):
        return self.question.label
