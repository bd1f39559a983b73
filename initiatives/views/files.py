"""The register as a file: take it along, and bring one in after looking at it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from initiatives import exporting, importing
from initiatives.columns import COLUMNS
from initiatives.finding import Filters
from initiatives.forms.files import ImportForm
from initiatives.models import RegisterImport
from initiatives.register import municipalities_for
from werklab.errors import Refused

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_safe
def export(request, kind):
    """The list as it is looked at, as a file."""
    if not municipalities_for(request.user, "read_register").exists():
        raise PermissionDenied
    file = exporting.export(request.user, Filters.of(request.GET), kind)
    name = f"initiatieven-{timezone.localdate().isoformat()}.{kind}"
    response = FileResponse(file, as_attachment=True, filename=name, content_type=KINDS[kind])
    response["Cache-Control"] = "no-store"
    return response


def _only_who_keeps_a_register(request):
    if not municipalities_for(request.user, "edit_register").exists():
        raise PermissionDenied


@require_http_methods(["GET", "HEAD", "POST"])
def import_register(request):
    """Choose a file; what it would do is on the next page."""
    _only_who_keeps_a_register(request)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ImportForm(*sent)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            received = importing.receive(request.user, file, file.name)
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("initiatives:check_import", received.pk)
    return render(request, "initiatives/import.html", {"form": form, "columns": COLUMNS})


@require_http_methods(["GET", "HEAD", "POST"])
def check_import(request, pk):
    """What a file will do, row by row, and the button that does it."""
    _only_who_keeps_a_register(request)
    if request.method == "POST":
        return _bring_in(request, pk)
    received = get_object_or_404(RegisterImport, pk=pk, by=request.user)
    page = {"received": received, "plan": importing.look(request.user, received)}
    return render(request, "initiatives/check_import.html", page)


def _bring_in(request, pk):
    received = RegisterImport.objects.filter(pk=pk, by=request.user).only("pk").first()
    try:
        plan = importing.bring_in(request.user, received or RegisterImport(pk=pk))
    except Refused as refusal:
        messages.error(request, str(refusal))
        still = received and RegisterImport.objects.filter(pk=pk).exists()
        return redirect(*(("initiatives:check_import", pk) if still else ["initiatives:import"]))
    new, changed = len(plan.new), len(plan.changed)
    added = ngettext("%(count)s initiative added.", "%(count)s initiatives added.", new)
    updated = ngettext("%(count)s initiative changed.", "%(count)s initiatives changed.", changed)
    said = [added % {"count": new}] if new else []
    said += [updated % {"count": changed}] if changed else []
    messages.success(request, " ".join(said or [_("Nothing has changed.")]))
    return redirect("initiatives:register")
