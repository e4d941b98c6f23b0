"""The settings of the command's environment."""

from __future__ import annotations

import os

from gateway.server.settings import Settings, read_settings


def settings_here() -> Settings:
    """What the environment says.

    :raises SettingProblem: a setting cannot be used.
    """
    return read_settings(os.environ)
