"""Dutch paths, English names: paths stand in letters and are read out on the phone.

A mailed path is a promise: it never changes.
"""

from allauth.account import views as allauth
from django.conf import settings
from django.urls import include, path

from initiatives.urls import urlpatterns as initiatives_urls
from intake.urls import lab_urls as intake_lab_urls
from sessions.urls import urlpatterns as sessions_urls
from werklab.views import account, demo, enrolments, errors, home, info, labs, places

lab_urls = [
    path("", labs.lab, name="lab"),
    path("wijzig/", labs.edit_lab, name="edit_lab"),
    path("aanmelding-open/", labs.open_enrolment, name="open_enrolment"),
    path("logboek/", labs.logbook, name="logbook"),
    path("deelnemers/", enrolments.participants, name="participants"),
    path("deelnemers/<int:pk>/afmelden/", enrolments.withdraw, name="withdraw_participant"),
    path("deelnemers/<int:pk>/toelaten/", enrolments.admit, name="admit_participant"),
    path("deelnemers/<int:pk>/weigeren/", enrolments.refuse, name="refuse_participant"),
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
    path("uitloggen/", account.leave, name="leave"),
    path("werklabs/nieuw/", labs.schedule_lab, name="schedule_lab"),
    path("werklabs/<slug:lab_slug>/", include(lab_urls)),
    path("meedoen/<slug:code>/", places.join, name="join"),
    path("meedoen/<slug:code>/aanmelden/", places.enrol, name="enrol"),
    path("meedoen/<slug:code>/aangemeld/<str:receipt>/", places.enrolled, name="enrolled"),
    path("meedoen/<slug:code>/agenda.ics", places.calendar_of_lab, name="calendar"),
    path("mijn/<str:token>/", places.own, name="own"),
    path("mijn/<str:token>/<slug:where>/", places.own, name="own_at"),
]
demo_urls = [
    path("demo/", demo.demo, name="demo"),
    path("demo/stap-in/", demo.step_in, name="demo_step_in"),
    path("demo/post/", demo.post, name="demo_post"),
    path("demo/post/<int:pk>/", demo.letter, name="demo_letter"),
]


def patterns(*, with_demo: bool) -> list:
    """Every path of the product; without the demo its door does not exist."""
    return [
        path("inloggen/", allauth.request_login_code, name="account_login"),
        path("inloggen/code/", allauth.confirm_login_code, name="account_confirm_login_code"),
        path("", include((werklab_urls + demo_urls * with_demo, "werklab"))),
        path("werklabs/<slug:lab_slug>/", include((intake_lab_urls, "intake"))),
        path("", include((sessions_urls, "sessions"))),
        path("initiatieven/", include((initiatives_urls, "initiatives"))),
    ]


urlpatterns = patterns(with_demo=settings.DEMO)

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error
