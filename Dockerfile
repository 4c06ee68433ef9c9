# One image for every service; the command says which one a container is:  docker build -t tocsin .
# Everything installed is pinned and hashed by the lock files; the running user owns nothing but /data.

# Python's minor version and Debian's release are fixed, so that building again brings their repairs and no
# other system. Slim: every dependency comes as a wheel, none needs a compiler.
ARG PYTHON=3.13-slim-trixie

FROM python:${PYTHON} AS build
WORKDIR /build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
COPY requirements.lock requirements-build.lock ./
# The environment gets no pip of its own: nothing is installed in a container that runs.
RUN python -m venv --without-pip /opt/tocsin \
    && pip --python /opt/tocsin/bin/python install --no-compile --require-hashes -r requirements.lock \
    && pip install --require-hashes -r requirements-build.lock
# A quarter of it would be Babel's languages, which courlan asks for only when it is to sort links by language.
RUN rm -r /opt/tocsin/lib/python3*/site-packages/babel/locale-data
COPY pyproject.toml README.md LICENSE ./
COPY services services
COPY shared shared
RUN pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
    && pip --python /opt/tocsin/bin/python install --no-compile --no-deps /wheels/*.whl
# Imports every room, so that a missing library ends the build and not a service, and keeps the bytecode of
# just what was imported, Python's own library too, which this base ships without. It costs 20 MB; without it
# every start and every health check would compile for a second, as nothing may be written later. From the
# root directory, or the sources here would be imported and not what was installed.
WORKDIR /
RUN PYTHONDONTWRITEBYTECODE= PYTHONPYCACHEPREFIX=/opt/tocsin/bytecode TOCSIN_REDIS_URL=redis://redis \
    /opt/tocsin/bin/python -c "import importlib, pkgutil, services, shared; \
    [importlib.import_module(module.name) for rooms in (services, shared) \
    for module in pkgutil.walk_packages(rooms.__path__, rooms.__name__ + '.') \
    if not module.name.endswith('__main__') and '.training' not in module.name]"

FROM python:${PYTHON} AS runtime
# A user and a group with names: Celery distrusts a group that has none.
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin tocsin \
    && install -d -m 0700 -o tocsin -g tocsin /data
COPY --from=build /opt/tocsin /opt/tocsin
# On every address: inside a container, loopback could not be published.
ENV PATH=/opt/tocsin/bin:$PATH \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PYTHONPYCACHEPREFIX=/opt/tocsin/bytecode \
    TOCSIN_DATA_DIR=/data TOCSIN_API_HOST=0.0.0.0
# A number, so that whoever demands "not root" can see that it is not.
USER 10001:10001
WORKDIR /data
EXPOSE 8600
# What is well differs from service to service, and a command that ends needs no check: the compose file has
# one for each. With plain docker:  docker run --health-cmd "tocsin health poller" ... tocsin poller
HEALTHCHECK NONE
ENTRYPOINT ["tocsin"]
CMD ["--help"]
