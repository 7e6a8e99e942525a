"""What webhooks offer: their commands, their routes, the deliveries that tell, and how long what was said is kept."""

from collections.abc import Mapping

from scf.announcements import OUTBOX_KIND
from scf.module import Delivery
from scf.webhooks.deliver import deliver
from scf.webhooks.endpoints import ADD, CHANGE, END, ROTATE
from scf.webhooks.fan_out import fan_out
from scf.webhooks.sending import CALL_KIND, REPLAY, REPLAY_FAILED, TEST

COMMANDS = (ADD, CHANGE, END, ROTATE, TEST, REPLAY, REPLAY_FAILED)
DELIVERIES: Mapping[str, Delivery] = {OUTBOX_KIND: fan_out}
CALLS: Mapping[str, Delivery] = {CALL_KIND: deliver}
