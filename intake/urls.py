"""The paths of the intake, within a lab."""

from django.urls import path

from intake import views

lab_urls = [
    path("intake/", views.answer, name="answer"),
    path("intake/<int:step>/", views.step, name="step"),
    path("intake/nakijken/", views.check, name="check"),
    path("intakes/", views.summary, name="summary"),
]
