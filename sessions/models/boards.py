"""The boards of the sessions: columns, cards and dots."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


# A vocabulary: data, so in Dutch.
class CardKind(models.TextChoices):
    """What a card says; each kind has a column where the lab's programme asks for it."""

    STRENGTH = "strength", "Kracht"
    IMPACT = "impact", "Betekenis voor de buurt"
    EXPERIENCE = "experience", "Zo ervaren zij de samenwerking"
    IDEAL_OFFICIAL = "ideal_official", "De ideale ambtenaar"
    WISH = "wish", "Zo werken zij het liefst samen"
    SURPRISE = "surprise", "Verrassingen"
    QUOTE = "quote", "Uitspraken"
    AGREEMENT_IDEA = "agreement_idea", "Afspraken"
    GOVERNMENT_VIEW = "government_view", "Wat voor overheid zijn wij?"
    EXPECTATION_MUNICIPALITY = "expectation_municipality", "Wat wij van initiatieven verwachten"
    EXPECTATION_INITIATIVE = "expectation_initiative", "Wat initiatieven van ons verwachten"
    OBSTACLE = "obstacle", "Knelpunten"
    COLLABORATION_FORM = "collaboration_form", "Vormen van samenwerken"
    INSTRUMENT = "instrument", "Middelen en regelingen"
    DO = "do", "Doen"
    DONT = "dont", "Niet doen"
    OPEN_QUESTION = "open_question", "Open vragen"
    ROLE = "role", "Mijn rol"
    SKILL = "skill", "Vaardigheden"
    NEED_SELF = "need_self", "Nodig van mijzelf"
    NEED_INITIATIVES = "need_initiatives", "Nodig van initiatiefnemers"
    NEED_ORGANISATION = "need_organisation", "Nodig van de organisatie en leiding"
    NEED_COLLEAGUES = "need_colleagues", "Nodig van collega's"
    SHARED_VIEW = "shared_view", "Onze kijk op samenwerken"


class Side(models.TextChoices):
    """Who says it: kept on every card (REQ-087)."""

    MUNICIPALITY = "municipality", _("municipality")
    INITIATIVE = "initiative", _("initiative")
    TOGETHER = "together", _("together")


class Column(models.Model):
    """One column of a session's board, copied from the template into the lab (REQ-042)."""

    lab_session = models.ForeignKey(
        "labsessions.LabSession", models.CASCADE, related_name="columns"
    )
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=30, choices=CardKind.choices)
    block = models.CharField(max_length=80)
    title = models.CharField(max_length=80)
    question = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("order",)
        constraints = (
            models.UniqueConstraint(fields=["lab_session", "kind"], name="column_once_per_kind"),
            models.UniqueConstraint(fields=["lab_session", "order"], name="column_order_once"),
        )

    def __str__(self):
        return self.title


class Card(models.Model):
    """One thing that was said, on one column. Unnamed means: no author in the database, for nobody.

    Who wrote an unnamed card can take it away with a secret that only their browser keeps. The
    secret follows from the form it was written in: the same form sent twice is the same card.
    """

    MOST_CHARACTERS = 280

    column = models.ForeignKey(Column, models.CASCADE, related_name="cards")
    text = models.CharField(_("card"), max_length=MOST_CHARACTERS)
    side = models.CharField(max_length=12, choices=Side.choices, default=Side.MUNICIPALITY)
    named = models.BooleanField(default=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="cards"
    )
    initiative = models.ForeignKey(
        "labsessions.LabInitiative", models.SET_NULL, null=True, blank=True, related_name="cards"
    )
    heard_at = models.ForeignKey(
        "labsessions.LabInitiative", models.SET_NULL, null=True, blank=True, related_name="heard"
    )
    secret_digest = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(named=True)
                | models.Q(author__isnull=True, initiative__isnull=True),
                name="card_unnamed_has_no_author",
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="card_says_something"),
            models.UniqueConstraint(
                fields=["secret_digest"],
                condition=~models.Q(secret_digest=""),
                name="card_once_per_form",
            ),
        )

    def __str__(self):
        return self.text


class Vote(models.Model):
    """One dot of one person on one card."""

    MOST_PER_SESSION = 5

    card = models.ForeignKey(Card, models.CASCADE, related_name="votes")
    voter = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="votes")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["card", "voter"], name="vote_once_per_card"),
        )

    def __str__(self):
        return str(self.card_id)
