"""The paths of the sessions: boards, visits, advice; and those behind a mailed link."""

from django.urls import include, path

from sessions.views import (
    advice,
    boards,
    choosing,
    endorsements,
    report,
    talk_along,
    visit_groups,
    visit_notes,
    visit_sheet,
    visits,
)

board_urls = [
    path("", boards.session, name="session"),
    path("kaart/", boards.add_card, name="add_card"),
    path("kijk/", boards.shared_view, name="shared_view"),
    path("link/<int:pk>/", boards.board_link, name="board_link"),
    path("kaarten/<int:pk>/wijzig/", boards.edit_card, name="edit_card"),
    path("kaarten/<int:pk>/weg/", boards.remove_card, name="remove_card"),
    path("kaarten/<int:pk>/stip/", boards.vote, name="vote"),
    path("kaarten/<int:pk>/advies/", boards.advise, name="advise"),
]
visit_urls = [
    path("", visits.visits, name="visits"),
    path("nieuw/", visits.ask_visit, name="ask_visit"),
    path("kiezen/", choosing.choose, name="choose"),
    path("groepen/", visit_groups.groups, name="groups"),
    path("groepen/verdeel/", visit_groups.divide_groups, name="divide_groups"),
    path("<int:pk>/", visits.visit, name="visit"),
    path("<int:pk>/antwoord/", visits.answer_for, name="answer_for"),
    path("<int:pk>/momenten/", visits.offer_slots, name="offer_slots"),
    path("<int:pk>/blad/", visit_sheet.visit_sheet, name="visit_sheet"),
    path("<int:pk>/blad.pdf", visit_sheet.visit_sheet_pdf, name="visit_sheet_pdf"),
    path("<int:pk>/notities/", visit_notes.visit_notes, name="visit_notes"),
    path("<int:pk>/notities/stuur/", visit_notes.send_notes, name="send_notes"),
    path("<int:pk>/notities/<int:note_pk>/", visit_notes.edit_note, name="edit_note"),
    path("<int:pk>/notities/<int:note_pk>/weg/", visit_notes.remove_note, name="remove_note"),
]
advice_urls = [
    path("", advice.advice, name="advice"),
    path("nieuw/", advice.new_advice, name="new_advice"),
    path("<int:pk>/", advice.edit_advice, name="edit_advice"),
    path("<int:pk>/schuif/", advice.move_advice, name="move_advice"),
    path("<int:pk>/weg/", advice.remove_advice, name="remove_advice"),
    path("<int:pk>/bronnen/", advice.sources, name="sources"),
    path("<int:pk>/bronnen/<int:card_pk>/los/", advice.untie, name="untie_source"),
    path("<int:pk>/stem/", endorsements.record, name="record_endorsement"),
    path("vraag/", endorsements.ask, name="ask_endorsement"),
    path("presentatie/", endorsements.presentation, name="presentation"),
    path("vaststellen/", report.finalise, name="finalise"),
    path("heropenen/", report.reopen, name="reopen"),
    path("rapport/", report.report, name="report"),
]
lab_urls = [
    path("sessies/<int:number>/", include(board_urls)),
    path("bezoeken/", include(visit_urls)),
    path("advies/", include(advice_urls)),
    path("advies.pdf", report.advice_pdf, name="advice_pdf"),
]
urlpatterns = [
    path("werklabs/<slug:lab_slug>/", include(lab_urls)),
    path("bezoek/<str:token>/", visits.answer_visit, name="answer_visit"),
    path("bezoek/<str:token>/blad.pdf", visit_sheet.sheet_by_link, name="sheet_by_link"),
    path("bezoek/<str:token>/notities/", visit_notes.answer_notes, name="answer_notes"),
    path("bezoek/<str:token>/agenda.ics", visits.calendar_of_visit, name="visit_calendar"),
    path("meepraten/<str:token>/", talk_along.talk_along, name="talk_along"),
    path("onderschrijven/<str:token>/", endorsements.endorse, name="endorse"),
]
