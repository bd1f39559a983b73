"""The overview: what needs me now, the labs by phase, and finding one of many."""

from datetime import timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import (
    AdviceFactory,
    CardFactory,
    EnrolmentFactory,
    LabFactory,
    MunicipalityFactory,
    TrainerFactory,
    UserFactory,
    VisitFactory,
)
from tests.werklab.test_home import job_urls, titles
from werklab import finding
from werklab.access import COORDINATOR, PARTICIPANT, STAFF, TRAINER
from werklab.models import Lab, LabRequest, LabRole, OutgoingMail
from werklab.views import my_labs
from werklab.views.lab_filters import Filters
from werklab.views.my_labs import LABS_PER_PAGE, SHOWN_TASKS

MOST_QUERIES = 12


@pytest.fixture
def staff(client):
    client.force_login(UserFactory(is_staff=True))
    return client


def led_by(trainer, **fields):
    """A lab of this trainer and nobody else."""
    lab = LabFactory(roles=False, **fields)
    LabRole.objects.create(lab=lab, user=trainer, role="trainer", chair="municipal")
    return lab


def in_each_phase(trainer=None):
    """A lab in each phase, the last phase first."""
    trainer = trainer or TrainerFactory()
    rows = [
        {"title": "Geannuleerd", "status": "cancelled"},
        {"title": "Afgerond", "status": "closed"},
        {"title": "Advies", "begins_in": -60},
        {"title": "Sessies", "begins_in": -5},
        {"title": "Intake", "begins_in": 10},
        {"title": "Werving"},
        {"title": "Voorbereiding", "status": "preparing"},
        {"title": "Aanvraag", "status": "requested"},
    ]
    return [led_by(trainer, **row) for row in rows]


def test_the_labs_stand_by_phase_the_first_phase_on_top(staff):
    labs = in_each_phase()

    response = staff.get("/")

    assert titles(response) == [lab.title for lab in reversed(labs)]
    assert len(response.context["groups"]) == len(labs)


def test_in_a_phase_the_first_to_begin_comes_first_and_of_what_is_over_the_last(staff):
    LabFactory(title="Later", begins_in=60)
    LabFactory(title="Eerder", begins_in=30)
    LabFactory(title="Lang geleden", begins_in=-400, status="closed")
    LabFactory(title="Pas geleden", begins_in=-200, status="closed")

    assert titles(staff.get("/")) == ["Eerder", "Later", "Pas geleden", "Lang geleden"]


@pytest.mark.parametrize("word", ["werving", "intake", "sessies", "advies"])
def test_one_phase_can_be_chosen(staff, word):
    in_each_phase()

    assert [title.lower() for title in titles(staff.get(f"/?fase={word}"))] == [word]


def test_filters_combine_and_stay_in_the_address_of_the_next_page(staff):
    place = MunicipalityFactory(name="Súdwest-Fryslân")
    LabFactory.create_batch(LABS_PER_PAGE + 2, municipality=place, roles=False, sessions=False)
    LabFactory(municipality=place, status="cancelled", roles=False)
    LabFactory(roles=False)

    response = staff.get("/?gemeente=sudwest&fase=werving")

    assert response.context["page"].paginator.count == LABS_PER_PAGE + 2
    assert 'href="?gemeente=sudwest&amp;fase=werving&amp;pagina=2"' in response.content.decode()
    assert len(titles(staff.get("/?gemeente=sudwest&fase=werving&pagina=2"))) == 2


def test_staff_can_look_at_their_own_labs_only(client):
    staff = TrainerFactory(is_staff=True)
    mine = led_by(staff)
    LabRole.objects.create(lab=mine, user=staff, role="coordinator")
    LabFactory()
    client.force_login(staff)

    response = client.get("/?mijn=1")

    assert titles(response) == [mine.title]
    assert response.context["page"].paginator.count == 1


@pytest.mark.parametrize(
    "query",
    [
        "pagina=0",
        "pagina=-1",
        "pagina=9999999999999999999999",
        "pagina=%C2%B2",
        "fase=nergens",
        "q=%00",
        "q=%5B%28%2A%5C",
        "mijn=&gemeente=",
        "q=" + "x%20" * 300,
    ],
)
def test_an_address_that_means_nothing_is_no_error(staff, query):
    LabFactory(roles=False)

    assert staff.get(f"/?{query}").status_code == 200


