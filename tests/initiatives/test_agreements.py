"""What is agreed with an initiative, and the promise that they hear from us, news or not."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.utils import timezone

from initiatives import agreements
from initiatives.models import Agreement
from tests.conftest import person_with
from tests.factories import InitiativeFactory, LabFactory, UserFactory
from werklab.access import COORDINATOR, STAFF, TRAINER
from werklab.models import Event, OutgoingMail

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAY = datetime(2027, 3, 11, tzinfo=AMSTERDAM).date()
NOON = datetime(2027, 3, 9, 12, 0, tzinfo=AMSTERDAM)  # two days before
TYPED = {
    "what": "De gemeente zoekt uit wie de kraan betaalt.",
    "what_not": "Geen geld voor een tweede tuin.",
    "who_municipality": "Ria Stoep",
    "who_initiative": "Truus",
    "role": "part_team",
    "decision": "open",
    "decider": "Het college",
    "next_message_on": "2027-03-11",
    "term": "Vóór de zomer",
    "means": "200 euro",
    "shown": "on",
}


def there(lab):
    initiative = InitiativeFactory(municipality=lab.municipality)
    return initiative, f"/initiatieven/{initiative.slug}/afspraken/"


def promised(lab=None, **fields):
    """An agreement on which nothing is decided, with its day."""
    initiative = there(lab)[0] if lab else InitiativeFactory()
    said = {"what": "We bellen.", "next_message_on": DAY}
    return agreements.agree(UserFactory(), initiative, **said | fields)


@pytest.mark.req("REQ-132")
def test_an_agreement_says_what_who_and_in_which_role(client_as):
    lab = LabFactory()
    initiative, at = there(lab)
    client = client_as(COORDINATOR, lab)

    response = client.post(at + "nieuw/", TYPED)

    made = initiative.agreements.get()
    page = client.get(at).content.decode()
    assert (response.status_code, response.url) == (302, at)
    assert (made.role, made.decision, made.next_message_on) == ("part_team", "open", DAY)
    assert all(TYPED[name] in page for name in ("what", "what_not", "who_municipality", "decider"))
    assert Event.objects.get().name == "agreement_made"


@pytest.mark.parametrize("decision", ["open", "intention"])
def test_while_nothing_is_decided_the_page_says_so_in_words(client_as, decision):
    lab = LabFactory()
    _initiative, at = there(lab)
    client = client_as(TRAINER, lab)

    client.post(at + "nieuw/", TYPED | {"decision": decision})

    assert "Nog geen besluit" in client.get(at).content.decode()


@pytest.mark.parametrize("decision", ["open", "intention"])
def test_while_nothing_is_decided_there_is_a_day_on_which_they_hear(client_as, decision):
    lab = LabFactory()
    _initiative, at = there(lab)

    response = client_as(TRAINER, lab).post(
        at + "nieuw/", TYPED | {"decision": decision, "next_message_on": ""}
    )

    assert list(response.context["form"].errors) == ["next_message_on"]
    assert TYPED["what"] in response.content.decode()
    assert not Agreement.objects.exists()


def test_what_is_decided_needs_no_such_day(client_as):
    lab = LabFactory()
    initiative, at = there(lab)

    client_as(TRAINER, lab).post(
        at + "nieuw/", TYPED | {"decision": "decided", "next_message_on": ""}
    )

    assert initiative.agreements.get().next_message_on is None


@pytest.mark.parametrize(
    "wrong", [{"what": ""}, {"next_message_on": "ooit"}, {"decision": "x"}, {"role": "x"}]
)
def test_wrong_input_says_so_and_keeps_what_was_typed(client_as, wrong):
    lab = LabFactory()
    _initiative, at = there(lab)

    response = client_as(STAFF, lab).post(at + "nieuw/", TYPED | wrong)

    assert list(response.context["form"].errors) == list(wrong)
    assert TYPED["means"] in response.content.decode()
    assert not Agreement.objects.exists()


def test_what_became_of_it_is_written_down(client_as):
    lab = LabFactory()
    agreement = promised(lab)
    at = f"/initiatieven/{agreement.initiative.slug}/afspraken/{agreement.pk}/"

    client_as(COORDINATOR, lab).post(at, TYPED | {"decision": "done", "next_message_on": ""})

    agreement.refresh_from_db()
    assert (agreement.decision, agreement.next_message_on) == ("done", None)
    assert Event.objects.latest("pk").detail == "done"


def test_what_waits_for_a_decision_comes_first_and_what_is_over_last():
    initiative, by = InitiativeFactory(), UserFactory()
    for what, more in {
        "gedaan": {"decision": "done"},
        "besloten": {"decision": "decided"},
        "later": {"next_message_on": DAY + timedelta(days=9)},
        "open": {"next_message_on": DAY},
    }.items():
        agreements.agree(by, initiative, what=what, **more)

    found = [each.what for each in agreements.standing(initiative)]

    assert found == ["open", "later", "besloten", "gedaan"]


# --- the reminder ---------------------------------------------------------------------------------


def test_two_days_before_trainers_and_coordinator_get_one_mail_each():
    lab = LabFactory()
    agreement = promised(lab)

    written = agreements.remind(NOON)

    letters = OutgoingMail.objects.filter(kind="agreement_reminder")
    assert written == 3
    assert {letter.to for letter in letters} == {role.user.email for role in lab.roles.all()}
    for letter in letters:
        assert "We bellen." in letter.text
        assert "donderdag 11 maart" in letter.text
        assert f"/afspraken/{agreement.pk}/" in letter.text
    assert Event.objects.latest("pk").name == "agreement_reminded"


def test_a_second_round_writes_nothing():
    promised(LabFactory())
    agreements.remind(NOON)
    before = Event.objects.count()

    assert agreements.remind(NOON + timedelta(hours=1)) == 0
    assert agreements.remind(NOON + timedelta(days=1)) == 0
    assert (OutgoingMail.objects.count(), Event.objects.count()) == (3, before)


def test_a_new_day_is_a_new_promise():
    agreement = promised(LabFactory())
    agreements.remind(NOON)

    agreements.change(UserFactory(), agreement, next_message_on=DAY + timedelta(days=30))

    assert agreements.remind(NOON) == 0
    assert agreements.remind(NOON + timedelta(days=30)) == 3


def test_without_a_lab_there_lsa_hears_it(settings):
    promised()

    assert agreements.remind(NOON) == 1
    assert OutgoingMail.objects.get().to == settings.SITE_CONTACT_EMAIL


def test_who_works_in_two_labs_there_gets_one_mail():
    lab = LabFactory()
    second = LabFactory(municipality=lab.municipality, roles=False)
    for role in lab.roles.all():
        second.roles.create(user=role.user, role=role.role, chair=role.chair)
    promised(lab)

    assert agreements.remind(NOON) == 3


@pytest.mark.parametrize(
    ("now", "fields"),
    [
        (NOON - timedelta(days=1), {}),
        (NOON + timedelta(days=3), {}),
        (NOON.replace(hour=5), {}),
        (NOON, {"decision": "decided"}),
        (NOON, {"decision": "dropped"}),
    ],
)
def test_nobody_is_reminded_too_early_too_late_at_night_or_of_what_is_decided(now, fields):
    promised(LabFactory(), **fields)

    assert agreements.remind(now) == 0
    assert not OutgoingMail.objects.exists()


def test_of_an_initiative_off_the_list_nobody_is_reminded():
    agreement = promised(LabFactory())
    agreement.initiative.retired_at = timezone.now()
    agreement.initiative.save()

    assert agreements.remind(NOON) == 0


def test_the_worker_does_it():
    lab = LabFactory()
    promised(lab, next_message_on=timezone.localdate() + timedelta(days=1))

    call_command("work", "--once")

    night = timezone.localtime().hour < agreements.FROM_HOUR
    to = person_with(TRAINER, lab).email
    assert OutgoingMail.objects.filter(kind="agreement_reminder", to=to).exists() != night
