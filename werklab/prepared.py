"""Querysets whose SQL is built once, for the pages that are read most.

Building a queryset costs Django about four times what PostgreSQL needs to answer it. Where a page
asks the same questions on every visit, they are asked here: written as any other queryset, so that
models, joins and types stay Django's, but built one time in the life of a process.
"""

from collections import namedtuple
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from werklab.models import User

# What stands in a queryset, while it is built, for the numbers that it is asked with: numbers that
# fit the smallest column (else Django sees that there can be no row) and that nobody writes.
MARKS = (32_741, 32_743, 32_747)


class Prepared:
    """A queryset of `values_list`, as a function of one to three whole numbers.

    `build` gets a mark for each number and must use every mark; nothing else in it may differ from
    one call to the next (no `now`, no texts). Gives a list of tuples, in one query.
    """

    def __init__(self, build: Callable[..., QuerySet], numbers: int = 1) -> None:
        self._build = build
        self._marks = MARKS[:numbers]
        self._kept: tuple | None = None

    def __call__(self, *numbers: int) -> list[tuple]:
        """The rows for these numbers."""
        if self._kept is None:
            self._kept = self._compile()
        sql, params, compiler, converters = self._kept
        asked = dict(zip(self._marks, numbers, strict=True))
        with connection.cursor() as cursor:
            cursor.execute(sql, [asked.get(value, value) for value in params])
            rows = cursor.fetchall()
        if converters:
            rows = [tuple(row) for row in compiler.apply_converters(rows, converters)]
        return rows

    def _compile(self) -> tuple:
        compiler = self._build(*self._marks).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        missing = set(self._marks) - set(params)
        if missing:
            raise ValueError(f"a number is not used in this query: {sql}")
        converters = compiler.get_converters([column for column, *_ in compiler.select])
        return sql, params, compiler, converters


# Who asks and when, while a queryset is built: a moment long ago that nobody asks about.
NOBODY, LONG_AGO = MARKS[0], datetime(1901, 2, 3, 11, tzinfo=UTC)
MOST_SHAPES = 200


class PreparedFor:
    """A queryset that depends on who asks and on the moment, and for the rest on its shape.

    `build` gets a user, a moment and the shape (what makes the SQL another, such as the number of a
    page), and gives a queryset and its columns. Its days count from that moment. Gives a list of
    named rows, in one query. SQLite keeps moments as texts: there it is built each time.
    """

    def __init__(self, build: Callable[..., tuple[QuerySet, list[str]]]) -> None:
        self._build = build
        self._kept: dict[tuple, tuple] = {}

    def __call__(self, user: User, now: datetime, *shape: Any) -> list[Any]:
        """The rows for this person at this moment."""
        if connection.vendor != "postgresql":
            labs, columns = self._build(user, now, *shape)
            return list(labs.values_list(*columns, named=True))
        key = (user.is_staff, timezone.get_current_timezone_name(), *shape)
        if key not in self._kept:
            if len(self._kept) >= MOST_SHAPES:
                self._kept.clear()
            self._kept[key] = self._compile(user.is_staff, shape)
        sql, params, compiler, converters, row = self._kept[key]
        days = timezone.localdate(now) - timezone.localdate(LONG_AGO)
        with connection.cursor() as cursor:
            cursor.execute(sql, [_asked(value, user, now, days) for value in params])
            rows = cursor.fetchall()
        if converters:
            rows = compiler.apply_converters(rows, converters)
        return [row(*values) for values in rows]

    def _compile(self, is_staff: bool, shape: tuple) -> tuple:
        labs, columns = self._build(User(pk=NOBODY, is_staff=is_staff), LONG_AGO, *shape)
        query = labs.values_list(*columns).query
        compiler = query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        converters = compiler.get_converters([column for column, *_ in compiler.select])
        return sql, params, compiler, converters, namedtuple("Row", columns)


def _asked(value: Any, user: User, now: datetime, days: Any) -> Any:
    """What stands for who asks, for the moment, and for a day counted from it."""
    if value == NOBODY:
        return user.pk
    if value == LONG_AGO:
        return now
    is_day = isinstance(value, date) and not isinstance(value, datetime)
    return value + days if is_day else value
