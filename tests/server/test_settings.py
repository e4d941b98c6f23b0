"""Settings: read once, and each mistake is named by its variable with what to write."""

from pathlib import Path

import pytest

from gateway.server.settings import SettingProblem, Settings, read_settings, settings_page

_DATABASES = (
    "must look like sqlite:///billing.db, sqlite:////var/lib/billing.db for a full path, or postgresql://user:password@host/database"
)


def problems(**environ: str) -> tuple[str, ...]:
    with pytest.raises(SettingProblem) as found:
        read_settings(environ)
    return found.value.problems


def test_nothing_needs_to_be_set() -> None:
    assert read_settings({}) == Settings()
    assert read_settings({"BILLING_PORT": "", "HOME": "/"}) == Settings()


def test_each_setting_is_read_from_its_variable() -> None:
    settings = read_settings(
        {
            "BILLING_DATABASE_URL": "sqlite:////var/lib/billing.db",
            "BILLING_PORT": "9000",
            "BILLING_KEYS": "keys.json",
            "BILLING_ALLOWED_ORIGINS": "https://a.example, http://b.example:8080",
            "BILLING_DAYS_TO_PAY": "30",
        }
    )

    assert settings.database_path == Path("/var/lib/billing.db")
    assert settings.port == 9000
    assert settings.keys == Path("keys.json")
    assert settings.allowed_origins == ("https://a.example", "http://b.example:8080")
    assert settings.days_to_pay == 30


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("BILLING_PORT", "abc", "must be a whole number from 0 to 65535"),
        ("BILLING_PORT", "70000", "must be a whole number from 0 to 65535"),
        ("BILLING_PORT", "tcp://10.0.0.1:8000", "must be a whole number from 0 to 65535"),
        ("BILLING_DAYS_TO_PAY", "-1", "must be a whole number from 0 to 365"),
        ("BILLING_ISSUER_ZONE", "Mars/Base", "must be an IANA time zone such as Europe/Istanbul"),
        ("BILLING_ISSUER_ZONE", "../etc/passwd", "must be an IANA time zone such as Europe/Istanbul"),
        ("BILLING_ALLOWED_ORIGINS", "shop.example", "must be origins such as https://shop.example, separated by commas, or *"),
        ("BILLING_ALLOWED_ORIGINS", "https://shop.example/", "must be origins such as https://shop.example, separated by commas, or *"),
        ("BILLING_DATABASE_URL", "billing.db", _DATABASES),
        ("BILLING_HINTS", "localhost:6379", "must look like redis://host:6379/0, or rediss://… with TLS"),
        ("BILLING_JOBS", "nowhere", "must be here or elsewhere"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused(variable: str, value: str, says: str) -> None:
    assert problems(**{variable: value}) == (f"{variable} {says}, and is '{value}'.",)


def test_all_mistakes_are_told_at_once() -> None:
    assert len(problems(BILLING_PORT="x", BILLING_DEPTH="0", BILLING_ISSUER_ZONE="x")) == 3


def test_a_password_is_never_shown() -> None:
    (problem,) = problems(BILLING_DATABASE_URL="mysql://me:hunter2@db/billing")
    environ = {"BILLING_DATABASE_URL": "postgresql://me:hunter2@db/billing", "BILLING_HINTS": "redis://:hunter2@cache/0"}

    assert problem.endswith("and is 'mysql://me:…@db/billing'.")
    assert "hunter2" not in repr(settings_page(read_settings(environ), environ))


def test_the_page_has_a_line_for_each_setting_with_its_present_value() -> None:
    environ = {"BILLING_PORT": "9000", "BILLING_ALLOWED_ORIGINS": "https://a.example,https://b.example"}

    page = {row.variable: row for row in settings_page(read_settings(environ), environ)}

    assert len(page) == len(Settings.__slots__)
    assert all(row.meaning.endswith(".") for row in page.values())
    assert (page["BILLING_PORT"].value, page["BILLING_PORT"].is_set) == ("9000", True)
    assert (page["BILLING_HOST"].value, page["BILLING_HOST"].is_set) == ("127.0.0.1", False)
    assert page["BILLING_ALLOWED_ORIGINS"].value == "https://a.example,https://b.example"


def test_what_the_page_shows_can_be_set() -> None:
    rows = settings_page(Settings(), {})

    assert read_settings({row.variable: row.value for row in rows}) == Settings()
