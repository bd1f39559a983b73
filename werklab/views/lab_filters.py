"""What somebody looks for in the list of labs, as it stands in the address."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from werklab import finding
from werklab.models import Lab, User

STAGES = list(Lab.Phase)
# The phases as they stand in an address.
IN_ADDRESS = {
    "aanvraag": Lab.Phase.REQUEST,
    "voorbereiding": Lab.Phase.PREPARATION,
    "werving": Lab.Phase.RECRUITMENT,
    "intake": Lab.Phase.INTAKE,
    "sessies": Lab.Phase.SESSIONS,
    "advies": Lab.Phase.ADVICE,
    "opvolging": Lab.Phase.FOLLOW_UP,
    "afgerond": Lab.Phase.FINISHED,
    "geannuleerd": Lab.Phase.CANCELLED,
}


def name_of(phase: Lab.Phase) -> str:
    """The name of a phase as the steps of a lab have it."""
    return _("Look back") if phase == Lab.Phase.FOLLOW_UP else str(phase.label)


@dataclass(frozen=True)
class Filters:
    """What somebody looks for; it stands in the address, so it can be passed on."""

    search: str = ""
    place: str = ""
    phase: str = ""
    mine: bool = False

    @classmethod
    def of(cls, query: QueryDict, user: User) -> "Filters":
        """As the address says; what it cannot mean is left out."""
        typed = {
            name: query.get(name, "").replace("\x00", "").strip()[: finding.LONGEST_SEARCH]
            for name in ("q", "gemeente", "fase")
        }
        phase = typed["fase"] if typed["fase"] in IN_ADDRESS else ""
        mine = user.is_staff and bool(query.get("mijn"))
        return cls(typed["q"], typed["gemeente"], phase, mine)

    @property
    def query(self) -> str:
        """The same for the address of another page of the list; empty when all is shown."""
        said = {"q": self.search, "gemeente": self.place, "fase": self.phase}
        said |= {"mijn": "1"} if self.mine else {}
        said = {name: value for name, value in said.items() if value}
        return urlencode(said) + "&" if said else ""

    @property
    def phases(self) -> list[tuple[str, str, bool]]:
        """The choice of a phase: what stands in the address, its name, whether it is chosen."""
        return [(word, str(phase.label), word == self.phase) for word, phase in IN_ADDRESS.items()]

    def narrow(self, labs: QuerySet[Lab], user: User) -> QuerySet[Lab]:
        """The labs that are looked for, of those that have their `stage`."""
        if self.mine:
            labs = labs.filter(pk__in=user.lab_roles.order_by().values("lab"))
        if self.phase:
            labs = labs.filter(Q(stage=STAGES.index(IN_ADDRESS[self.phase])))
        labs = finding.labs_in(labs, self.place)
        return finding.labs_with(labs, self.search, user)
