"""Write the report of a lab to a file: `manage.py advice_pdf <lab> <file>`."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from sessions import report
from werklab.errors import Refused
from werklab.models import Lab


class Command(BaseCommand):
    """For whoever looks after the server: the same file that a coordinator downloads (REQ-122)."""

    help = "Write the advice of a lab as a PDF: the final one, or a draft while there is none."

    def add_arguments(self, parser):
        parser.add_argument("lab", help="the lab's web address, such as wilgenmeer")
        parser.add_argument("file", type=Path)

    def handle(self, *, lab, file, **options):
        found = Lab.objects.select_related("municipality").filter(slug=lab).first()
        if found is None:
            raise CommandError(f"There is no lab with the address {lab}.")
        try:
            name, made, _sha256 = report.download(None, found)
            file.write_bytes(made)
        except (Refused, OSError) as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(f"{name}: {len(made)} bytes in {file}")
