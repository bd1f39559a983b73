"""What the logbook says of each event, by the name under which an action records it."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "advice_changed": _("Changed an advice"),
    "advice_finalised": _("Made the advice final"),
    "advice_from_card": _("Made an advice of a card"),
    "advice_moved": _("Moved an advice"),
    "advice_removed": _("Took an advice away"),
    "advice_reopened": _("Opened the advice again"),
    "advice_written": _("Wrote an advice"),
    "board_link_made": _("Made a link for an initiative to talk along"),
    "card_added": _("Put a card on a board"),
    "card_changed": _("Changed a card"),
    "card_removed": _("Took a card off a board"),
    "consents_changed": _("Changed the consents"),
    "endorsement_asked": _("Asked the initiatives to endorse the advice"),
    "endorsement_given": _("Answered on the advice"),
    "endorsement_recorded": _("Wrote down an answer on the advice"),
    "enrolled": _("Enrolled"),
    "enrolment_admitted": _("Said yes to somebody from outside"),
    "enrolment_opened": _("Opened enrolment"),
    "enrolment_refused": _("Said no to somebody from outside"),
    "initiative_added": _("Added an initiative to the register"),
    "initiative_changed": _("Changed an initiative"),
    "intake_begun": _("Began the intake"),
    "intake_done": _("Finished the intake"),
    "intake_reopened": _("Took an answer of the intake away"),
    "lab_changed": _("Changed dates, places or contact"),
    "lab_scheduled": _("Scheduled the werklab"),
    "logistics_wiped": _("Wishes on food and accessibility were wiped"),
    "offer_accepted": _("Said yes to a place"),
    "offer_ended": _("The time to say yes to a place was over"),
    "place_offered": _("Offered a place to somebody on the list"),
    "presentation_planned": _("Planned the presentation of the advice"),
    "shared_view_written": _("Wrote down the shared view"),
    "source_tied": _("Tied a source to an advice"),
    "source_untied": _("Took a source away from an advice"),
    "staff_invited": _("Invited somebody of LSA"),
    "trainer_added": _("Added a trainer"),
    "visit_asked": _("Asked for a visit"),
    "visit_confirmed": _("Said yes to a visit"),
    "visit_declined": _("Said no to a visit, this time"),
    "visit_moments_offered": _("Offered other moments for a visit"),
    "visit_other_time": _("Asked for another moment for a visit"),
    "vote_given": _("A vote was given to a card"),
    "vote_taken_back": _("A vote was taken back from a card"),
    "withdrawn": _("Gave a place back"),
}


def sentence(name: str) -> str:
    """The words for an event; a name that nobody gave words to stays readable."""
    return str(SENTENCES.get(name) or name.replace("_", " ").capitalize())
