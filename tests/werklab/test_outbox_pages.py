"""The pages of a lab's post: who sees them, what stands there, what it costs."""

import re

import pytest
from django.utils.html import escape

from tests.factories import EnrolmentFactory, LabFactory, UserFactory
from tests.werklab.posting import draft, failed, letter_with_links
from werklab import links, mail
from werklab.models import OutgoingMail

ROLES = [
    ("staff", 200),
    ("trainer", 200),
    ("coordinator", 200),
    ("participant", 403),
    ("stranger", 404),
]
ACTIONS = [("verstuur/", "due"), ("weggooien/", "dropped")]


def path(lab, tail=""):
    return f"/werklabs/{lab.slug}/post/{tail}"


def html(response):
    return response.content.decode()


@pytest.mark.parametrize(("role", "status"), ROLES)
def test_who_may_see_the_post(role, status, client_as):
    lab = LabFactory()
    letter, client = draft(lab), client_as(role, lab)

    for tail in ("", "versturen/", f"{letter.pk}/", f"{letter.pk}/wijzig/"):
        assert client.get(path(lab, tail)).status_code == status


@pytest.mark.parametrize(("role", "status"), ROLES)
@pytest.mark.parametrize(("tail", "after"), ACTIONS)
def test_who_may_send_and_throw_away(role, status, tail, after, client_as):
    lab = LabFactory()
    letter, client = draft(lab), client_as(role, lab)

    assert client.get(path(lab, f"{letter.pk}/{tail}")).status_code == 405
    response = client.post(path(lab, f"{letter.pk}/{tail}"))

    letter.refresh_from_db()
    assert response.status_code == (302 if status == 200 else status)
    assert letter.status == (after if status == 200 else "draft")


@pytest.mark.parametrize(("role", "status"), ROLES)
def test_who_may_change_and_try_again(role, status, client_as):
    lab = LabFactory()
    waits, gone, client = draft(lab), failed(lab), client_as(role, lab)
    typed = {"to": "ander@oss.example", "subject": "Nieuw", "text": "Anders."}

    client.post(path(lab, f"{waits.pk}/wijzig/"), typed)
    client.post(path(lab, f"{gone.pk}/opnieuw/"), {"to": "ander@oss.example"})
    client.post(path(lab, "versturen/"), {"letters": str(waits.pk)})

    waits.refresh_from_db()
    gone.refresh_from_db()
    changed = status == 200
    assert [waits.status, gone.status] == (["due", "due"] if changed else ["draft", "failed"])
    assert (waits.to == "ander@oss.example", gone.to == "ander@oss.example") == (changed, changed)


@pytest.mark.req("REQ-048")
def test_the_post_of_another_lab_is_nobody_s_here(client_as):
    lab, other = LabFactory(), LabFactory()
    letter, client = draft(other, subject="Van een ander"), client_as("trainer", lab)

    for tail in ("", "wijzig/", "opnieuw/"):
        assert client.get(path(lab, f"{letter.pk}/{tail}")).status_code == 404
    for tail in ("verstuur/", "weggooien/", "opnieuw/"):
        assert client.post(path(lab, f"{letter.pk}/{tail}")).status_code == 404
    client.post(path(lab, "versturen/"), {"letters": str(letter.pk)})

    letter.refresh_from_db()
    assert letter.status == "draft"
    assert "Van een ander" not in html(client.get(path(lab)))


def test_a_letter_number_that_no_database_has_is_not_found(client_as):
    lab = LabFactory()

    assert client_as("trainer", lab).get(path(lab, f"{'9' * 25}/")).status_code == 404


def test_each_sort_of_post_stands_under_its_own_heading(client_as):
    lab = LabFactory(taken=1)
    person = lab.enrolments.get().person
    for status in OutgoingMail.Status.values:
        draft(lab, status=status, subject=f"Brief {status}", person=person)
    OutgoingMail.objects.filter(status="failed").update(last_error="TimeoutError: x")

    page = html(client_as("coordinator", lab).get(path(lab)))

    at = [page.index(f"Brief {status}") for status in ("failed", "draft", "due", "sent")]
    assert at == sorted(at)
    assert "Brief dropped" not in page
    assert "mailserver was niet bereikbaar" in page
    assert person.name in page
    assert "Verstuur alle 1" in page


