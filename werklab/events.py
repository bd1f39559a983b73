"""The record of what happened. Every action calls `record` once.

`record` also raises `lab.version`: cached pieces of pages hang on that one number.
"""

from django.db import connection
from django.db.models import F, Model

from werklab.models import Event, Lab, User

RAISE_VERSION = "UPDATE werklab_lab SET version = version + 1 WHERE id = %s"


def record(
    by: User | None,
    name: str,
    about: Model | None = None,
    *,
    lab: Lab | None = None,
    label: str = "",
    detail: str = "",
    by_name: str = "",
    via: str = "",
) -> None:
    """Write one line in the logbook and raise the lab's version.

    `by` is the acting person, None for the worker, for who came by the public form, and for the
    writer of an unnamed card. `label` says on what, in words that keep their meaning when the thing
    is gone; it never holds an answer or a token. `detail` is what came of it, for programs.
    """
    if lab is not None:
        with connection.cursor() as cursor:  # for every action: half of what the ORM would cost
            cursor.execute(RAISE_VERSION, [lab.pk])
    if not via:
        via = Event.Via.LINK if by is not None and by.by_link else Event.Via.ACCOUNT
    Event.objects.create(
        lab=lab,
        by=by,
        by_name=(by_name or (str(by) if by is not None else ""))[:120],
        name=name,
        about=(label or (str(about) if about is not None else ""))[:120],
        detail=detail,
        object_type=(about._meta.model_name or "") if about is not None else "",
        object_id=about.pk if about is not None else None,
        via=via,
    )


def changed_for_municipality(municipality_id: int) -> None:
    """Raise the version of every lab of a municipality: something they all show has changed."""
    Lab.objects.filter(municipality_id=municipality_id).update(version=F("version") + 1)


def changed_for_person(person: User) -> None:
    """Raise the version of every lab in which this person has a role or a place."""
    labs = Lab.objects.filter(roles__user=person) | Lab.objects.filter(enrolments__person=person)
    Lab.objects.filter(pk__in=labs.values("pk")).update(version=F("version") + 1)
