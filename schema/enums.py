"""Enums of the domain, described."""

from gateway.billing.catalog import EarlyEnd, Interval, Kind
from gateway.billing.effective import When
from gateway.billing.forecast import Expectation, Which
from gateway.billing.invoice import InvoiceStatus
from gateway.billing.item import Status
from gateway.billing.tax import TaxStatus
from gateway.server.auth import Role

from .window import enum

enum(
    Kind,
    "What a plan is.",
    name="PlanKind",
    PACKAGE="A package of representatives.",
    ADD_ON="An additional package.",
    SESSION_PACK="Extra chatbot sessions.",
)
enum(
    Interval,
    "The run of time a price pays for.",
    MONTH="One billing period.",
    QUARTER="Three billing periods.",
    YEAR="Twelve billing periods.",
)
enum(
    EarlyEnd,
    "What leaving a term before its end costs beside the days used.",
    NONE="Nothing.",
    REPRICE="What the days used would have cost by the month, less what was billed for them.",
    REST_OF_TERM="The days to its end; they are not billed again to who comes back within the term.",
)
enum(When, "When a change takes effect.", name="EffectiveWhen", NOW="At once.", AT_RENEWAL="When the term that is paid for ends.")
enum(Which, "Which period a forecast is for.", name="ForecastPeriod", CURRENT="The running billing period.", NEXT="The one after it.")
enum(Expectation, "Whether an invoice is expected.", name="ForecastStatus", EXPECTED="One is expected.", NOTHING_DUE="Nothing will be due.")
enum(
    Status,
    "Where a package or an add-on stands.",
    name="ItemStatus",
    SCHEDULED="It begins on a day to come.",
    ACTIVE="It is in use and goes on.",
    ENDING="It is in use until the day it is scheduled to end.",
    ENDED="It has ended and can be brought back.",
)
enum(
    InvoiceStatus,
    "Where an invoice stands.",
    DRAFT="It was cut and has no number yet.",
    OPEN="It was issued and is to be paid.",
    PAID="It was paid, or nothing was due.",
    PAST_DUE="It was to be paid by a day that has passed.",
    UNCOLLECTIBLE="Collecting it was given up.",
    VOID="It was declared void.",
)
enum(
    TaxStatus,
    "What is known of the tax on a bill.",
    NOT_CHARGED="The vendor charges no tax.",
)
enum(
    Role,
    "What a token may do.",
    OWNER="See and steer one account.",
    PARTNER="See and steer one account on its owner's behalf.",
    OPERATOR="See every account, open and close them.",
)
