"""The paths as they are under DEMO=1."""

from werklab.urls import handler400, handler403, handler404, handler500, patterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
urlpatterns = patterns(with_demo=True)
