"""The words of a lab's letters: what may stand in them, how they look, and who changes them."""

import re

import pytest
from django.utils.html import escape

from tests.factories import LabFactory, VisitFactory
from tests.werklab.posting import draft, letter_with_links
from werklab import letter_texts, links, mail_html, wording
from werklab.errors import Refused
from werklab.models import LetterText, OutgoingMail
from werklab.views.letter_examples import examples

KINDS = [kind for kind in wording.letters() if kind]
OURS = letter_texts.kinds()
BODY = "Dag {{ first_name }},\n\nZie {{ session_list }} {{ intake_url }} {{ withdraw_url }}"


def path(lab, tail=""):
    return f"/werklabs/{lab.slug}/post/teksten/{tail}"


def by(lab):
    return lab.roles.filter(role="trainer").first().user


def html(response):
    return response.content.decode()


# --- every letter -----------------------------------------------------------------------------


@pytest.mark.req("REQ-045")
@pytest.mark.parametrize("kind", KINDS)
def test_every_letter_reads_without_a_hole_in_a_real_lab(kind):
    lab = LabFactory(taken=1)
    VisitFactory(guest_of__lab=lab)
    known = examples(lab) | {"code": "K7M2"}

    subject, text = letter_texts.preview(kind, *wording.words_of(kind, lab), known)
    page = mail_html.html(OutgoingMail(kind=kind, subject=subject), text)

    assert subject.strip()
    if kind in OURS:
        assert "{{" not in subject + text
        assert "}}" not in subject + text
        assert lab.contact_phone in text
        assert lab.contact_email in text
    assert escape(subject) in page
    assert "</html>" in page


@pytest.mark.parametrize("kind", OURS)
def test_every_letter_reads_without_a_hole_in_a_lab_where_nothing_happened(kind):
    lab = LabFactory(roles=False, sessions=False, status="preparing", contact_phone="")

    subject, text = letter_texts.preview(kind, *wording.words_of(kind, lab), examples(lab))

    assert "{{" not in subject + text


@pytest.mark.parametrize("kind", OURS)
def test_every_placeholder_of_a_letter_is_explained_in_dutch(kind):
    unexplained = set(letter_texts.allowed(kind)) - set(letter_texts.meanings())

    assert unexplained == set(), f"say in data/placeholders.json what these mean: {unexplained}"


@pytest.mark.parametrize("kind", OURS)
def test_every_standard_text_may_be_kept_as_a_lab_s_own(kind):
    lab = LabFactory()
    subject, body = wording.words_of(kind, lab)

    letter_texts.change_text(by(lab), lab, kind, subject=subject, body=body)

    assert wording.words_of(kind, lab) == (subject, body)


@pytest.mark.parametrize("kind", OURS)
def test_every_letter_says_to_whom_and_when(kind):
    about = wording.letters()[kind]

    assert about["to"].strip()
    assert about["when"].strip()


# --- changing ---------------------------------------------------------------------------------


def test_the_next_letter_has_the_words_of_the_lab_and_only_of_this_lab():
    lab, other = LabFactory(), LabFactory()

    letter_texts.change_text(
        by(lab), lab, "place_confirmed", subject="Welkom,\n{{ first_name }}", body=BODY
    )
    ours, theirs = letter_with_links(lab=lab), letter_with_links(lab=other)

    assert ours.subject == f"Welkom, {ours.person.first_name}"
    assert ours.text.startswith(f"Dag {ours.person.first_name},")
    assert "Vragen? Bel of mail" in ours.text
    assert len(re.findall("/mijn/", links.fill(ours.text))) == 2
    assert theirs.text.startswith("Hoi")
    assert lab.events.get(name="letter_text_changed").about


def test_a_second_change_takes_the_place_of_the_first():
    lab = LabFactory()
    for word in ("Een", "Twee"):
        letter_texts.change_text(by(lab), lab, "place_confirmed", subject=word, body=BODY)

    assert LetterText.objects.get().subject == "Twee"


