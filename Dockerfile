# Two stages: the first installs, the second runs as an unprivileged user.
FROM python:3.12-slim AS build
WORKDIR /src
COPY requirements/run.txt requirements/run.txt
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY cogs cogs
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation . \
    && /venv/bin/python -m compileall -q /venv/lib

FROM python:3.12-slim
RUN useradd --create-home --uid 1000 handoff && mkdir /data && chown handoff /data
COPY --from=build /venv /venv
USER handoff
ENV PATH=/venv/bin:$PATH HANDOFF_DATA__FOLDER=/data MPLCONFIGDIR=/home/handoff/.config/matplotlib
RUN python -c "import matplotlib.font_manager"
# Databases, datasets and, where there is one, config.toml: everything that outlives the container.
VOLUME /data
WORKDIR /data
# The bot touches this file while Discord hears it; the first start fetches data for some minutes before.
HEALTHCHECK --interval=1m --start-period=20m --retries=3 \
    CMD find "$HANDOFF_DATA__FOLDER/alive" -mmin -2 | grep -q .
ENTRYPOINT ["handoff"]
CMD ["run"]
