"""XenServer's own Python binding on the simulated pool: XML-RPC."""
import os
import sys

import XenAPI

session = XenAPI.Session(os.environ["WXA_POOL_URL"], ignore_ssl=True)
session.xenapi.login_with_password("root", "xen", "1.0", "webxenadmin-tests")
api = session.xenapi


def wait_for_events(classes, token, wanted):
    """Follows events until one is wanted; at most a minute."""
    for _ in range(12):
        answer = getattr(api.event, "from")(classes, token, 5.0)
        token = answer["token"]
        if any(wanted(event) for event in answer["events"]):
            return token
    sys.exit(f"no wanted event of {classes}")


vms = api.VM.get_all_records()
halted = next(
    ref
    for ref, vm in vms.items()
    if vm["power_state"] == "Halted" and not vm["is_a_template"] and not vm["name_label"].startswith("vm-")
)
first = getattr(api.event, "from")(["vm"], "", 5.0)
assert all(event["operation"] == "add" for event in first["events"]), "the first answer tells everything as new"
assert len(first["events"]) == len(vms) == first["valid_ref_counts"]["vm"]

task = api.Async.VM.start(halted, False, False)
wait_for_events(
    [f"task/{task}"], "", lambda event: event.get("snapshot", {}).get("status") in ("success", "failure")
)
assert api.task.get_status(task) == "success", api.task.get_error_info(task)
assert api.task.get_result(task) == ""
wait_for_events(
    ["vm"],
    first["token"],
    lambda event: event["ref"] == halted
    and event["snapshot"]["power_state"] == "Running"
    and event["snapshot"]["guest_metrics"] != "OpaqueRef:NULL",
)
record = api.VM.get_record(halted)
assert record["VCPUs_max"].isdigit(), "integers are text on this wire"
assert record["snapshot_time"].value == "19700101T00:00:00Z"
api.VM.clean_shutdown(halted)
assert api.VM.get_power_state(halted) == "Halted"

try:
    api.VM.unpause(halted)
    sys.exit("a halted VM was unpaused")
except XenAPI.Failure as failure:
    assert failure.details[0] == "VM_BAD_POWER_STATE", failure.details
try:
    XenAPI.Session(os.environ["WXA_POOL_URL"], ignore_ssl=True).xenapi.login_with_password("root", "wrong")
    sys.exit("a wrong password was taken")
except XenAPI.Failure as failure:
    assert failure.details[0] == "SESSION_AUTHENTICATION_FAILED", failure.details
assert "VM.start" in session.system.listMethods()
session.logout()
print("XenAPI for Python: passed")
