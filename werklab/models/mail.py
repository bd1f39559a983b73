"""Letters that wait to be posted, and personal links."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OutgoingMailQuerySet(models.QuerySet):
    """The queue of letters, and the drafts that wait for somebody's yes."""

    def drafts(self):
        """Letters that go only when somebody presses "Verstuur", in the order they were written."""
        return self.filter(status=OutgoingMail.Status.DRAFT).order_by("created_at", "pk")

    def due(self, now):
        """What the worker may take: due, and not in another worker's hands."""
        return self.filter(status=OutgoingMail.Status.DUE, due_at__lte=now).filter(
            models.Q(leased_until__isnull=True) | models.Q(leased_until__lte=now)
        )


class OutgoingMail(models.Model):
    """One letter, written down with the change that caused it and posted by the worker.

    Personal links stand in it as signed marks (`~12.…~`), so that whoever reads the database cannot
    follow them; they become links when the letter is posted or shown. `once` names what may go out
    one time only (a reminder of this kind to this person on this day): whoever writes it a second
    time finds the first.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        DUE = "due", _("waiting to be posted")
        SENT = "sent", _("posted")
        FAILED = "failed", _("failed")
        DROPPED = "dropped", _("no longer needed")

    lab = models.ForeignKey("werklab.Lab", models.CASCADE, null=True, related_name="letters")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="letters"
    )
    kind = models.CharField(max_length=40)
    to = models.EmailField()
    reply_to = models.EmailField(blank=True)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    calendar = models.TextField(blank=True)
    once = models.CharField(max_length=120, unique=True, null=True, blank=True)
    message_id = models.CharField(max_length=120, unique=True)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.DUE)
    due_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (models.Index(fields=["status", "due_at"], name="letter_by_due"),)

    def __str__(self):
        return self.subject


class LetterText(models.Model):
    """The words of one kind of letter as a lab wants them, instead of those everybody has."""

    lab = models.ForeignKey("werklab.Lab", models.CASCADE, related_name="letter_texts")
    kind = models.CharField(max_length=40)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["lab", "kind"], name="lettertext_once_per_kind"),
        )

    def __str__(self):
        return self.subject


class NoMorePost(models.Model):
    """An address that wants no reminders and invitations of a lab any more (RFC 8058).

    Letters about an own place, visit or advice still go.
    """

    lab = models.ForeignKey("werklab.Lab", models.CASCADE, related_name="no_more_post")
    email = models.EmailField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["lab", "email"], name="nomorepost_once"),)

    def __str__(self):
        return self.email


class Invitation(models.Model):
    """Somebody who was asked to enrol in a lab, by name and address."""

    lab = models.ForeignKey("werklab.Lab", models.CASCADE, related_name="invitations")
    name = models.CharField(_("name"), max_length=80)
    email = models.EmailField(_("e-mail address"))
    letter = models.ForeignKey(OutgoingMail, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("created_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=["lab", "email"], name="invitation_once_per_address"),
        )

    def __str__(self):
        return self.name


class CalendarFeed(models.Model):
    """The secret address under which a calendar program follows somebody's meetings.

    As with a personal link the secret is not in the database: it follows from `nonce` and the
    server's key; renewing it writes another nonce.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed"
    )
    nonce = models.CharField(max_length=32, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return str(self.person)


class PersonalLink(models.Model):
    """A secret address for one person and one purpose; it works until it ends or is taken back.

    The secret itself is nowhere in the database: it follows from `nonce` and the server's key, and
    `digest` finds the row when somebody brings it.
    """

    class Purpose(models.TextChoices):
        ENROLMENT = "enrolment", _("own place and intake")
        VISIT = "visit", _("answer about a visit")
        BOARD = "board", _("cards of an initiative")
        ENDORSE = "endorse", _("endorse the advice")

    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    lab = models.ForeignKey("werklab.Lab", models.CASCADE, related_name="personal_links")
    target_id = models.BigIntegerField()
    behalf = models.CharField(max_length=120)
    nonce = models.CharField(max_length=32, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["purpose", "target_id"],
                condition=models.Q(revoked_at__isnull=True),
                name="link_one_living_per_target",
            ),
        )

    def __str__(self):
        return f"{self.purpose}: {self.behalf}"

    def is_alive(self, now=None):
        """Not taken back and not past its end."""
        return self.revoked_at is None and (now or timezone.now()) < self.expires_at
