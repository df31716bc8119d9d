"""Works KDE's register of keys as other programs and System Settings do, in the root.

python3 -m tests.wayland.kglobalaccel take KEY     another program's action has that key (Qt's number)
python3 -m tests.wayland.kglobalaccel set ACTION KEY   the user gives an action of Harken's that key
python3 -m tests.wayland.kglobalaccel free         the other program lets go of its key
"""

from __future__ import annotations

import sys

from jeepney import DBusAddress, new_method_call
from jeepney.io.blocking import open_dbus_connection
from jeepney.wrappers import unwrap_msg

from reader.support.app_id import APP_ID

_REGISTER = DBusAddress("/kglobalaccel", "org.kde.kglobalaccel", "org.kde.KGlobalAccel")
_RIVAL = ["rival", "do", "Rival", "Do things"]
_IS_USED = 2  # SetPresent: its program runs


def main() -> None:
    """Do one of these."""
    bus = open_dbus_connection("SESSION")

    def call(method: str, signature: str, *values: object) -> None:
        unwrap_msg(bus.send_and_get_reply(new_method_call(_REGISTER, method, signature, values), timeout=10))

    match sys.argv[1:]:
        case "take", key:
            call("doRegister", "as", _RIVAL)
            call("setShortcutKeys", "asa(ai)u", _RIVAL, [([int(key), 0, 0, 0],)], _IS_USED)
        case "set", action, key:
            call("setForeignShortcutKeys", "asa(ai)", [APP_ID, action, "", ""], [([int(key), 0, 0, 0],)])
        case "command", entry, key:
            start = [entry, "_launch", entry, entry]
            call("doRegister", "as", start)
            call("setShortcutKeys", "asa(ai)u", start, [([int(key), 0, 0, 0],)], _IS_USED)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
