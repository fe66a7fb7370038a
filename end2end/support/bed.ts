// The real Xen hosts in emulation (end2end/xen-host), as `bed status --json` describes them.
import { execFile, spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { HostToAdd } from "./demo";

const BED = fileURLToPath(new URL("../xen-host/bed", import.meta.url));
const run = promisify(execFile);

type BedHost = { name: string; hostname: string; state: string; address: string; ssh_port: number; user: string; key: string; fingerprint: string };

/** Host `name` (A or B), ready to be added. */
export function bedHost(name: string): HostToAdd {
  const said = process.env.WXA_XEN_BED_JSON;
  if (!said) throw new Error("WXA_XEN_BED_JSON is empty: see docs/TESTING.md for the real-Xen steps by hand");
  // The JSON itself, or the file it is in.
  const text = existsSync(said) ? readFileSync(said, "utf8") : said;
  const host = (JSON.parse(text) as { hosts: BedHost[] }).hosts.find((host) => host.name === name);
  if (host?.state !== "up") throw new Error(`host ${name} is not up: end2end/xen-host/bed up ${name}`);
  return {
    name: host.hostname,
    address: host.address,
    port: host.ssh_port,
    user: host.user,
    privateKey: readFileSync(host.key, "utf8"),
    fingerprint: host.fingerprint,
  };
}

/** Runs a command on the host, past everything that is tested, and returns what it printed. */
export async function onHost(name: string, ...command: string[]): Promise<string> {
  const { stdout } = await run(BED, ["ssh", name, ...command]);
  return stdout;
}

/** A verb of the bed's own command: `freeze`, `thaw`, … */
export async function bed(verb: string, host: string): Promise<void> {
  await run(BED, [verb, host]);
}

/** A shell that stays open on the host: what is typed into it runs at once, with no time lost on connecting. */
export class HostShell {
  private heard = "";

  private constructor(private readonly ssh: ChildProcessWithoutNullStreams) {
    ssh.stdout.on("data", (text: Buffer) => (this.heard += text.toString()));
  }

  static async open(name: string): Promise<HostShell> {
    const shell = new HostShell(spawn(BED, ["ssh", name, "sh"]));
    await shell.run("true");
    return shell;
  }

  /** Types a command and waits until it has ended. */
  async run(command: string): Promise<void> {
    const end = `ended-${this.heard.length}`;
    this.ssh.stdin.write(`${command}; echo ${end}\n`);
    while (!this.heard.includes(end)) {
      if (this.ssh.exitCode !== null) throw new Error(`the shell on the host ended: ${this.heard}`);
      await new Promise((heard) => this.ssh.stdout.once("data", heard));
    }
  }

  close(): void {
    this.ssh.stdin.end();
  }
}
