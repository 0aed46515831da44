# k2graph serve, as docs/how-to/deploy.md tells. The first stage makes a wheel of this checkout, the second has only what that needs.
FROM python:3.13-slim AS build
WORKDIR /source
COPY . .
RUN python -m venv /k2graph && /k2graph/bin/pip install --no-cache-dir --no-compile '.[serve]'

FROM python:3.13-slim
COPY --from=build /k2graph /k2graph
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin k2graph
USER 10001
ENV PYTHONDONTWRITEBYTECODE=1 MPLCONFIGDIR=/tmp/matplotlib
EXPOSE 7878
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["/k2graph/bin/python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:7878/health', timeout=4)"]
ENTRYPOINT ["/k2graph/bin/k2graph", "serve", "--host", "0.0.0.0"]
