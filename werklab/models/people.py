"""People, known by their address."""

from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from werklab.models.enrolments import Enrolment


class Background(models.TextChoices):
    """What a trainer knows from the inside (REQ-038)."""

    MUNICIPAL = "municipal", _("Knows the municipality from the inside")
    INITIATIVES = "initiatives", _("Knows initiatives from the inside")
    BOTH = "both", _("Knows both")


class UserQuerySet(models.QuerySet):
    """Who can do what among the people we know."""

    def trainers(self):
        """Everybody in the pool of trainers."""
        return self.filter(is_active=True).exclude(background="")

    def who_know(self, background):
        """Trainers who can take the chair of this background in a lab."""
        return self.trainers().filter(background__in=[background, Background.BOTH])


class UserManager(BaseUserManager["User"]):
    """Makes people without a password."""

    def create_user(self, email, name="", **fields):
        """Somebody known by an address, in lower case; nobody has a password."""
        user = self.model(email=email.strip().lower(), name=name, **fields)
        user.set_unusable_password()
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Somebody with an address: LSA staff, a trainer, a coordinator or a civil servant.

    Nobody has a password: staff, trainers and coordinators sign in with a mailed code,
    participants come by their personal link.
    """

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    phone = models.CharField(_("phone number"), max_length=20, blank=True)
    background = models.CharField(
        _("background"), max_length=12, choices=Background.choices, blank=True
    )
    introduction = models.CharField(_("introduction"), max_length=160, blank=True)
    is_staff = models.BooleanField(_("works at LSA"), default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects = UserManager.from_queryset(UserQuerySet)()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    # The enrolment whose personal link brought this visit; `None` for somebody who signed in.
    # Set by `werklab.middleware.visitor_by_link` and obeyed in `werklab.access`.
    by_link: "Enrolment | None" = None
    # Whether `people.person_for` has made this person just now.
    just_made = False

    class Meta:
        constraints = (
            models.UniqueConstraint(Lower("email"), name="user_one_per_address"),
            models.CheckConstraint(
                condition=models.Q(background="") | models.Q(background__in=Background.values),
                name="user_background_is_known",
            ),
        )

    def __str__(self):
        return self.name or self.email

    @property
    def first_name(self):
        """How letters and pages greet this person."""
        return self.name.split()[0] if self.name.split() else self.email.split("@")[0]

    def get_full_name(self):
        return str(self)
