"""Copy an earlier lab."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sessions import copying
from sessions.forms.copying import CopyForm
from werklab import access
from werklab.errors import Refused
from werklab.models import Lab


@require_http_methods(["GET", "HEAD", "POST"])
@access.lab_view("see_lab")
def copy_lab(request: access.KnownRequest, lab: Lab) -> HttpResponse:
    """Choose what of this lab comes along into a new one, for who makes labs."""
    if not access.may_anywhere(request.user, "create_lab"):
        raise PermissionDenied
    form = CopyForm(request.POST if request.method == "POST" else None, lab=lab)
    if form.is_valid():
        try:
            copy = copying.copy_lab(request.user, lab, **form.agreed())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The new werklab is there. See what it still needs."))
            return redirect(copy)
    return render(request, "werklab/copy_lab.html", {"lab": lab, "form": form, "tab": "overview"})
