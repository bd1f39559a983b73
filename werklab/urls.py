"""Dutch paths, English names: paths stand in letters and are read out on the phone.

A mailed path is a promise: it never changes.
"""

from django.conf import settings
from django.urls import include, path

from initiatives.urls import patterns as initiatives_urls
from intake.urls import lab_urls as intake_lab_urls
from sessions.urls import urlpatterns as sessions_urls
from werklab.views import (
    account,
    changes,
    copying,
    demo,
    enrolments,
    errors,
    feed,
    handing_over,
    home,
    info,
    invitations,
    labs,
    letter_texts,
    logbook,
    new_links,
    outbox,
    own_data,
    places,
    requests,
    sign_in,
    team,
    unsubscribe,
)
from werklab.views.later import later, open_later

lab_urls = [
    path("", labs.lab, name="lab"),
    path("wijzig/", changes.edit_lab, name="edit_lab"),
    path("wijzig/vertellen/", changes.tell_change, name="tell_change"),
    path("besluit/", changes.decide, name="decide"),
    path("afgelasten/", changes.cancel_lab, name="cancel_lab"),
    path("aanmelding-open/", labs.open_enrolment, name="open_enrolment"),
    path("logboek/", logbook.logbook, name="logbook"),
    path("trainers/", team.team, name="team"),
    path("kopie/", copying.copy_lab, name="copy_lab"),
    path("prijs/", requests.price, name="price"),
    path("post/", outbox.post, name="post"),
    path("post/versturen/", outbox.send_drafts, name="send_drafts"),
    path("post/<int:pk>/", outbox.letter, name="letter"),
    path("post/<int:pk>/wijzig/", outbox.edit_draft, name="edit_draft"),
    path("post/<int:pk>/verstuur/", outbox.send_draft, name="send_draft"),
    path("post/<int:pk>/weggooien/", outbox.delete_draft, name="delete_draft"),
    path("post/<int:pk>/opnieuw/", outbox.try_again, name="try_again"),
    path("post/teksten/", letter_texts.texts, name="texts"),
    path("post/teksten/<slug:kind>/", letter_texts.edit_text, name="edit_text"),
    path("post/teksten/<slug:kind>/standaard/", letter_texts.standard_text, name="standard_text"),
    path("deelnemers/", enrolments.participants, name="participants"),
    path("deelnemers/<int:pk>/afmelden/", enrolments.withdraw, name="withdraw_participant"),
    path("deelnemers/<int:pk>/toelaten/", enrolments.admit, name="admit_participant"),
    path("deelnemers/<int:pk>/weigeren/", enrolments.refuse, name="refuse_participant"),
    path("deelnemers/<int:pk>/nieuwe-link/", enrolments.new_link, name="renew_link"),
    path(
        "deelnemers/<int:pk>/overdragen/",
        handing_over.hand_over_participant,
        name="hand_over_participant",
    ),
    path("deelnemers/goedkeuren/", enrolments.set_approval, name="approval"),
    path("uitnodigen/", invitations.invite, name="invite"),
    path("uitnodigen/versturen/", invitations.send, name="send_invitations"),
    path("uitnodigen/weghalen/", invitations.throw_away, name="throw_away_invitations"),
    path("mijn-gegevens/", own_data.own_data_here, name="own_data_here"),
    path("mijn-gegevens.json", own_data.own_data_here_file, name="own_data_here_file"),
    path("plek/overdragen/", handing_over.hand_over, name="hand_over"),
    path("plek/", places.place, name="place"),
    path("plek/teruggeven/", places.give_back, name="give_back"),
    path("plek/aanbod/", places.answer_offer, name="answer_offer"),
]
werklab_urls = [
    path("", home.home, name="home"),
    path("hulp/", info.help_page, name="help"),
    path("privacy/", info.privacy, name="privacy"),
    path("toegankelijkheid/", info.accessibility, name="accessibility"),
    path("trainers/", account.trainers, name="trainers"),
    path("over/", info.about, name="about"),
    path("aanvragen/", requests.request_lab, name="request_lab"),
    path("aanvragen/verstuurd/", requests.requested, name="requested"),
    path("aanvragen/overzicht/", requests.requests, name="requests"),
    path("aanvragen/<int:pk>/werklab/", requests.make_lab, name="make_lab"),
    path("aanvragen/<int:pk>/afwijzen/", requests.decline_request, name="decline_request"),
    path("uitloggen/", account.leave, name="leave"),
    path("mijn-agenda/", feed.my_calendar, name="my_calendar"),
    path("agenda/<str:token>.ics", feed.feed, name="feed"),
    path("inloggen/nieuwe-code/", sign_in.new_code, name="new_code"),
    path("mijn-account/", account.account, name="account"),
    path("mijn-account/gegevens/", own_data.own_data, name="own_data"),
    path("mijn-account/gegevens.json", own_data.own_data_file, name="own_data_file"),
    path("mijn-account/ingelogd/<int:pk>/stop/", account.end_session, name="end_session"),
    path("mijn-account/ingelogd/stop/", account.end_other_sessions, name="end_other_sessions"),
    path("werklabs/nieuw/", labs.schedule_lab, name="schedule_lab"),
    path("werklabs/<slug:lab_slug>/", include(lab_urls)),
    path("meedoen/<slug:code>/", places.join, name="join"),
    path("meedoen/<slug:code>/aanmelden/", places.enrol, name="enrol"),
    path("meedoen/<slug:code>/aangemeld/<str:receipt>/", places.enrolled, name="enrolled"),
    path("meedoen/<slug:code>/agenda.ics", places.calendar_of_lab, name="calendar"),
    path("meedoen/<slug:code>/nieuwe-link/", new_links.new_link, name="new_link"),
    path("meedoen/<slug:code>/nieuwe-link/verstuurd/", new_links.link_sent, name="link_sent"),
    path("geen-post/<str:token>/", unsubscribe.stop, name="no_more_post"),
    path("mijn/<str:token>/", places.own, name="own"),
    path("mijn/<str:token>/<slug:where>/", places.own, name="own_at"),
]
demo_urls = [
    path("demo/", demo.demo, name="demo"),
    path("demo/stap-in/", demo.step_in, name="demo_step_in"),
    path("demo/post/", demo.post, name="demo_post"),
    path("demo/post/<int:pk>/", demo.letter, name="demo_letter"),
]