def test_back_to_the_standard_text():
    lab = LabFactory()
    letter_texts.change_text(by(lab), lab, "place_confirmed", subject="Een", body=BODY)

    letter_texts.back_to_standard(by(lab), lab, "place_confirmed")

    assert wording.words_of("place_confirmed", lab)[0].startswith("Je doet mee")
    with pytest.raises(Refused, match="standaardtekst al"):
        letter_texts.back_to_standard(by(lab), lab, "place_confirmed")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Hoi {{ voornaam }}", "{{ voornaam }} kennen we niet. Kies uit: "),
        ("Hoi {{first_name }", "‘{{first_name }’ is niet af"),
        ("Hoi { first_name }}", "‘{ first_name }}’ is niet af"),
        ("Hoi {first_name}", "is niet af. Schrijf het zo: {{ "),
        ("{{ first-name }}", "is niet af"),
        ("{{ visit_url }}", "{{ visit_url }} kennen we niet"),
        ("{{ code }}", "{{ code }} kennen we niet"),
    ],
)
def test_what_nobody_can_fill_in_is_refused_by_name(typed, sentence):
    lab = LabFactory()

    with pytest.raises(Refused) as refused:
        letter_texts.change_text(
            by(lab), lab, "place_confirmed", subject="Hoi", body=f"{BODY}\n{typed}"
        )

    assert sentence in str(refused.value)
    assert not LetterText.objects.exists()
    assert not lab.events.exists()


def test_an_unknown_placeholder_in_the_subject_is_refused_too():
    lab = LabFactory()

    with pytest.raises(Refused, match="kennen we niet"):
        letter_texts.change_text(by(lab), lab, "place_confirmed", subject="{{ seats }}", body=BODY)


@pytest.mark.parametrize(
    ("kind", "gone"),
    [
        ("place_confirmed", "session_list"),
        ("place_offered", "accept_url"),
        ("visit_confirmed", "visit_moment"),
        ("visit_confirmed", "visit_address"),
    ],
)
def test_when_and_where_and_the_link_to_answer_stay_in_the_letter(kind, gone):
    lab = LabFactory()
    subject, body = wording.words_of(kind, lab)

    with pytest.raises(Refused, match="moet in de brief blijven staan"):
        letter_texts.change_text(
            by(lab), lab, kind, subject=subject, body=body.replace("{{ " + gone + " }}", "")
        )

    assert not LetterText.objects.exists()


def test_a_letter_to_an_initiative_has_no_first_name_of_a_participant():
    assert "first_name" in letter_texts.allowed("place_confirmed")
    assert "first_name" not in letter_texts.allowed("visit_confirmed")


# --- pages ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("staff", 200),
        ("trainer", 200),
        ("coordinator", 403),
        ("participant", 403),
        ("stranger", 404),
    ],
)
def test_who_may_change_the_words(role, status, client_as):
    lab = LabFactory()
    client = client_as(role, lab)

    assert client.get(path(lab)).status_code == status
    assert client.get(path(lab, "place_confirmed/")).status_code == status
    saved = client.post(path(lab, "place_confirmed/"), {"subject": "Hoi", "body": BODY})
    assert saved.status_code == (302 if status == 200 else status)
    assert LetterText.objects.exists() == (status == 200)

    back = client.post(path(lab, "place_confirmed/standaard/"))
    assert back.status_code == (302 if status == 200 else status)
    assert client.get(path(lab, "place_confirmed/standaard/")).status_code in (405, 403, 404)
    assert not LetterText.objects.exists()


@pytest.mark.parametrize("kind", ["login_code", "account_invited", "niets", "request_came"])
def test_letters_that_are_no_lab_s_have_no_page(kind, client_as):
    lab = LabFactory()
    client = client_as("staff", lab)

    assert client.get(path(lab, f"{kind}/")).status_code == 404
    assert client.post(path(lab, f"{kind}/"), {"subject": "x", "body": "y"}).status_code == 404
    assert client.post(path(lab, f"{kind}/standaard/")).status_code == 404


