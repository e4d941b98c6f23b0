# What is needed to install stays behind in the first stage; what runs is Python, the locked packages and the gateway.
FROM python:3.11-slim AS packages
COPY requirements-image.lock .
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --only-binary :all: -r requirements-image.lock

FROM python:3.11-slim
# A new volume takes the owner and mode of the folder it covers.
RUN useradd --system --uid 10001 --no-create-home billing && install --directory --owner billing --mode 700 /keys
COPY --from=packages /venv /venv
WORKDIR /app
COPY gateway gateway
COPY schema schema
COPY resolvers resolvers
ENV PATH="/venv/bin:$PATH" PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 BILLING_HOST=0.0.0.0 BILLING_KEYS=/keys/billing-keys.json
USER billing
EXPOSE 8000
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
ENTRYPOINT ["python", "-m", "gateway"]
CMD ["serve"]
