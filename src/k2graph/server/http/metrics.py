"""What a server counts, in Prometheus' text format: requests, the time of queries, workers, and who waits. Nothing of a query."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from ...iris import KINDS
from ..query_processes.pool import Pool

MEDIA_TYPE = CONTENT_TYPE_LATEST
_OWN = ("sparql", "store", "query", "questions", "openapi.json", ".well-known", "ontology", "health", "metrics")
#: From an answer at once to the longest that a query may be allowed to take.
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """The counters of one server."""

    def __init__(self, pool: Pool) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter("k2graph_requests", "Requests answered", ["route", "status"], registry=self._registry)
        self._seconds = Histogram(
            "k2graph_query_seconds", "From when a worker begins a query to its answer or end", buckets=_SECONDS, registry=self._registry
        )
        pool.watch = self._seconds.observe
        for name, about, value in (
            ("k2graph_workers", "Processes that can answer queries", lambda: pool.living),
            ("k2graph_workers_busy", "Of these, those that have a query", lambda: pool.busy),
            ("k2graph_queries_waiting", "Queries that wait for a worker", lambda: pool.waiting),
            ("k2graph_worker_restarts", "Workers that were replaced since the start", lambda: pool.restarts),
        ):
            Gauge(name, about, registry=self._registry).set_function(value)

    def count(self, path: str, status: int) -> None:
        """A request was answered. `path` is below the base path; its names are strangers', so only the kind of it is told."""
        first = path.strip("/").partition("/")[0]
        route = f"/{first}" if first in _OWN or first in KINDS else "pages"
        self._requests.labels(route, str(status)).inc()

    def text(self) -> bytes:
        """All counters as they are now."""
        return generate_latest(self._registry)
