"""A file for the register that somebody has looked at and not brought in yet."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class RegisterImport(models.Model):
    """The rows of an uploaded file, kept for a day between looking and doing.

    A row is what stood in the cells, by column, with the number of its line: nothing is in the
    register before somebody says so.
    """

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    columns = models.JSONField(default=list)
    unknown = models.JSONField(default=list)
    rows = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return self.name
