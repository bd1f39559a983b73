"""The paths of the register."""

from django.urls import include, path

from initiatives.views import doubles, files, own_profile, profile, register, talks

urlpatterns = [
    path("", register.register, name="register"),
    path("nieuw/", register.add_initiative, name="add_initiative"),
    path("export.csv", files.export, {"kind": "csv"}, name="export_csv"),
    path("export.xlsx", files.export, {"kind": "xlsx"}, name="export_xlsx"),
    path("import/", files.import_register, name="import"),
    path("import/<int:pk>/", files.check_import, name="check_import"),
    path("<slug:slug>/", profile.initiative, name="initiative"),
    path("<slug:slug>/wijzig/", profile.edit_initiative, name="edit_initiative"),
    path("<slug:slug>/samenvoegen/", doubles.merge, name="merge"),
    path("<slug:slug>/gestopt/", doubles.retire, name="retire"),
    path("<slug:slug>/terugzetten/", doubles.bring_back, name="bring_back"),
    path("<slug:slug>/link/", own_profile.profile_link, name="profile_link"),
    path("<slug:slug>/link/nieuw/", own_profile.renew_profile_link, name="renew_profile_link"),
    path(
        "<slug:slug>/link/intrekken/",
        own_profile.take_back_profile_link,
        name="take_back_profile_link",
    ),
    path("<slug:slug>/link/mailen/", own_profile.mail_profile_link, name="mail_profile_link"),
    path("<slug:slug>/kennismaking/", talks.acquaintance, name="acquaintance"),
    path("<slug:slug>/gesprekken/", talks.conversations, name="conversations"),
    path("<slug:slug>/gesprekken/<int:pk>/", talks.edit_conversation, name="edit_conversation"),
    path("<slug:slug>/afspraken/", talks.agreements, name="agreements"),
    path("<slug:slug>/afspraken/nieuw/", talks.add_agreement, name="add_agreement"),
    path("<slug:slug>/afspraken/<int:pk>/", talks.edit_agreement, name="edit_agreement"),
    path("<slug:slug>/voorbereiding/", talks.preparation, name="preparation"),
    path("<slug:slug>/voorbereiding.pdf", talks.preparation_pdf, name="preparation_pdf"),
]
# Behind the link of an initiative, without an account.
own_urls = [
    path("", own_profile.own_profile, name="own_profile"),
    path("voorbereiding/", talks.own_preparation, name="own_preparation"),
    path("voorbereiding.pdf", talks.own_preparation_pdf, name="own_preparation_pdf"),
]
patterns = [
    path("initiatieven/", include(urlpatterns)),
    path("ons-profiel/<str:token>/", include(own_urls)),
]
