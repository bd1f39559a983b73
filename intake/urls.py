"""The paths of the intake, within a lab."""

from django.urls import path

from intake.views import group, organisation, participant

lab_urls = [
    path("intake/", participant.answer, name="answer"),
    path("intake/<int:step>/", participant.step, name="step"),
    path("intake/nakijken/", participant.check, name="check"),
    path("intakes/", group.summary, name="summary"),
    path("organisatie/", organisation.way_in, name="organisation"),
    path("organisatie/<int:step>/", organisation.step, name="organisation_step"),
    path("organisatie/nakijken/", organisation.check, name="organisation_check"),
    path("organisatie/lezen/", organisation.read, name="organisation_read"),
    path("organisatie/doorgenomen/", organisation.go_through, name="go_through_organisation"),
]