def test_a_page_past_the_end_is_the_last_one(staff):
    LabFactory.create_batch(LABS_PER_PAGE + 1, roles=False, sessions=False)

    response = staff.get("/?pagina=77")

    assert (response.context["page"].number, len(titles(response))) == (2, 1)


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Súdwest-Fryslân", "sudwest"),
        ("Súdwest-Fryslân", "FRYSLAN"),
        ("'s-Hertogenbosch", "shertogen"),
        ("Jose Oztürk", "josé öztürk"),
        ("Søren Strauß", "soren strauss"),
        ("Zoe\u0308 El Amrani", "zoë amra"),
        ("IJsselstein", "ĳssel"),
        ("O’Brien (wijk 7)", "obrien 7"),
    ],
)
def test_a_part_of_a_word_is_found_without_regard_to_accents_and_capitals(staff, written, typed):
    LabFactory(title=written, roles=False)
    LabFactory(title="Iets anders", roles=False)

    assert titles(staff.get("/", {"q": typed})) == [written]


def test_every_word_must_be_found_but_not_in_the_same_place(staff):
    lab = LabFactory(title="Werklab Noord")
    EnrolmentFactory(lab=lab, person__name="Jasper de Wit")
    LabFactory(title="Werklab Zuid")

    assert titles(staff.get("/?q=noord+jasper")) == [lab.title]
    assert titles(staff.get("/?q=zuid+jasper")) == []


@pytest.mark.req("REQ-048")
@pytest.mark.parametrize(
    ("role", "found"), [(STAFF, True), (TRAINER, True), (COORDINATOR, True), (PARTICIPANT, False)]
)
def test_people_are_found_in_labs_where_one_manages_the_enrolment_and_nowhere_else(
    client_as, role, found
):
    lab = LabFactory()
    EnrolmentFactory(lab=lab, person__name="Fatma Eén")

    response = client_as(role, lab).get("/?q=een")

    assert (titles(response) == [lab.title]) == found
    assert ("Fatma Eén" in response.content.decode()) == found


def test_somebody_in_another_lab_is_not_found(client_as):
    mine, other = LabFactory(), LabFactory()
    EnrolmentFactory(lab=other, person__name="Fatma Elders")
    coordinator = LabRole.objects.get(lab=other, role="coordinator").user

    client = client_as(TRAINER, mine)

    assert titles(client.get("/?q=elders")) == []
    assert titles(client.get("/", {"q": coordinator.name})) == []


def test_who_gave_the_place_back_is_not_found(staff):
    EnrolmentFactory(person__name="Weg Gegaan", status="withdrawn", seat=None)

    assert titles(staff.get("/?q=weg")) == []


def test_trainers_are_found_by_everybody_who_sees_the_lab(client_as):
    lab = LabFactory()
    trainer = LabRole.objects.filter(lab=lab, role="trainer").first().user

    assert titles(client_as(PARTICIPANT, lab).get("/", {"q": trainer.name})) == [lab.title]


def test_nothing_found_says_what_to_do(staff):
    LabFactory(roles=False)

    page = staff.get("/?q=bestaatniet").content.decode()

    assert "Geen werklab gevonden" in page
    assert 'value="bestaatniet"' in page


def test_what_somebody_looks_for_is_text(staff):
    page = staff.get("/", {"q": '"><script>'}).content.decode()

    assert "<script>" not in page.partition("<main")[2]


def test_a_lab_with_much_to_do_does_not_hide_another(client):
    trainer = TrainerFactory()
    near, far = led_by(trainer, begins_in=20), led_by(trainer, begins_in=50)
    for _ in range(SHOWN_TASKS):
        VisitFactory(guest_of__lab=near)
    client.force_login(trainer)

    response = client.get("/")

    labs = [job.lab for job in response.context["jobs"]]
    assert labs[:3] == [near.title, near.title, far.title]
    assert len(labs) == SHOWN_TASKS
    assert response.context["more"] > 0


def test_what_others_do_is_no_work_of_staff_but_too_few_people_is(staff):
    LabFactory(taken=12)
    short = LabFactory(taken=7, begins_in=20)

    response = staff.get("/")

    assert response.context["jobs"] == []
    assert response.context["urgent"].url == short.get_absolute_url()


def test_staff_see_how_many_requests_wait(staff):
    place = MunicipalityFactory()
    fields = {"municipality": place, "name": "Mia", "email": "mia@oss.example", "wish": "Leren"}
    LabRequest.objects.create(**fields)
    LabRequest.objects.create(**fields, declined_at=timezone.now())
    LabRequest.objects.create(**fields, lab=LabFactory(roles=False))

    response = staff.get("/")

    assert job_urls(response) == ["/aanvragen/overzicht/"]
    assert response.context["jobs"][0].what.startswith("1 ")


