"""Refusals: typed, named once, told in two languages."""

from __future__ import annotations

import gateway.billing.errors as errors
from gateway.billing.commands import (
    AddAddOn,
    AddPackage,
    ApplyDiscount,
    CancelPackage,
    ChangePackage,
    EndDiscount,
    GrantDiscount,
    OpenAccount,
    ReactivatePackage,
    RemoveAddOn,
    UndoScheduledChange,
)
from gateway.billing.errors import NotFound, Refusal, ScheduledConflict, refusals


def test_every_refusal_has_a_code_of_its_own_after_its_name() -> None:
    for code, kind in refusals().items():
        assert code.replace("_", "").lower() == kind.__name__.lower()
    assert len(refusals()) == len(Refusal.__subclasses__())


def test_the_tree_at_the_top_of_the_module_names_them_all() -> None:
    assert errors.__doc__ is not None
    assert all(kind.__name__ in errors.__doc__ for kind in refusals().values())
    assert all(kind.__doc__ for kind in refusals().values())


def test_a_refusal_is_told_in_the_language_asked_for() -> None:
    refusal = NotFound("There is no plan {plan}.", "plan", plan="x")

    assert (str(refusal), refusal.text("tr"), refusal.field, refusal.code) == (
        "There is no plan x.",
        "x adında bir paket yok.",
        "plan",
        "NOT_FOUND",
    )


def test_a_conflict_names_the_scheduled_change_that_stands_in_the_way() -> None:
    template = "A change is scheduled for {on} ({scheduled_id}); replace it or undo it first."

    assert ScheduledConflict(template, "replaceScheduled", on="2026-07-01", scheduled_id="sch_1").scheduled_id == "sch_1"


def test_a_command_declares_each_refusal_once() -> None:
    commands = (
        AddAddOn,
        AddPackage,
        ApplyDiscount,
        CancelPackage,
        ChangePackage,
        EndDiscount,
        GrantDiscount,
        OpenAccount,
        ReactivatePackage,
        RemoveAddOn,
        UndoScheduledChange,
    )
    for command in commands:
        assert len(set(command.refusals)) == len(command.refusals) > 0
