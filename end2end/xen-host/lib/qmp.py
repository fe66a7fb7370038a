#!/usr/bin/env python3
"""qmp.py FOLDER quit|stop|cont|status|save NAME: tells the QEMU behind FOLDER/qmp.sock something and waits until it is done."""
import json
import os
import socket
import sys


def main(folder, verb, *args):
    sock = socket.socket(socket.AF_UNIX)
    # QEMU takes a while to write a state of 2.5 GiB on a busy machine; everything else answers at once.
    sock.settimeout(180 if verb == "save" else 10)
    os.chdir(folder)  # a socket's address holds 107 bytes: a long cache path would not fit
    sock.connect("qmp.sock")
    lines = sock.makefile("rw")
    lines.readline()  # the greeting

    def call(name, **arguments):
        lines.write(json.dumps({"execute": name, "arguments": arguments}) + "\n")
        lines.flush()
        while True:
            line = lines.readline()
            if not line:  # QEMU is gone, as it should be after "quit"
                return {}
            reply = json.loads(line)
            if "error" in reply:
                sys.exit(f"QEMU: {reply['error'].get('desc', reply['error'])}")
            if "return" in reply:
                return reply["return"]

    call("qmp_capabilities")
    if verb == "status":
        print(call("query-status")["status"])
    elif verb == "save":
        said = call("human-monitor-command", **{"command-line": f"savevm {args[0]}"})
        if said.strip():
            sys.exit(f"QEMU: {said.strip()}")
    elif verb in ("quit", "stop", "cont"):
        call(verb)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except OSError as e:
        sys.exit(f"QEMU does not answer: {e}")
