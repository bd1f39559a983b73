"""The meeting of the management team, and the two initiative takers who join."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from sessions import endorsements as actions
from sessions.models import Presentation, Presenter, Report
from sessions.report import what_is_missing
from tests.conftest import STRANGER
from tests.factories import (
    AdviceFactory,
    CardFactory,
    LabFactory,
    LabInitiativeFactory,
    UserFactory,
)
from werklab.access import COORDINATOR, PARTICIPANT, STAFF, TRAINER
from werklab.errors import Refused

DAY = {"date": "2027-05-12", "place": "Gemeentehuis", "answer_by": "2027-06-01"}


def path(lab):
    return f"/werklabs/{lab.slug}/advies/presentatie/"


def takers_of(lab, *names):
    """The fields for these people, each of an initiative of this lab."""
    fields = {}
    for number, name in enumerate(names, start=1):
        initiative = LabInitiativeFactory(lab=lab)
        fields |= {f"initiative_{number}": initiative.pk, f"name_{number}": name}
    return fields


@pytest.mark.req("REQ-120")
def test_a_coordinator_names_day_place_and_two_initiative_takers(client_as):
    lab = LabFactory()
    names = takers_of(lab, "Fatma El Amrani", "Hein Krijtlijn")

    client_as(COORDINATOR, lab).post(path(lab), DAY | names | {"named_2": "on"})

    planned = Presentation.objects.get()
    assert (planned.date, planned.place) == (date(2027, 5, 12), "Gemeentehuis")
    assert list(planned.presenters.values_list("number", "name", "name_in_report")) == [
        (1, "Fatma El Amrani", False),
        (2, "Hein Krijtlijn", True),
    ]


def test_naming_others_replaces_the_first_two(client_as):
    lab = LabFactory()
    client = client_as(TRAINER, lab)
    client.post(path(lab), DAY | takers_of(lab, "Fatma", "Hein"))

    client.post(path(lab), DAY | takers_of(lab, "Corrie"))

    assert list(Presenter.objects.values_list("name", flat=True)) == ["Corrie"]


@pytest.mark.req("REQ-120")
@pytest.mark.parametrize(("names", "missing"), [(0, 1), (1, 1), (2, 0)])
def test_the_report_waits_for_two_initiative_takers(names, missing):
    lab = LabFactory()
    AdviceFactory(lab=lab, sources=[CardFactory(lab=lab)])
    takers = [
        actions.Taker(LabInitiativeFactory(lab=lab), f"Mens {number}", False)
        for number in range(names)
    ]

    actions.name_presenters(UserFactory(), lab, date=None, place="", answer_by=None, takers=takers)

    assert len(what_is_missing(lab)) == missing


@pytest.mark.req("REQ-120")
def test_a_third_initiative_taker_is_refused():
    lab = LabFactory()
    takers = [actions.Taker(LabInitiativeFactory(lab=lab), "Mens", False)] * 3

    with pytest.raises(Refused):
        actions.name_presenters(
            UserFactory(), lab, date=None, place="", answer_by=None, takers=takers
        )

    assert Presenter.objects.count() == 0


def test_the_database_holds_two_at_most():
    lab = LabFactory()
    planned = Presentation.objects.create(lab=lab)
    initiative = LabInitiativeFactory(lab=lab)

    with pytest.raises(IntegrityError), transaction.atomic():
        Presenter.objects.create(
            presentation=planned, number=3, initiative=initiative, name="Derde"
        )


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"answer_by": "2027-05-12"}, "answer_by"),
        ({"date": "morgen"}, "date"),
        ({"name_1": "Fatma"}, "initiative_1"),
        ({"initiative_1": "of another lab", "name_1": "Fatma"}, "initiative_1"),
        ({"initiative_1": "of this lab"}, "name_1"),
        ({"place": "x" * 10_000}, "place"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field_and_nothing_is_kept(client_as, given, field):
    lab = LabFactory()
    of = {"of this lab": LabInitiativeFactory(lab=lab).pk}
    of["of another lab"] = LabInitiativeFactory().pk
    given = {name: of.get(value, value) for name, value in given.items()}

    response = client_as(TRAINER, lab).post(path(lab), DAY | given)

    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert Presentation.objects.count() == 0


def test_the_same_person_twice_is_one(client_as):
    lab = LabFactory()
    names = takers_of(lab, "Fatma")
    names |= {"initiative_2": names["initiative_1"], "name_2": "Fatma"}

    response = client_as(TRAINER, lab).post(path(lab), DAY | names)

    assert list(response.context["form"].errors) == ["name_2"]


def test_after_the_final_report_nobody_else_can_be_named(client_as):
    lab = LabFactory()
    Report.objects.create(lab=lab, number=1, pdf=b"%PDF", sha256="0" * 64)

    response = client_as(TRAINER, lab).post(path(lab), DAY | takers_of(lab, "Fatma"))

    assert (response.status_code, Presenter.objects.count()) == (200, 0)


@pytest.mark.parametrize(
    ("role", "status"),
    [(STAFF, 302), (TRAINER, 302), (COORDINATOR, 302), (PARTICIPANT, 403), (STRANGER, 404)],
)
def test_who_may_name_them(client_as, role, status):
    lab = LabFactory()

    response = client_as(role, lab).post(path(lab), DAY)

    assert (response.status_code, Presentation.objects.count()) == (status, int(status == 302))