def test_a_cancelled_lab_comes_back_while_its_post_must_still_go(client):
    trainer = TrainerFactory()
    over, quiet = led_by(trainer, status="cancelled"), led_by(trainer, status="cancelled")
    OutgoingMail.objects.create(
        lab=over, kind="x", to="a@oss.example", subject="x", text="x", status="draft"
    )
    client.force_login(trainer)

    labs = {job.lab for job in client.get("/").context["jobs"]}

    assert labs == {over.title}
    assert quiet.title not in labs


def test_after_a_change_the_row_is_new_and_after_a_session_began_too(staff):
    lab = LabFactory(begins_in=20, taken=10)
    before = staff.get("/").content.decode()
    EnrolmentFactory(lab=lab)
    kept = staff.get("/").content.decode()
    Lab.objects.filter(pk=lab.pk).update(version=lab.version + 1)

    after = staff.get("/").content.decode()

    assert "10 van 15" in before
    assert "10 van 15" in kept
    assert "11 van 15" in after


def test_the_row_of_a_participant_is_their_own(client_as):
    lab = LabFactory()
    one, other = client_as(PARTICIPANT, lab), client_as(PARTICIPANT, lab)
    path = f"/werklabs/{lab.slug}/intake/"
    assert path in job_urls(one.get("/"))
    assert path in one.get("/?q=werklab").content.decode()

    assert path in job_urls(other.get("/"))


def filled(count, **fields):
    """Labs in which there is something of everything."""
    for lab in LabFactory.create_batch(count, taken=2, **fields):
        VisitFactory(guest_of__lab=lab)
        AdviceFactory(lab=lab, sources=[CardFactory(lab=lab)])
        yield lab


def queries(client, path="/"):
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)


def test_the_overview_of_staff_costs_the_same_for_one_lab_and_for_two_hundred(client):
    staff = TrainerFactory(is_staff=True)
    client.force_login(staff)
    first = next(filled(1))
    LabRole.objects.create(lab=first, user=staff, role="coordinator")
    one = queries(client)
    list(filled(LABS_PER_PAGE))
    LabFactory.create_batch(199 - LABS_PER_PAGE, taken=1, roles=False, sessions=False)

    assert one == queries(client) <= MOST_QUERIES
    assert queries(client, "/?pagina=8") <= MOST_QUERIES
    assert queries(client, "/?q=werklab+mens&gemeente=test") <= MOST_QUERIES


def test_the_overview_of_a_trainer_costs_the_same_for_one_lab_and_for_two_hundred(client):
    trainer = TrainerFactory()
    client.force_login(trainer)
    for lab in filled(1, roles=False):
        LabRole.objects.create(lab=lab, user=trainer, role="trainer", chair="municipal")
    one = queries(client)
    for _ in range(199):
        led_by(trainer, sessions=False)

    assert one == queries(client) <= MOST_QUERIES


def test_what_is_kept_of_a_query_gives_the_rows_that_the_query_gives(client):
    staff, trainer = TrainerFactory(is_staff=True), TrainerFactory()
    for person in (staff, trainer):
        in_each_phase(person)
        EnrolmentFactory(person=person, lab__begins_in=20, lab__taken=3)
    everything = QueryDict("")
    for person, days in ((staff, 0), (trainer, 0), (trainer, 40), (staff, 12), (staff, -30)):
        now = timezone.now() + timedelta(days=days)
        for phase in ("", "sessies", "intake"):
            filters = Filters(phase=phase, mine=person.is_staff and phase == "intake")
            labs, columns = my_labs._page_of(person, now, filters, 1)
            assert my_labs._page(person, now, filters, 1) == list(labs.values_list(*columns))
        labs, columns = my_labs._own_of(person, now)
        assert my_labs._own(person, now) == list(labs.values_list(*columns))
        assert my_labs.my_labs(person, everything, now)["groups"]


def test_words_and_patterns_stay_small():
    assert finding.words("a " * 500) == ["a"] * finding.MOST_WORDS
    assert finding.words("") == []
    assert finding.words("'- .") == []
    assert len(finding.pattern("x" * finding.LONGEST_SEARCH)) < 10_000


def test_a_lab_that_begins_changes_phase_at_that_moment(client):
    trainer = TrainerFactory()
    lab = led_by(trainer, begins_in=2)
    person, begins = lab.roles.get().user, lab.starts_at

    def phase(now):
        return my_labs.my_labs(person, QueryDict(), now)["groups"][0]["name"]

    before, after = (phase(begins + timedelta(minutes=m)) for m in (-1, 1))

    assert (before, after) == ("Intake", "Sessies")
