# One build, one target a service:  docker build --target worker .
# Everything installed is pinned and hashed by the lock files; the running user owns nothing but /data.
ARG PYTHON_VERSION=3.13

FROM python:${PYTHON_VERSION}-slim AS build
WORKDIR /build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements.lock requirements-build.lock ./
RUN python -m venv /opt/tocsin \
    && /opt/tocsin/bin/pip install --require-hashes -r requirements.lock \
    && pip install --require-hashes -r requirements-build.lock
COPY pyproject.toml README.md LICENSE ./
COPY services services
COPY shared shared
RUN pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
    && /opt/tocsin/bin/pip install --no-deps /wheels/*.whl

FROM python:${PYTHON_VERSION}-slim AS runtime
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin tocsin \
    && install -d -m 0700 -o tocsin -g tocsin /data
COPY --from=build /opt/tocsin /opt/tocsin
ENV PATH=/opt/tocsin/bin:$PATH \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    TOCSIN_DATA_DIR=/data TOCSIN_LOG_FORMAT=json
USER tocsin
WORKDIR /data
ENTRYPOINT ["tocsin"]

FROM runtime AS poller
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 CMD ["tocsin", "health", "poller"]
CMD ["poller"]

# The check sends the worker a canary, so it waits longer than the others.
FROM runtime AS worker
HEALTHCHECK --interval=60s --timeout=30s --start-period=60s --retries=3 CMD ["tocsin", "health", "worker", "--timeout", "20"]
CMD ["worker"]

FROM runtime AS notifier
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 CMD ["tocsin", "health", "notifier"]
CMD ["notifier"]

FROM runtime AS api
EXPOSE 8600
ENV TOCSIN_API_HOST=0.0.0.0
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 CMD ["tocsin", "health", "api"]
CMD ["api"]

# For one command at a time: docker compose run --rm cli feeds list
FROM runtime AS cli
HEALTHCHECK NONE
CMD ["--help"]