def test_a_lab_without_post_says_what_comes_here(client_as):
    lab = LabFactory(status="closed")

    page = html(client_as("trainer", lab).get(path(lab)))

    assert "Er wacht geen brief" in page
    assert "Er is nog niets verstuurd" in page
    assert "Verstuur alle" not in page


def test_what_goes_by_itself_is_announced(client_as):
    lab = LabFactory(taken=3, begins_in=19)

    client = client_as("trainer", lab)
    assert "?lijst=vanzelf" in html(client.get(path(lab)))
    page = html(client.get(path(lab), {"lijst": "vanzelf"}))

    assert "Herinnering aan de intake" in page
    assert "aan 3 mensen" in page


@pytest.mark.parametrize("count", [1, 200])
def test_the_post_costs_at_most_eight_queries(count, client_as, django_assert_num_queries):
    lab = LabFactory(taken=3)
    people = [enrolment.person for enrolment in lab.enrolments.all()]
    for status in ("draft", "failed", "due", "sent"):
        for number in range(count):
            draft(lab, status=status, person=people[number % 3])
    client = client_as("trainer", lab)

    with django_assert_num_queries(4):
        response = client.get(path(lab))

    assert response.status_code == 200
    assert html(response).count("De zaal is veranderd") == min(count, 50) * 4


@pytest.mark.parametrize("people", [1, 8])
def test_what_goes_by_itself_costs_the_same_for_many(people, client_as, django_assert_num_queries):
    lab = LabFactory(taken=people, begins_in=19)
    client = client_as("trainer", lab)

    with django_assert_num_queries(8):
        client.get(path(lab), {"lijst": "vanzelf"})


def test_when_nothing_goes_by_itself_that_is_said(client_as):
    lab = LabFactory(status="preparing")

    page = html(client_as("trainer", lab).get(path(lab), {"lijst": "vanzelf"}))

    assert "Er gaat niets vanzelf uit" in page


@pytest.mark.parametrize("count", [1, 200])
def test_pages_of_one_sort_cost_five_queries(count, client_as, django_assert_num_queries):
    lab = LabFactory(taken=1)
    person = lab.enrolments.get().person
    for _ in range(count):
        draft(lab, status="sent", person=person)
    client = client_as("trainer", lab)

    with django_assert_num_queries(5):
        client.get(path(lab) + "?lijst=verstuurd")


def test_the_list_of_who_gets_something_costs_the_same_for_many(
    client_as, django_assert_num_queries
):
    lab = LabFactory()
    for _ in range(60):
        draft(lab, person=UserFactory())
    client = client_as("trainer", lab)

    with django_assert_num_queries(4):
        page = html(client.get(path(lab, "versturen/")))

    assert page.count("De zaal is veranderd") == 60


def test_the_rest_of_two_hundred_letters_stands_in_pages(client_as):
    lab = LabFactory()
    for number in range(120):
        draft(lab, status="sent", subject=f"Brief {number:03}")
    client = client_as("trainer", lab)

    first = html(client.get(path(lab)))
    assert "?lijst=verstuurd" in first
    last = html(client.get(path(lab) + "?lijst=verstuurd&pagina=3"))

    assert re.findall(r"Brief (\d+)", last)[0] == "019"
    assert "?lijst=verstuurd&amp;pagina=2" in last


@pytest.mark.parametrize("search", ["Jasper", "ruiter@", "kantine"])
def test_post_is_found_by_name_address_and_subject(search, client_as):
    lab = LabFactory()
    person = UserFactory(name="Jasper", email="j.ruiter@oss.example")
    draft(lab, status="sent", subject="De kantine", to=person.email, person=person)
    draft(lab, status="sent", subject="Iets anders")
    draft(LabFactory(), status="sent", subject="De kantine", to=person.email, person=person)

    page = html(client_as("trainer", lab).get(path(lab), {"zoek": search}))

    assert page.count("De kantine") == 1
    assert "Iets anders" not in page
    assert "verstuurd" in page


