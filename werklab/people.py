"""People: find or make somebody by address, and invite those who sign in."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from werklab import events, mail
from werklab.errors import Refused
from werklab.models import User


def person_for(email: str, name: str) -> User:
    """The person with this address, made when new. A known person keeps their own name.

    Inserting first costs one question less, and two forms sent at once make one person.
    """
    email = email.strip().lower()
    newcomer = User(email=email, name=" ".join(name.split()), password="!")
    User.objects.bulk_create([newcomer], ignore_conflicts=True)
    person = User.objects.get(email=email)
    person.just_made = person.date_joined == newcomer.date_joined
    return person


@transaction.atomic
def invite_staff(email: str, name: str = "") -> User:
    """Let somebody of LSA in. The first one comes by `manage.py invite_staff`."""
    person = person_for(email, name or email.partition("@")[0])
    person.is_staff = True
    person.save(update_fields=["is_staff"])
    events.record(None, "staff_invited", person, label=str(person))
    _invite(person)
    return person


@transaction.atomic
def add_trainer(
    by: User, *, name: str, email: str, background: str, phone: str = "", introduction: str = ""
) -> User:
    """Put somebody in the pool of trainers, from which labs take their two (REQ-038).

    Raises Refused when this person is in the pool already.
    """
    person = person_for(email, name)
    if person.background:
        raise Refused(_("%(name)s is in the list already.") % {"name": person})
    person.background, person.phone, person.introduction = background, phone, introduction
    person.save(update_fields=["background", "phone", "introduction"])
    events.record(by, "trainer_added", person, label=str(person))
    _invite(person)
    return person


@transaction.atomic
def change_own_details(by: User, *, name: str, phone: str | None = None) -> User:
    """Correct your own name and phone number (AVG art. 16). None leaves the number as it is."""
    by.name = " ".join(name.split())
    by.phone = by.phone if phone is None else phone
    by.save(update_fields=["name", "phone"])
    events.record(by, "details_changed", by, label=str(by))
    events.changed_for_person(by)
    return by


def _invite(person: User) -> None:
    sign_in = settings.BASE_URL + reverse("account_login")
    mail.send(
        "account_invited", to=person.email, lab=None, person=person, context={"login_url": sign_in}
    )
