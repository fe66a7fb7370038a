// The library under Xen Orchestra on the simulated pool: JSON-RPC, its object cache from events, tasks.
import assert from "node:assert/strict";
import { createClient } from "xen-api";

const client = createClient({
  url: process.env.WXA_POOL_URL,
  auth: { user: "root", password: "xen" },
  allowUnauthorized: true,
});
await client.connect();
await client.objectsFetched;

const isOurs = (object) => object.$type === "VM" && !object.is_a_template && !object.is_control_domain;
const halted = Object.values(client.objects.all).find(
  (object) => isOurs(object) && object.power_state === "Halted" && !object.name_label.startsWith("vm-"),
);
assert.ok(halted, "a halted VM");
assert.equal(client.pool.name_label, "lab");

/** Resolves when the cache shows what is wanted. */
const shows = (wanted) =>
  new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`never: ${wanted}`)), 30_000);
    const look = () => {
      if (!wanted(client.getObject(halted.$ref))) return;
      clearTimeout(late);
      client.objects.removeListener("update", look);
      resolve();
    };
    client.objects.on("update", look);
    look();
  });

await client.callAsync("VM.start", halted.$ref, false, false);
await shows((vm) => vm.power_state === "Running" && vm.guest_metrics !== "OpaqueRef:NULL");
await client.callAsync("VM.clean_shutdown", halted.$ref);
await shows((vm) => vm.power_state === "Halted");
await assert.rejects(client.call("VM.unpause", halted.$ref), { code: "VM_BAD_POWER_STATE" });
await assert.rejects(client.callAsync("VM.start", "OpaqueRef:NULL", false, false), { code: "HANDLE_INVALID" });
await client.disconnect();
console.log("xen-api for Node.js: passed");