@pytest.mark.parametrize("search", ["nergens", "\x00", "<script>", "%", "x" * 500])
def test_what_is_not_found_says_so(search, client_as):
    lab = LabFactory()
    letter = draft(lab, status="sent")

    response = client_as("trainer", lab).get(path(lab), {"zoek": search, "pagina": "x"})

    assert response.status_code == 200
    assert "<script>alert" not in html(response)
    assert (letter.subject in html(response)) == (search == "\x00")


# --- one letter -------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["staff", "trainer", "coordinator"])
def test_a_letter_is_read_without_its_personal_links(role, client_as):
    letter = letter_with_links()
    secrets = re.findall(r"/mijn/([\w-]+)/", links.fill(letter.text))

    page = html(client_as(role, letter.lab).get(path(letter.lab, f"{letter.pk}/")))

    assert len(secrets) == 2
    assert not any(secret in page for secret in secrets)
    assert "/mijn/" not in page
    assert page.count("[persoonlijke link]") == 2
    assert letter.to in page
    assert "agenda" in page


def test_the_secret_stands_in_no_form_either(client_as):
    letter = letter_with_links(status="draft")
    client = client_as("coordinator", letter.lab)

    page = html(client.get(path(letter.lab, f"{letter.pk}/wijzig/")))

    assert "[link 1]" in page
    assert "/mijn/" not in page
    assert not links.MARK.search(page)
    assert "06 0000 0000" in page  # stands under every letter, and stays


def test_sign_in_codes_show_nowhere(client_as):
    lab = LabFactory()
    code = mail.send("login_code", to="mens@oss.example", lab=None, context={"code": "K7M2"})
    client = client_as("staff", lab)

    assert "K7M2" not in html(client.get(path(lab)))
    assert client.get(path(lab), {"zoek": "mens@"}).context["total"] == 0
    assert client.get(path(lab, f"{code.pk}/")).status_code == 404


def test_what_people_typed_is_text(client_as):
    lab = LabFactory()
    bad = "<img src=x onerror=alert(1)>"
    letter = draft(lab, subject=bad, text=f"{bad}\n\nVragen?", person=UserFactory(name=bad))
    client = client_as("trainer", lab)

    for tail in ("", "versturen/", f"{letter.pk}/", f"{letter.pk}/wijzig/"):
        page = html(client.get(path(lab, tail)))
        assert escape(bad) in page
        assert bad not in page


@pytest.mark.parametrize("status", ["due", "sent", "dropped"])
def test_what_is_gone_has_no_buttons(status, client_as):
    lab = LabFactory()
    letter, client = draft(lab, status=status), client_as("trainer", lab)

    page = html(client.get(path(lab, f"{letter.pk}/")))

    assert "<form" not in page.partition("<main")[2]
    assert client.get(path(lab, f"{letter.pk}/wijzig/")).status_code == 302
    assert client.get(path(lab, f"{letter.pk}/opnieuw/")).status_code == 302


# --- changing and sending ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("to", "geen adres", "Vul je hele mailadres in"),
        ("subject", "", "Vul een onderwerp in"),
        ("subject", "x" * 201, "hoogstens 200 tekens"),
        ("text", "", "Vul in wat er in de brief staat"),
        ("text", "x" * 20_001, "hoogstens 20000 tekens"),
        ("text", "\x00", "niet kunnen bewaren"),
        ("text", "Zonder link", "[link 1] ontbreekt"),
        ("text", "[link 1] [link 2] [link 9]", "heeft geen [link 9]"),
    ],
)
def test_a_wrong_change_keeps_what_was_typed(field, typed, sentence, client_as):
    letter = letter_with_links(status="draft")
    client = client_as("coordinator", letter.lab)
    form = {"to": "a@oss.example", "subject": "Nieuw", "text": "[link 1] [link 2]", field: typed}

    response = client.post(path(letter.lab, f"{letter.pk}/wijzig/"), form)

    assert response.status_code == 200
    assert sentence in " ".join(response.context["form"].errors[field])
    assert {name: response.context["form"][name].value() for name in form} == form
    assert OutgoingMail.objects.get(pk=letter.pk).text == letter.text


