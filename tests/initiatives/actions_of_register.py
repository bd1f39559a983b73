"""The actions of the register that a lab's page shows, each ready to be done: see test_versions."""

import io

from initiatives import doubles, importing, profile_links
from tests.factories import InitiativeFactory


def trainer(lab):
    """A trainer of this lab."""
    return lab.roles.filter(role="trainer").first().user


def here(lab, **fields):
    """An initiative in the municipality of this lab."""
    return InitiativeFactory(municipality=lab.municipality, **fields)


def change_own(lab):
    """An initiative gives itself another name, by its link."""
    initiative = here(lab)
    link = profile_links.renew(trainer(lab), initiative)
    words = {"name": "Buurtkeuken Zuid", "description": initiative.description, "contact": None}
    return lambda: profile_links.change_own(link, **words)


def merge(lab):
    """Two initiatives turn out to be one."""
    keep, gone = here(lab), here(lab)
    return lambda: doubles.merge(trainer(lab), keep, gone)


def retire(lab):
    """An initiative has stopped."""
    initiative = here(lab)
    return lambda: doubles.retire(trainer(lab), initiative)


def bring_back(lab):
    """An initiative goes on after all."""
    initiative = doubles.retire(trainer(lab), here(lab))
    return lambda: doubles.bring_back(trainer(lab), initiative)


def bring_in(lab):
    """A file with one initiative."""
    row = f"Gemeente;Naam;Wat het doet\r\n{lab.municipality.name};De Kas;Tuin"
    received = importing.receive(trainer(lab), io.BytesIO(row.encode()), "lijst.csv")
    return lambda: importing.bring_in(trainer(lab), received)


OF_REGISTER = {
    "profile_links.change_own": change_own,
    "doubles.merge": merge,
    "doubles.retire": retire,
    "doubles.bring_back": bring_back,
    "importing.bring_in": bring_in,
}
# Nothing of these stands on a page of a lab.
OF_THE_REGISTER_ALONE = {
    *("agreements.agree", "agreements.change", "talks.note", "talks.change", "talks.remove"),
    *("talks.write_card", "profile_links.ask", "profile_links.renew", "profile_links.take_back"),
}
