"""Getting an errand run by whoever owns the database: this process when the file is free, else the running gateway."""

from __future__ import annotations

from pathlib import Path

from gateway.store.database import DatabaseBusy, TablesUnfit

from .admin import ask
from .errands import ERRANDS, Declined, Json, Say
from .services import Services, open_services
from .settings import Settings


async def run_errand(settings: Settings, errand: str, asked: Json, say: Say = lambda progress: None, *, create: bool = False) -> Json:
    """Run an errand; `create` makes a database where there is none.

    :raises Declined: it cannot be run; the message says why, and what to do.
    """
    if not create and settings.database_path is not None and not settings.database_path.exists():
        raise Declined(f"There is no database at {settings.database_path}. BILLING_DATABASE_URL says where it is.")
    try:
        services = open_for(settings)
    except DatabaseBusy as busy:
        return await _ask_owner(busy, errand, asked, say)
    try:
        return await ERRANDS[errand](services, asked, say)
    except TablesUnfit as unfit:
        raise Declined(f"{settings.database_name} cannot be used. {unfit}") from None
    finally:
        await services.store.close()


async def _ask_owner(busy: DatabaseBusy, errand: str, asked: Json, say: Say) -> Json:
    path = busy.owner.get("admin")
    if path is None:
        raise Declined(f"{busy} It takes no errands: wait until it is done, and try again.") from None
    try:
        return await ask(path, errand, asked, say)
    except OSError:
        raise Declined(f"{busy} It does not answer at its admin socket: it may just be starting. Try again in a moment.") from None


def open_for(settings: Settings, admin: Path | None = None) -> Services:
    """Open the database, to be asked errands under `admin` if given.

    :raises DatabaseBusy: another process owns it.
    :raises Declined: it cannot be opened, and why.
    """
    try:
        return open_services(settings, admin=admin)
    except DatabaseBusy:
        raise
    except Exception as error:
        reason = getattr(error, "orig", None) or error
        raise Declined(f"The database {settings.database_name} cannot be opened: {reason}") from error
