"""The columns of the register as a file: what stands in a cell, and what may stand there.

The headers are Dutch data: they are how a file that was changed elsewhere finds its way back.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.utils.translation import gettext as _

from initiatives.finding import plain
from initiatives.models import Contact, Initiative, Ownership, Source
from initiatives.tables import tidy
from initiatives.vocabularies import choices
from werklab.models import Department

BETWEEN = " | "
_is_email, _is_web = EmailValidator(), URLValidator(schemes=["http", "https"])


class Wrong(Exception):
    """A cell that cannot be used; the message says what to do."""


@dataclass(frozen=True)
class Column:
    """A column with text, and the base of the others. `field` names it in the code."""

    field: str
    header: str
    most: int = 0
    required: bool = False
    shielded: bool = False  # only for who keeps the register: contacts and notes

    def show(self, value: Any) -> str:
        """What stands in the cell."""
        return tidy(str(value))

    def read(self, typed: str) -> Any:
        """What the cell says. Raises Wrong."""
        if self.most and len(typed) > self.most:
            words = {"most": self.most, "number": len(typed)}
            raise Wrong(_("Use at most %(most)s characters. There are %(number)s.") % words)
        return typed


@dataclass(frozen=True)
class Word(Column):
    """A column with a word of a list: its label, or its code."""

    words: tuple[tuple[str, Any], ...] = ()

    def show(self, value: Any) -> str:
        return str(dict(self.words).get(value, value))

    def read(self, typed: str) -> Any:
        """The code of the word."""
        by_word = _by_word(self.field)
        code = by_word.get(typed) or by_word.get(plain(typed))
        if code is not None:
            return code
        known = ", ".join(f"“{label}”" for _code, label in self.words)
        words = {"word": typed[:60], "known": known}
        raise Wrong(_("“%(word)s” is not in the list. Use: %(known)s.") % words)


@cache
def _by_word(field: str) -> dict[str, str]:
    """The codes of a column's list by what may stand in a cell; asked for many thousand cells."""
    column = BY_FIELD[field]
    words = column.words if isinstance(column, Word) else ()
    found = {plain(said): code for code, label in words for said in (code, str(label))}
    return (
        found | {str(label): code for code, label in words} | {code: code for code, _label in words}
    )


@dataclass(frozen=True)
class Words(Word):
    """A column with several words of a list, with | between them; gives their codes in order."""

    def show(self, value: Any) -> str:
        return BETWEEN.join(str(label) for code, label in self.words if code in value)

    def read(self, typed: str) -> list[str]:
        said = {super(Words, self).read(part.strip()) for part in typed.split("|") if part.strip()}
        return [code for code, _label in self.words if code in said]


@dataclass(frozen=True)
class Number(Column):
    """A column with a whole number."""

    least: int = 0

    def read(self, typed: str) -> int:
        number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else -1
        if self.least <= number <= self.most:
            return number
        words = {"least": self.least, "most": self.most}
        raise Wrong(_("Fill in a whole number, from %(least)s to %(most)s.") % words)


@dataclass(frozen=True)
class Degrees(Column):
    """A column with a latitude or longitude in the Netherlands; a decimal comma is fine."""

    between: tuple[float, float] = (0, 0)

    def read(self, typed: str) -> float:
        try:
            number = float(typed.replace(",", "."))
        except ValueError:
            number = -1.0
        if self.between[0] <= number <= self.between[1]:
            return number
        words = {"least": self.between[0], "most": self.between[1]}
        raise Wrong(_("Fill in a number from %(least)s to %(most)s, such as 52.0907.") % words)


@dataclass(frozen=True)
class Address(Column):
    """A column with an e-mail address."""

    def read(self, typed: str) -> str:
        try:
            _is_email(super().read(typed))
        except ValidationError:
            raise Wrong(_("This is not a whole e-mail address.")) from None
        return typed


@dataclass(frozen=True)
class Website(Column):
    """A column with the address of a website; without "https://" it is fine too."""

    def read(self, typed: str) -> str:
        address = super().read(typed if "://" in typed else f"https://{typed}")
        try:
            _is_web(address)
        except ValidationError:
            raise Wrong(_("This is not a web address, such as https://maex.nl.")) from None
        return address


