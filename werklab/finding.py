"""Find labs by what people remember of them: a part of a title, a place or a name.

Accents and capitals do not count, on either database. A word that is typed becomes a pattern that
takes each letter with any accent, so nothing has to be kept beside the names: what is found is
always what is written. It reads all names, which for some ten thousands takes milliseconds.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from django.db.models import Q, QuerySet

from werklab import access
from werklab.models import Enrolment, Lab, LabRole, User

LONGEST_SEARCH = 100
MOST_WORDS = 6
# Letters with a stroke or a ligature, which Unicode does not take apart.
SINGLE = {"ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ı": "i", "ħ": "h", "Ħ": "h"}
PAIRS = {"ss": "ßẞ", "ae": "æÆ", "oe": "œŒ", "ij": "ĳĲ"}  # noqa: RUF001
# What may stand inside a word and is not typed: loose accents, apostrophes, hyphens, dots.
BETWEEN = "[\u0300-\u036f'’.-]*"  # noqa: RUF001


def _with_accents() -> dict[str, str]:
    """For each letter everything that is that letter: "e" gives "eEéÉèÈ…"."""
    found: dict[str, list[str]] = defaultdict(list)
    for code in [*range(0xC0, 0x250), *range(0x1E00, 0x1F00)]:
        sign = chr(code)
        bare = SINGLE.get(sign) or unicodedata.normalize("NFD", sign)[0].lower()
        if bare != sign.lower() and bare.isascii() and bare.isalpha():
            found[bare].append(sign)
    letters = map(chr, range(ord("a"), ord("z") + 1))
    return {letter: letter + letter.upper() + "".join(found[letter]) for letter in letters}


LETTERS = _with_accents()
BARE = {sign: letter for letter, signs in LETTERS.items() for sign in signs}
PARTS = re.compile("|".join([*PAIRS, "."]))


def words(typed: str) -> list[str]:
    """What is looked for: the typed words without accents, capitals and signs."""
    text = unicodedata.normalize("NFKD", typed[:LONGEST_SEARCH].casefold())
    bare = ("".join(BARE.get(s, s) for s in word if s.isalnum()) for word in text.split())
    return [word for word in bare if word][:MOST_WORDS]


@lru_cache(maxsize=512)
def pattern(word: str) -> str:
    """A regular expression, for both databases, for this word anywhere in a name."""
    return BETWEEN.join(_part(part) for part in PARTS.findall(word))


def _part(part: str) -> str:
    if part in PAIRS:
        return f"({BETWEEN.join(map(_part, part))}|[{PAIRS[part]}])"
    if part in LETTERS:
        return f"[{LETTERS[part]}]"
    return f"[{part}{part.upper()}]" if len(part.upper()) == 1 else part


def labs_with(labs: QuerySet[Lab], typed: str, user: User) -> QuerySet[Lab]:
    """Of these labs the ones in which every word is found.

    In the title, the municipality or a trainer's name; and in the names of participants and
    coordinators of the labs where this person manages the enrolment, of no others.
    """
    managed = access.labs_for(user, "manage_enrolment").order_by().values("pk")
    for word in words(typed):
        like = pattern(word)
        roles = LabRole.objects.filter(user__name__regex=like).filter(
            Q(role=LabRole.Role.TRAINER) | Q(lab__in=managed)
        )
        places = Enrolment.objects.living().filter(person__name__regex=like, lab__in=managed)
        labs = labs.filter(
            Q(title__regex=like)
            | Q(municipality__name__regex=like)
            | Q(pk__in=roles.order_by().values("lab"))
            | Q(pk__in=places.order_by().values("lab"))
        )
    return labs


def labs_in(labs: QuerySet[Lab], typed: str) -> QuerySet[Lab]:
    """Of these labs the ones of the municipalities with this in their name."""
    for word in words(typed):
        labs = labs.filter(municipality__name__regex=pattern(word))
    return labs


def people_found(labs: Iterable[int], typed: str, user: User) -> dict[int, list[str]]:
    """By lab the people in it, other than trainers, by whose name it was found."""
    found = Q()
    for word in words(typed):
        found |= Q(person__name__regex=pattern(word))
    if not found:
        return {}
    managed = access.labs_for(user, "manage_enrolment").order_by().values("pk")
    places = Enrolment.objects.living().filter(found, lab__in=managed).filter(lab__in=list(labs))
    names: dict[int, list[str]] = defaultdict(list)
    for lab, name in places.order_by("number").values_list("lab_id", "person__name"):
        names[lab].append(name)
    return dict(names)
