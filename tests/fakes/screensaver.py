"""A desktop's screen saver: `python -m tests.fakes.screensaver FILE` writes into FILE how many hold it off now.

The screen is locked while there is a file of that name with “.locked” behind it.

Strict: who gives back what was not given to him is refused, and "wrong" is written.
"""

from __future__ import annotations

import sys
from pathlib import Path

from jeepney import HeaderFields, MessageType, message_bus, new_error, new_method_return
from jeepney.io.blocking import open_dbus_connection

NAME = "org.freedesktop.ScreenSaver"


def main(path: Path) -> None:
    held: set[tuple[str, int]] = set()  # by whom, under which number
    last = 41
    with open_dbus_connection() as bus:
        bus.send_and_get_reply(message_bus.RequestName(NAME))
        path.write_text("0")
        while True:
            call = bus.receive()
            fields = call.header.fields
            if call.header.message_type is not MessageType.method_call or fields.get(HeaderFields.interface) != NAME:
                continue
            sender = fields[HeaderFields.sender]
            if fields[HeaderFields.member] == "Inhibit":
                last += 1
                held.add((sender, last))
                bus.send_message(new_method_return(call, "u", (last,)))
            elif fields[HeaderFields.member] == "GetActive":
                bus.send_message(new_method_return(call, "b", (path.with_name(f"{path.name}.locked").exists(),)))
                continue
            elif (key := (sender, call.body[0])) in held:
                held.remove(key)
                bus.send_message(new_method_return(call))
            else:
                path.write_text("wrong")
                bus.send_message(new_error(call, "org.freedesktop.DBus.Error.InvalidArgs"))
                return
            path.write_text(str(len(held)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