def test_all_letters_stand_in_the_list_with_what_they_are(client_as):
    lab = LabFactory()
    letter_texts.change_text(by(lab), lab, "place_confirmed", subject="Eigen woorden", body=BODY)

    page = html(client_as("trainer", lab).get(path(lab)))

    assert page.count("/post/teksten/") == len(OURS)
    assert page.count("eigen tekst") == 1
    assert "Eigen woorden" in page
    assert "Inschrijving bevestigd" in page
    assert "login" not in page
    assert "{{" not in page


def test_looking_shows_the_letter_with_the_lab_s_own_data_and_keeps_nothing(client_as):
    lab = LabFactory(taken=1)
    typed = {"subject": "Hallo {{ first_name }}", "body": BODY, "look": "Bekijk"}

    response = client_as("trainer", lab).post(path(lab, "place_confirmed/"), typed)

    name = lab.enrolments.get().person.first_name
    assert response.context["subject"] == f"Hallo {name}"
    assert "Buurthuis De Dorsvloer" in response.context["text"]
    assert "[persoonlijke link]" in response.context["text"]
    assert response.context["form"]["body"].value() == BODY
    assert "nog niets bewaard" in html(response)
    assert not LetterText.objects.exists()


@pytest.mark.parametrize("button", ["look", "save"])
def test_what_is_wrong_stands_at_the_field_and_all_that_was_typed_stays(button, client_as):
    lab = LabFactory()
    typed = {"subject": "Hoi {{ voornaam }}", "body": "Zonder iets", button: "x"}

    response = client_as("trainer", lab).post(path(lab, "place_confirmed/"), typed)

    errors = response.context["form"].errors
    assert "{{ voornaam }} kennen we niet" in errors["subject"][0]
    assert "{{ session_list }} moet in de brief blijven staan" in " ".join(errors["body"])
    assert response.context["form"]["subject"].value() == "Hoi {{ voornaam }}"
    assert not LetterText.objects.exists()


@pytest.mark.parametrize("body", ["", "x" * 20_001, "\x00", "{" * 5000, "}}{{" * 100])
def test_any_text_is_kept_or_gets_a_sentence(body, client_as):
    lab = LabFactory()

    response = client_as("trainer", lab).post(
        path(lab, "withdrawn/"), {"subject": "Hoi", "body": body}
    )

    assert response.status_code == 200
    assert response.context["form"].errors["body"]


def test_markup_in_the_words_is_text_in_the_preview(client_as):
    lab = LabFactory()
    typed = {"subject": "Hoi", "body": "<script>alert(1)</script>", "look": "x"}

    page = html(client_as("trainer", lab).post(path(lab, "withdrawn/"), typed))

    assert "<script>alert" not in page


def test_the_page_says_how_many_drafts_keep_their_words(client_as):
    lab = LabFactory()
    draft(lab), draft(lab), draft(lab, status="sent")

    page = html(client_as("trainer", lab).get(path(lab, "withdrawn/")))

    assert "2 concepten van deze brief" in page


def test_the_page_lists_what_may_be_filled_in_with_its_meaning(client_as):
    lab = LabFactory()

    page = html(client_as("trainer", lab).get(path(lab, "place_confirmed/")))

    assert "{{ seat }}" in page
    assert "het nummer van de stoel" in page
    assert "moet blijven" in page


@pytest.mark.parametrize("texts", [1, 8])
def test_the_list_costs_the_same_for_one_and_for_eight_texts(
    texts, client_as, django_assert_num_queries
):
    lab = LabFactory()
    for kind in OURS[:texts]:
        LetterText.objects.create(lab=lab, kind=kind, subject="Eigen", body="Eigen")
    client = client_as("trainer", lab)

    with django_assert_num_queries(10):
        client.get(path(lab))
