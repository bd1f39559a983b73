"""Who a newcomer to the demo can be, and where each of them begins."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sessions.models import LabInitiative, Visit
from werklab import links
from werklab.letters import link_of
from werklab.models import Enrolment, Lab, PersonalLink, User

Purpose = PersonalLink.Purpose


@dataclass(frozen=True)
class WayIn:
    """One button of the demo page."""

    key: str
    who: str
    what: str | Promise
    group: str | Promise
    find: Callable[[], tuple[User | None, PersonalLink | None, str]]


def _as(email: str, page: Callable[[], str]) -> Callable:
    return lambda: (User.objects.get(email=email), None, page())


def _page(name: str, *args) -> Callable[[], str]:
    return lambda: reverse(name, args=args)


def _participant(email: str, page: Callable[[], str]) -> Callable:
    def find():
        enrolment = Enrolment.objects.select_related("lab", "person").get(
            person__email=email, status__in=Enrolment.LIVING
        )
        return None, link_of(enrolment), page()

    return find


def _initiative(lab_slug: str, name: str, purpose: str) -> Callable:
    def find():
        link = LabInitiative.objects.select_related("lab", "initiative").get(
            lab__slug=lab_slug, initiative__name=name
        )
        target = Visit.objects.get(guest_of=link).pk if purpose == Purpose.VISIT else link.pk
        personal = links.link_for(
            purpose, target, lab=link.lab, behalf=str(link), expires_at=link.lab.link_expiry()
        )
        return None, personal, links.path(personal)

    return find


TRAINER, COORDINATOR = _("Trainer"), _("Coordinator")
PARTICIPANT, INITIATIVE = _("Participant"), _("Initiative")
WAYS_IN = [
    WayIn(
        "staff",
        "Anouk Vuurtoren",
        _("sees every lab and looks after the trainers"),
        _("LSA"),
        _as("lsa@werklab.example", _page("werklab:home")),
    ),
    WayIn(
        "trainer",
        "Noor Hendriks",
        _("recruits for Vlierhoven: 9 of 15 places are taken"),
        TRAINER,
        _as("noor.hendriks@werklab.example", _page("werklab:lab", "vlierhoven")),
    ),
    WayIn(
        "trainer-advice",
        "Bo Kladblok",
        _("turns what was heard in Wilgenmeer into advice"),
        TRAINER,
        _as("bo.kladblok@werklab.example", _page("sessions:advice", "wilgenmeer")),
    ),
    WayIn(
        "coordinator",
        "Noor Wilgenpad",
        _("downloads the final advice of Lindedonk"),
        COORDINATOR,
        _as("noor.wilgenpad@lindedonk.example", _page("werklab:lab", "lindedonk")),
    ),
    WayIn(
        "participant",
        "Jasper de Ruiter",
        _("is halfway through the intake for Vlierhoven"),
        PARTICIPANT,
        _participant("jasper.de.ruiter@vlierhoven.example", _page("werklab:lab", "vlierhoven")),
    ),
    WayIn(
        "participant-advice",
        "Lieke Dorpspomp",
        _("writes along on the advice of Wilgenmeer"),
        PARTICIPANT,
        _participant(
            "lieke.dorpspomp@wilgenmeer.example", _page("sessions:session", "wilgenmeer", 3)
        ),
    ),
    WayIn(
        "initiative",
        "Samen aan Tafel",
        _("is asked whether the group may come for coffee"),
        INITIATIVE,
        _initiative("vlierhoven", "Samen aan Tafel", Purpose.VISIT),
    ),
    WayIn(
        "initiative-endorse",
        "Wilgenwarm",
        _("reads the advice of Wilgenmeer and says what it thinks"),
        INITIATIVE,
        _initiative("wilgenmeer", "Wilgenwarm", Purpose.ENDORSE),
    ),
    WayIn(
        "initiative-board",
        "Wilgenwarm",
        _("adds a card to the board of Wilgenmeer"),
        INITIATIVE,
        _initiative("wilgenmeer", "Wilgenwarm", Purpose.BOARD),
    ),
]


def way_in(key: str) -> tuple[User | None, PersonalLink | None, str]:
    """The person or the link behind a button, and the page to begin on. Raises Http404."""
    for way in WAYS_IN:
        if way.key == key:
            try:
                return way.find()
            except (User.DoesNotExist, Enrolment.DoesNotExist, Lab.DoesNotExist):
                break
    raise Http404
