"""Find initiatives: by a part of a word, and by what is known of them.

What the search looks in is kept beside the initiative as `plain_text`: its name, place and
description without capitals, accents and signs. Every word that is typed is made plain likewise, so
one LIKE per word finds it, the same on both databases.
"""

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import QueryDict
from django.utils import timezone

from initiatives.models import Acquaintance, Conversation, Initiative, Ownership
from initiatives.vocabularies import choices
from werklab.finding import BARE, LONGEST_SEARCH, MOST_WORDS, PAIRS, pattern
from werklab.finding import words as bare_words
from werklab.models import Department, Municipality

YEAR = timedelta(days=365)
SIGNS = re.compile(r"[^\w\s]|_")
LETTERS = str.maketrans(BARE | {sign: pair for pair, signs in PAIRS.items() for sign in signs})
# Lists of codes that are kept as JSON, by their name in the address.
LISTS = {
    "soort": "kinds",
    "afdeling": "departments",
    "rol": "role_wishes",
    "nodig": "support_needs",
}


def plain(*texts: str) -> str:
    """These texts without capitals, accents and signs: what `Initiative.plain_text` keeps.

    For every path that writes an initiative, in bulk too: `plain(name, place, description)`.
    """
    bare = unicodedata.normalize("NFKD", " ".join(texts).casefold().translate(LETTERS))
    kept = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return " ".join(SIGNS.sub("", kept).split())


@cache
def offered() -> dict[str, list[tuple[str, str]]]:
    """What may be chosen in each filter, by its name in the address."""
    return {
        "thema": choices("theme"),
        "soort": choices("initiative_type"),
        "afdeling": [choice for choice in Department.choices if choice[0] != Department.OTHER],
        "fase": choices("stage"),
        "rol": choices("role_wish"),
        "nodig": choices("support_need"),
        "plan": list(Ownership.choices),
    }


@dataclass(frozen=True)
class Filters:
    """What somebody looks for; it stands in the address, so it can be passed on."""

    q: str = ""
    gemeente: str = ""
    thema: str = ""
    soort: str = ""
    afdeling: str = ""
    fase: str = ""
    rol: str = ""
    nodig: str = ""
    plan: str = ""
    zonder_aanspreekpunt: bool = False
    nooit_gesproken: bool = False
    kaart: bool = False

    @classmethod
    def of(cls, query: QueryDict) -> "Filters":
        """As the address says; what it cannot mean is left out."""
        lists = offered()
        said: dict[str, Any] = {}
        for one in fields(cls):
            typed = query.get(one.name, "").replace("\x00", "").strip()[:LONGEST_SEARCH]
            if one.type is bool:
                said[one.name] = bool(typed)
            elif one.name not in lists or typed in dict(lists[one.name]):
                said[one.name] = typed
        return cls(**said)

    @property
    def said(self) -> dict[str, str]:
        """What is asked for, as it stands in the address."""
        values = ((one.name, getattr(self, one.name)) for one in fields(self))
        return {name: "1" if value is True else value for name, value in values if value}

    @property
    def query(self) -> str:
        """The same for the address of another page of the list; empty when all is shown."""
        return urlencode(self.said) + "&" if self.said else ""

    @property
    def other_look(self) -> str:
        """The address of the same list with a map, or without when there is one."""
        return "?" + urlencode(self.said | {"kaart": "" if self.kaart else "1"})

    @property
    def narrows(self) -> bool:
        """Whether anything is looked for; a map alone is only another look."""
        return bool(self.said.keys() - {"kaart"})

    @property
    def has_rare(self) -> bool:
        """Whether a filter is used that is folded away."""
        return bool(self.said.keys() - {"q", "gemeente", "thema", "fase", "kaart"})

    def narrow(self, initiatives: QuerySet[Initiative]) -> QuerySet[Initiative]:
        """Of these initiatives the ones that are looked for."""
        words = plain(self.q).split()[:MOST_WORDS]
        if self.q and not words:
            return initiatives.none()
        wanted = [Q(plain_text__contains=word) for word in words]
        exact = {"themes__code": self.thema, "stage": self.fase, "ownership": self.plan}
        wanted += [Q(**{name: value}) for name, value in exact.items() if value]
        if self.zonder_aanspreekpunt:
            wanted.append(Q(first_contact=""))
        if municipality := bare_words(self.gemeente):
            named = [Q(name__regex=pattern(word)) for word in municipality]
            found = Municipality.objects.filter(*named).order_by()
            wanted.append(Q(municipality__in=found.values("pk")))
        initiatives = initiatives.filter(*wanted)
        for name, codes in LISTS.items():
            if code := getattr(self, name):
                initiatives = having(initiatives, codes, code)
        return never_spoken(initiatives) if self.nooit_gesproken else initiatives


def having(initiatives: QuerySet[Initiative], field: str, code: str) -> QuerySet[Initiative]:
    """Of these initiatives the ones with this code in a list of codes.

    SQLite cannot look into JSON; but a code between its quotes is in the text or it is not.
    """
    text = f"{field}_as_text"
    with_text = initiatives.alias(**{text: Cast(field, TextField())})
    return with_text.filter(
        Q(**{f"{text}__contains": json.dumps(code)})
        | Q(**{f"{text}__contains": json.dumps(code, ensure_ascii=False)})
    )


def never_spoken(initiatives: QuerySet[Initiative]) -> QuerySet[Initiative]:
    """Of these initiatives the ones with which nobody had a talk: none noted, no visit held."""
    here = {"initiative": OuterRef("pk")}
    talks = Conversation.objects.filter(**here).order_by()
    cards = Acquaintance.objects.filter(**here, talked_on__isnull=False)
    visited = initiatives.model.objects.filter(
        pk=OuterRef("pk"), lab_links__visits__slot__starts_at__lt=timezone.now()
    ).order_by()
    return initiatives.filter(~Exists(talks), ~Exists(cards), ~Exists(visited))


@dataclass
class Asked:
    """What was asked of one initiative by every lab together, whoever looks.

    These volunteers have one agenda (REQ-058). `labs` are the labs that it is in.
    """

    times: int = 0  # in twelve months
    last_visit: datetime | None = None
    labs: set[int] = field(default_factory=set)


def asked(initiatives: Iterable[int], now: datetime | None = None) -> dict[int, Asked]:
    """How often these initiatives were asked for a visit, and the last one that was held."""
    now = now or timezone.now()
    asked_of = {pk: Asked() for pk in initiatives}
    links = Initiative.objects.filter(pk__in=asked_of, lab_links__isnull=False).order_by()
    visit = "lab_links__visits"
    for pk, lab, asked_at, held_at in links.values_list(
        "pk", "lab_links__lab", f"{visit}__asked_at", f"{visit}__slot__starts_at"
    ):
        one = asked_of[pk]
        one.labs.add(lab)
        one.times += asked_at is not None and asked_at >= now - YEAR
        if held_at is not None and held_at < now:
            one.last_visit = max(held_at, one.last_visit or held_at)
    return asked_of
