"""What an operator can put right.

OperatorProblem          the command line prints the message and exits with 1
├── SettingProblem       a setting cannot be used
├── KeysUnusable         the key file is missing, open to others, or no key file
├── PortTaken            somebody listens there already
└── Declined             an errand cannot be run as asked
"""

from __future__ import annotations


class OperatorProblem(RuntimeError):
    """The message says what is wrong and, where there is one, the way out."""
