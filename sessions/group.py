"""Who took part, as the report may tell it.

Names stand in it only with a yes: of a person by `Consent`, of an initiative by `name_in_report`.
A card without a name has no author, so there is nobody to show.
"""

from collections import Counter
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from sessions.models import Card, LabInitiative, Visit
from werklab.models import Consent, ContactFrequency, Lab


def participants_of(lab: Lab) -> QuerySet:
    """The participants, each with `name_may_stand`."""
    consent = Consent.objects.filter(enrolment=OuterRef("pk"), kind=Consent.Kind.NAME)
    seated = lab.enrolments.seated().select_related("person")
    return seated.annotate(name_may_stand=Exists(consent))


def initiatives_of(lab: Lab) -> QuerySet:
    """The initiatives of the lab, each with `visited`: whether the group was welcome there."""
    welcome = Visit.objects.filter(guest_of=OuterRef("pk"), answer=Visit.Answer.WELCOME)
    return lab.initiatives.select_related("initiative").annotate(visited=Exists(welcome))


class Names:
    """What stands in the report for somebody: the name, or what may stand in its place."""

    def __init__(self, participants: Iterable, initiatives: Iterable[LabInitiative]):
        self._people: dict[int | None, str] = {
            one.person_id: str(one.person) for one in participants if one.name_may_stand
        }
        self._initiatives: dict[int | None, str] = {
            one.pk: str(one) if one.name_in_report else _("a residents' initiative")
            for one in initiatives
        }

    def initiative(self, pk: int | None) -> str:
        """The initiative with this pk; nothing for None."""
        return self._initiatives.get(pk, "")

    def writer(self, card: Card) -> str:
        """Who wrote this card; nothing for an unnamed one, and for who did not say yes."""
        if not card.named:
            return ""
        return self.initiative(card.initiative_id) or self._people.get(card.author_id, "")


def who_took_part(participants: list) -> dict:
    """The group in numbers, and the names of those who said yes."""
    departments = Counter(one.department for one in participants)
    contact = Counter(one.contact_frequency for one in participants)
    named = sorted(str(one.person) for one in participants if one.name_may_stand)
    return {
        "total": len(participants),
        "departments": sorted(departments.items(), key=lambda pair: (-pair[1], pair[0])),
        "contact": [(label, contact[label]) for label in ContactFrequency.values],
        "named": named,
        "unnamed": len(participants) - len(named),
    }


def who_read_along(initiatives: list) -> dict:
    """The initiatives in numbers, and the names that may stand in the report."""
    named = [str(one) for one in initiatives if one.name_in_report]
    return {
        "total": len(initiatives),
        "visited": sum(one.visited for one in initiatives),
        "named": named,
        "unnamed": len(initiatives) - len(named),
    }