def _text(field: str, header: str, **more) -> Column:
    model = Contact if field.startswith("contact_") else Initiative
    most = getattr(model._meta.get_field(field.removeprefix("contact_")), "max_length", 0) or 0
    return Column(field, header, most=most, **more)


def _words(name: str) -> tuple[tuple[str, Any], ...]:
    return tuple(choices(name))


COLUMNS: tuple[Column, ...] = (
    Column("code", "Code", most=120),
    Column("municipality", "Gemeente", required=True),
    _text("name", "Naam", required=True),
    _text("description", "Wat het doet", required=True),
    _text("does_not", "Wat het niet doet"),
    Word("ownership", "Van wie is het plan", words=tuple(Ownership.choices)),
    _text("place", "Wijk, buurt of dorp"),
    _text("address", "Adres voor een bezoek", shielded=True),
    _text("first_contact", "Vast contact bij de gemeente"),
    Words("kinds", "Soort initiatief", words=_words("initiative_type")),
    Words("themes", "Thema's", words=_words("theme")),
    Words("departments", "Beleidsvelden", words=tuple(Department.choices)),
    _text("friction", "Waar het schuurt met regels"),
    Word("stage", "Fase", words=_words("stage")),
    Number("started_year", "Sinds", least=1800, most=2100),
    Word("focus", "Nadruk", words=_words("focus")),
    Word("staffing", "Wie doen het werk", words=_words("staffing")),
    Number("volunteers", "Aantal vrijwilligers", most=9999),
    Number("paid_people", "Aantal betaalde mensen", most=9999),
    _text("capacity", "Hoeveel tijd er is"),
    Words("role_wishes", "Rol die ze willen", words=_words("role_wish")),
    Words("roles_possible", "Rol die ze kunnen nemen", words=_words("role_wish")),
    Words("support_needs", "Wat ze nodig hebben", words=_words("support_need")),
    _text("support_words", "Wat ze nodig hebben, in woorden"),
    _text("reaches", "Wie ze bereiken"),
    _text("not_yet", "Wie ze nog niet bereiken"),
    _text("local_knowledge", "Wat ze van de buurt weten"),
    Number("most_guests", "Hoeveel mensen ze kunnen ontvangen", least=1, most=500),
    Degrees("latitude", "Breedtegraad", between=(50.7, 53.7)),
    Degrees("longitude", "Lengtegraad", between=(3.2, 7.3)),
    Website("website", "Website", most=200),
    Word("source", "Hoe het hier kwam", words=tuple(Source.choices)),
    _text("contact_name", "Contactpersoon", shielded=True),
    Address("contact_email", "Mailadres", most=254, shielded=True),
    _text("contact_phone", "Telefoon", shielded=True),
    _text("internal_notes", "Notities", shielded=True),
)
BY_FIELD = {column.field: column for column in COLUMNS}
BY_HEADER = {plain(column.header): column for column in COLUMNS} | {
    plain(column.field.replace("_", " ")): column for column in COLUMNS
}
NOT_ITS_OWN = {"code", "municipality", "themes", "contact_name", "contact_email", "contact_phone"}
OWN_FIELDS = tuple(column.field for column in COLUMNS if column.field not in NOT_ITS_OWN)
CONTACT = ("name", "email", "phone")


def values_of(initiative: Initiative, themes: list[str], contact: Any) -> dict[str, Any]:
    """What the register says of an initiative, by column; `contact` is a Contact or None."""
    values = {field: getattr(initiative, field) for field in OWN_FIELDS}
    values |= {"code": initiative.slug, "themes": themes}
    values["municipality"] = initiative.municipality.name
    return values | {f"contact_{field}": getattr(contact, field, "") for field in CONTACT}


def cell(column: Column, value: Any) -> str:
    """What stands in the cell of this column; nothing when nothing is known."""
    return "" if value is None or value in ("", []) else column.show(value)
