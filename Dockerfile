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
VOLUME /data
ENTRYPOINT ["handoff"]
CMD ["run"]
