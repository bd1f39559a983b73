"""The register: initiatives, what they work on, and whom to call."""

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from initiatives.vocabularies import choices


class Theme(models.Model):
    """What initiatives work on; a vocabulary, so its labels are Dutch data."""

    code = models.SlugField(max_length=30, unique=True)
    label = models.CharField(max_length=60)
    help = models.CharField(max_length=120, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("order",)

    def __str__(self):
        return self.label


class Ownership(models.TextChoices):
    """Whose plan it is (REQ-098); a vocabulary, so in Dutch."""

    RESIDENTS = "residents", "Van de bewoners"
    GOVERNMENT = "government", "Van de gemeente"
    SHARED = "shared", "Van allebei"
    DISCUSS = "discuss", "Nog te bespreken"


class Source(models.TextChoices):
    """How an initiative came into the register."""

    OWN = "own", _("by themselves")
    MUNICIPALITY = "municipality", _("by the municipality")
    TRAINERS = "trainers", _("by trainers")
    IMPORT = "import", _("from a file")


class InitiativeQuerySet(models.QuerySet):
    """Initiatives that are there."""

    def active(self):
        """Those that still exist; a retired one stays for the history."""
        return self.filter(retired_at__isnull=True)


class Initiative(models.Model):
    """A residents' initiative in one municipality, never forced into one box (REQ-088).

    Lists hold codes of `initiatives.vocabularies`. `plain_text` is what the search looks in: name,
    place and description without capitals and accents; `register` keeps it. One that was merged
    into another is retired and points to it.
    """

    municipality = models.ForeignKey(
        "werklab.Municipality", models.PROTECT, related_name="initiatives"
    )
    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(max_length=120, unique=True)
    plain_text = models.TextField(default="", editable=False)
    kinds = models.JSONField(_("sort of initiative"), default=list, blank=True)
    themes = models.ManyToManyField(Theme, verbose_name=_("themes"), blank=True)
    departments = models.JSONField(_("fields of policy it touches"), default=list, blank=True)
    place = models.CharField(_("neighbourhood or village"), max_length=80, blank=True)
    address = models.CharField(_("address for a visit"), max_length=160, blank=True)
    description = models.TextField(_("what it does"), max_length=1000)
    does_not = models.TextField(_("what it does not do"), max_length=500, blank=True)
    ownership = models.CharField(
        _("whose plan is it?"), max_length=10, choices=Ownership.choices, default=Ownership.DISCUSS
    )
    friction = models.TextField(_("where it rubs with rules"), max_length=500, blank=True)
    focus = models.CharField(
        _("where the emphasis lies"), max_length=14, choices=choices("focus"), blank=True
    )
    staffing = models.CharField(
        _("who do the work"), max_length=18, choices=choices("staffing"), blank=True
    )
    stage = models.CharField(_("how far it is"), max_length=8, choices=choices("stage"), blank=True)
    started_year = models.PositiveSmallIntegerField(_("since"), null=True, blank=True)
    volunteers = models.PositiveSmallIntegerField(_("how many volunteers"), null=True, blank=True)
    paid_people = models.PositiveSmallIntegerField(_("how many paid people"), null=True, blank=True)
    capacity = models.CharField(_("how much time there is"), max_length=120, blank=True)
    role_wishes = models.JSONField(_("which role they want"), default=list, blank=True)
    roles_possible = models.JSONField(_("which role they can take"), default=list, blank=True)
    support_needs = models.JSONField(_("what they need"), default=list, blank=True)
    support_words = models.CharField(_("what they need, in words"), max_length=300, blank=True)
    reaches = models.CharField(_("whom they reach"), max_length=300, blank=True)
    not_yet = models.CharField(_("whom they do not reach yet"), max_length=300, blank=True)
    local_knowledge = models.TextField(
        _("what they know of the neighbourhood"), max_length=500, blank=True
    )
    first_contact = models.CharField(
        _("fixed contact at the municipality"), max_length=80, blank=True
    )
    most_guests = models.PositiveSmallIntegerField(
        _("how many people they can receive"), null=True, blank=True
    )
    website = models.URLField(_("website or profile elsewhere"), max_length=200, blank=True)
    internal_notes = models.TextField(
        _("notes for trainers and coordinator"), max_length=1000, blank=True
    )
    source = models.CharField(
        _("how it came here"), max_length=12, choices=Source.choices, default=Source.TRAINERS
    )
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="merged_from"
    )
    retired_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = InitiativeQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        indexes = (
            models.Index(
                fields=["municipality", "name"],
                name="initiative_there",
                condition=models.Q(retired_at__isnull=True),
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["municipality", "name"],
                name="initiative_name_once_per_municipality",
                violation_error_message=_("This municipality has an initiative of this name."),
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__range=(50.7, 53.7), longitude__range=(3.2, 7.3)),
                name="initiative_lies_in_the_netherlands",
                violation_error_message=_("Give both coordinates of a place in the Netherlands."),
            ),
            models.CheckConstraint(
                condition=models.Q(most_guests__isnull=True) | models.Q(most_guests__gt=0),
                name="initiative_receives_somebody",
                violation_error_message=_("Give a number of people above zero."),
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | models.Q(retired_at__isnull=False),
                name="initiative_merged_is_retired",
            ),
        )

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("initiatives:initiative", args=[self.slug])


class Contact(models.Model):
    """Somebody of an initiative; shielded, never on a page for participants or the public."""

    initiative = models.OneToOneField(Initiative, models.CASCADE, related_name="contact")
    name = models.CharField(_("name"), max_length=80)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("phone number"), max_length=20, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(email="") | ~models.Q(phone=""),
                name="contact_can_be_reached",
                violation_error_message=_("Give an e-mail address or a phone number."),
            ),
        )

    def __str__(self):
        return self.name

    @property
    def first_name(self):
        """How letters and pages greet this person."""
        return self.name.split()[0] if self.name.split() else ""


class ProfileLink(models.Model):
    """The secret address under which an initiative keeps its own profile.

    As with a personal link the secret follows from `nonce` and the server's key. Renewing writes
    another nonce; taking back leaves none.
    """

    initiative = models.OneToOneField(Initiative, models.CASCADE, related_name="profile_link")
    nonce = models.CharField(max_length=32, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    def __str__(self):
        return str(self.initiative)
