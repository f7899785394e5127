"""What is told to clients without being asked."""

from __future__ import annotations

from itertools import count

from gameserver.protocols.invoker.activity import Activity, Batch, batched, pushed
from gameserver.protocols.invoker.forms import FORMS, Form
from gameserver.protocols.invoker.subscriptions import BET_ACTIVITY, BET_ACTIVITY_BATCH
from gameserver.sessions.session import Encoder

_numbers = count(1)


def push_id() -> str:
    """Return a new id of a push; it never ends up looking like a client's own."""
    return f"server_msg_{next(_numbers):03d}"


def _activity(form: Form) -> Encoder:
    def encode(event: Activity) -> bytes:
        return form.message(push_id(), BET_ACTIVITY, pushed(event))

    return encode


def _batch(form: Form) -> Encoder:
    def encode(event: Batch) -> bytes:
        return form.message(push_id(), BET_ACTIVITY_BATCH, batched(event))

    return encode


for _form in FORMS:
    _form.encoders.update({Activity: _activity(_form), Batch: _batch(_form)})
