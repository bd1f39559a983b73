"""The register: initiatives, what they work on, and whom to call."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


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


# Vocabularies below are data, so in Dutch.
class Kind(models.TextChoices):
    """What sort of initiative it is."""

    RESIDENTS = "residents_initiative", "Bewonersinitiatief"
    NEIGHBOURHOOD = "neighbourhood_association", "Wijk- of buurtvereniging"
    VILLAGE_COUNCIL = "village_council", "Dorpsraad of dorpsbelang"
    VILLAGE_COOPERATIVE = "village_cooperative", "Dorpscoöperatie"
    COMMUNITY_HOUSE = "community_house", "Zelfstandig buurthuis"
    NEIGHBOURHOOD_COOPERATIVE = "neighbourhood_cooperative", "Buurtcoöperatie"
    COMMUNITY_ENTERPRISE = "community_enterprise", "Collectieve wijkonderneming"
    BEWONERSBEDRIJF = "bewonersbedrijf", "BewonersBedrijf"
    ENERGY = "energy_cooperative", "Energiecoöperatie"
    CARE = "care_cooperative", "Zorgcoöperatie of zorginitiatief"
    HOUSING = "housing_initiative", "Woon- of bouwinitiatief"
    GREEN = "green_initiative", "Groen- of tuininitiatief"
    SOCIAL_ENTERPRISE = "social_enterprise", "Sociale onderneming"
    CLUB = "club", "Vereniging of club"
    INSTITUTION = "institution", "Maatschappelijke instelling"
    ENTREPRENEURS = "entrepreneurs", "Ondernemers uit de buurt"
    FORMING = "group_forming", "Groep in oprichting"
    OTHER = "other", "Anders"


class Ownership(models.TextChoices):
    """Whose plan it is (REQ-098)."""

    RESIDENTS = "residents", "Van de bewoners"
    GOVERNMENT = "government", "Van de gemeente"
    SHARED = "shared", "Van allebei"
    DISCUSS = "discuss", "Nog te bespreken"


class InitiativeQuerySet(models.QuerySet):
    """Initiatives that are there."""

    def active(self):
        """Those that still exist; a retired one stays for the history."""
        return self.filter(retired_at__isnull=True)


class Initiative(models.Model):
    """A residents' initiative in one municipality, never forced into one box (REQ-088)."""

    municipality = models.ForeignKey(
        "werklab.Municipality", models.PROTECT, related_name="initiatives"
    )
    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(max_length=120, unique=True)
    kind = models.CharField(
        _("sort of initiative"), max_length=30, choices=Kind.choices, blank=True
    )
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
    retired_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = InitiativeQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                fields=["municipality", "name"],
                name="initiative_name_once_per_municipality",
                violation_error_message=_("This municipality has an initiative of this name."),
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
