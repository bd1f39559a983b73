"""The paths of the register."""

from django.urls import path

from initiatives import views

urlpatterns = [
    path("", views.register, name="register"),
    path("nieuw/", views.add_initiative, name="add_initiative"),
    path("<slug:slug>/", views.initiative, name="initiative"),
    path("<slug:slug>/wijzig/", views.edit_initiative, name="edit_initiative"),
]
