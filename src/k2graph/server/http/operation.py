"""What those who run the server ask of it: whether it can answer, and what it has counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..query_processes.pool import Pool

if TYPE_CHECKING:
    from .metrics import Metrics


class Operation:
    """`/health` and `/metrics`."""

    def __init__(self, pool: Pool, metrics: Metrics | None) -> None:
        self.pool, self.metrics = pool, metrics

    async def health(self, _: Request) -> Response:
        """Whether there is a worker that can answer queries."""
        is_well = self.pool.living > 0
        state = {"status": "ok" if is_well else "no worker", "workers": self.pool.living, "waiting": self.pool.waiting}
        return JSONResponse(state, 200 if is_well else 503, headers={"Cache-Control": "no-store"})

    async def counts(self, _: Request) -> Response:
        """What was counted, for Prometheus."""
        from .metrics import MEDIA_TYPE

        assert self.metrics is not None  # noqa: S101  # there is no such route without
        return Response(self.metrics.text(), media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"})
