"""Sentences: every English template the core uses has its Turkish twin, with the same parameters."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import gateway.billing
from gateway.billing.errors import refusals
from gateway.billing.texts import TURKISH, in_language, say

SOURCE = Path(gateway.billing.__file__).parent
REFUSALS = {kind.__name__ for kind in refusals().values()} | {"Refusal"}
# The position of the template among the arguments of each call that takes one.
POSITIONS = {**dict.fromkeys(REFUSALS, 0), "say": 0, "warn": 1, "Warning": 1}


def templates() -> Iterator[tuple[str, str, set[str]]]:
    """Where a template stands, the template, and the names of the arguments given beside it."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            position = POSITIONS.get(called)
            if position is None or len(node.args) <= position:
                continue
            argument = node.args[position]
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield f"{path.name}:{node.lineno}", argument.value, {keyword.arg for keyword in node.keywords if keyword.arg}


USED = list(templates())


def params(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_the_search_finds_the_templates() -> None:
    found = {template for _, template, _ in USED}

    assert len(found) >= 30
    assert "This changes nothing." in found  # a warning
    assert "There is no plan {plan}." in found  # a refusal
    assert "{plan}: {quantity} further representatives" in found  # a line


@pytest.mark.parametrize(("where", "template", "given"), USED, ids=[where for where, _, _ in USED])
def test_a_template_is_translated_and_gets_what_it_names(where: str, template: str, given: set[str]) -> None:
    assert template in TURKISH, f"{where}: no Turkish for {template!r}"
    assert params(template) == given, f"{where}: names {params(template)}, is given {given}"


@pytest.mark.parametrize("template", TURKISH)
def test_a_translation_names_what_the_english_names(template: str) -> None:
    assert params(TURKISH[template]) == params(template)
    assert TURKISH[template] != template


@pytest.mark.parametrize(
    ("locale", "text"),
    [("en", "There is no plan x."), ("tr", "x adında bir paket yok."), ("tr-TR", "x adında bir paket yok.")],
)
def test_a_sentence_is_said_in_the_language_asked_for(locale: str, text: str) -> None:
    assert say("There is no plan {plan}.", locale, plan="x") == text


def test_another_language_and_an_unknown_sentence_are_said_in_english() -> None:
    assert say("There is no plan {plan}.", "de", plan="x") == "There is no plan x."
    assert say("Nobody translated {this}.", "tr", this="one") == "Nobody translated one."


def test_braces_in_a_value_are_only_text() -> None:
    assert say("There is no plan {plan}.", "en", plan="{x.__class__}") == "There is no plan {x.__class__}."


def test_a_name_falls_back_to_english() -> None:
    assert in_language({"en": "Pro", "tr": "Profesyonel"}, "tr-TR") == "Profesyonel"
    assert in_language({"en": "Pro", "tr": "Profesyonel"}, "fr") == "Pro"