FACTOR = "werklab.views.second_factor"
# The names are those by which django-allauth finds its own pages.
sign_in_urls = [
    path("inloggen/", sign_in.ask_code, name="account_login"),
    path("inloggen/code/", sign_in.give_code, name="account_confirm_login_code"),
    path(
        "inloggen/passkey/", open_later(f"{FACTOR}.sign_in_by_passkey"), name="mfa_login_webauthn"
    ),
    path("inloggen/tweede-stap/", open_later(f"{FACTOR}.second_step"), name="mfa_authenticate"),
    path(
        "inloggen/gemeente/<slug:provider_id>/",
        open_later("werklab.views.openid.there"),
        name="openid_connect_login",
    ),
    path(
        "inloggen/gemeente/<slug:provider_id>/terug/",
        open_later("werklab.views.openid.back"),
        name="openid_connect_callback",
    ),
]
OWN = "mijn-account/tweede-stap"
second_step_urls = [
    path(f"{OWN}/", account.second_step, name="mfa_index"),
    path(f"{OWN}/passkey/", later(f"{FACTOR}.add_passkey"), name="mfa_add_webauthn"),
    path(
        f"{OWN}/passkey/<int:pk>/weg/",
        later(f"{FACTOR}.remove_passkey"),
        name="mfa_remove_webauthn",
    ),
    path(f"{OWN}/app/", later(f"{FACTOR}.start_app"), name="mfa_activate_totp"),
    path(f"{OWN}/app/weg/", later(f"{FACTOR}.stop_app"), name="mfa_deactivate_totp"),
    path(f"{OWN}/codes/", later(f"{FACTOR}.codes"), name="mfa_view_recovery_codes"),
    path(f"{OWN}/codes/nieuw/", later(f"{FACTOR}.new_codes"), name="mfa_generate_recovery_codes"),
    path(f"{OWN}/jij/", later(f"{FACTOR}.confirm_by_code"), name="mfa_reauthenticate"),
    path(
        f"{OWN}/jij/passkey/",
        later(f"{FACTOR}.confirm_by_passkey"),
        name="mfa_reauthenticate_webauthn",
    ),
]


def patterns(*, with_demo: bool) -> list:
    """Every path of the product; without the demo its door does not exist."""
    return [
        *sign_in_urls,
        *second_step_urls,
        path("", include((werklab_urls + demo_urls * with_demo, "werklab"))),
        path("werklabs/<slug:lab_slug>/", include((intake_lab_urls, "intake"))),
        path("", include((sessions_urls, "sessions"))),
        path("", include((initiatives_urls, "initiatives"))),
    ]


urlpatterns = patterns(with_demo=settings.DEMO)

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler429 = errors.too_many_tries
handler500 = errors.server_error