def test_a_change_shows_on_the_letter(client_as):
    letter = letter_with_links(status="draft")
    form = {"to": "a@oss.example", "subject": "Nieuw", "text": "Ga naar [LINK 1] of [link 2]"}

    response = client_as("coordinator", letter.lab).post(
        path(letter.lab, f"{letter.pk}/wijzig/"), form, follow=True
    )

    assert "nog niet verstuurd" in html(response)
    assert "Ga naar [persoonlijke link] of [persoonlijke link]" in html(response)
    assert "Vragen? Bel of mail" in html(response)


def test_first_who_gets_something_then_just_those(client_as):
    lab = LabFactory()
    seen, client = [draft(lab, person=UserFactory()) for _ in range(2)], client_as("trainer", lab)
    page = client.get(path(lab, "versturen/"))
    assert all(letter.person.name in html(page) for letter in seen)
    later = draft(lab)

    response = client.post(path(lab, "versturen/"), {"letters": page.context["pks"]}, follow=True)

    states = dict(OutgoingMail.objects.values_list("pk", "status"))
    assert [states[letter.pk] for letter in (*seen, later)] == ["due", "due", "draft"]
    assert "2 brieven gaan uit" in html(response)


def test_who_was_gone_in_the_meantime_is_said(client_as):
    lab = LabFactory()
    letters, client = [draft(lab) for _ in range(3)], client_as("trainer", lab)
    client.post(path(lab, f"{letters[0].pk}/verstuur/"))

    pks = ",".join(str(letter.pk) for letter in letters)
    response = client.post(path(lab, "versturen/"), {"letters": pks}, follow=True)

    assert "2 brieven gaan uit" in html(response)
    assert "1 brief was al verstuurd of weggegooid" in html(response)


@pytest.mark.parametrize("typed", ["", "x", "0,,-2", "9" * 30, "9223372036854775808", "\x00", "²"])
def test_a_list_that_is_nobody_s_sends_nothing(typed, client_as):
    lab = LabFactory()
    letter = draft(lab)

    response = client_as("trainer", lab).post(path(lab, "versturen/"), {"letters": typed})

    letter.refresh_from_db()
    assert (response.status_code, letter.status) == (302, "draft")


def test_the_second_press_says_that_it_was_done(client_as):
    lab = LabFactory()
    letter, client = draft(lab), client_as("trainer", lab)
    client.post(path(lab, f"{letter.pk}/verstuur/"))

    response = client.post(path(lab, f"{letter.pk}/verstuur/"), follow=True)

    assert "geen concept meer" in html(response)
    assert lab.events.filter(name="letter_sent").count() == 1


def test_a_failed_letter_gets_a_better_address_and_so_does_the_person(client_as):
    lab = LabFactory(taken=1)
    person = lab.enrolments.get().person
    letter, client = failed(lab, person=person), client_as("coordinator", lab)
    assert "voortaan voor" in html(client.get(path(lab, f"{letter.pk}/")))

    typed = {"to": "goed@oss.example", "for_good": "on"}
    response = client.post(path(lab, f"{letter.pk}/opnieuw/"), typed, follow=True)

    letter.refresh_from_db()
    person.refresh_from_db()
    assert (letter.status, letter.to, person.email) == ("due", *["goed@oss.example"] * 2)
    assert "gaat opnieuw uit" in html(response)


def test_somebody_else_s_address_is_refused_at_the_field(client_as):
    lab = LabFactory(taken=1)
    UserFactory(email="bezet@oss.example")
    letter = failed(lab, person=lab.enrolments.get().person)

    typed = {"to": "bezet@oss.example", "for_good": "on"}
    response = client_as("coordinator", lab).post(path(lab, f"{letter.pk}/opnieuw/"), typed)

    letter.refresh_from_db()
    assert "van iemand anders" in response.context["form"].errors["to"][0]
    assert 'value="bezet@oss.example"' in html(response)
    assert letter.status == "failed"


def test_the_address_of_who_signs_in_is_not_offered_to_be_changed(client_as):
    lab = LabFactory()
    trainer = lab.roles.filter(role="trainer").first().user
    EnrolmentFactory(lab=lab, person=trainer)
    letter = failed(lab, person=trainer)

    page = html(client_as("coordinator", lab).get(path(lab, f"{letter.pk}/")))

    assert "Adres aanpassen en opnieuw" in page
    assert "for_good" not in page
