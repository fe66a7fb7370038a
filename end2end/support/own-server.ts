// A server of a story's own: its own port and data folder, first run and all, or a fleet of its own; it can be killed and started again.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Demo } from "./demo";

const SERVER = process.env.WXA_SERVER ?? "../target/debug/webxenadmin";
const SITE = process.env.WXA_SITE_DIR ?? "../target/site";

export class OwnServer {
  private process?: ChildProcess;
  private said = "";
  private readonly dataDir = mkdtempSync(path.join(tmpdir(), "webxenadmin-story-"));

  private constructor(
    private readonly port: number,
    private readonly vms?: number,
  ) {}

  static async start(): Promise<OwnServer> {
    const server = new OwnServer(await freePort());
    await server.run();
    return server;
  }

  /** With a simulated fleet of so many VMs, on two hosts. */
  static async withFleet(vms: number): Promise<OwnServer> {
    const server = new OwnServer(await freePort(), vms);
    await server.run();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The address at which the first administrator is made, as the first start prints it. */
  get setupLink(): string {
    const link = /http:\S+\/setup\?token=\S+/.exec(this.said)?.[0];
    if (!link) throw new Error(`no setup link in what the server said:\n${this.said}`);
    return link;
  }

  /** What its fleet says about itself. */
  get demo(): Demo {
    return JSON.parse(readFileSync(this.fleetFile, "utf8")) as Demo;
  }

  private get fleetFile(): string {
    return path.join(this.dataDir, "demo.json");
  }

  /** Starts it (again), and waits until it answers. */
  async run(): Promise<void> {
    const what = this.vms
      ? ["demo", "--hosts", "2", "--vms", `${this.vms}`, "--pools", "0", "--print-json", this.fleetFile]
      : ["serve", "--data-dir", this.dataDir];
    const flags = [...what, "--listen", `127.0.0.1:${this.port}`, "--site-dir", SITE, "--log", "warn"];
    this.process = spawn(SERVER, flags, { stdio: ["ignore", "pipe", "pipe"] });
    const hear = (text: Buffer) => (this.said += text.toString());
    this.process.stdout?.on("data", hear);
    this.process.stderr?.on("data", hear);
    const deadline = Date.now() + 30_000;
    while (!(await this.answers())) {
      if (this.process.exitCode !== null || Date.now() > deadline) {
        throw new Error(`the server did not start:\n${this.said}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Ends it without a word, as a power cut would. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  /** Ends it politely and removes its data. */
  async stop(): Promise<void> {
    await this.end("SIGTERM");
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const running = this.process;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const ended = once(running, "exit");
    running.kill(signal);
    await ended;
  }

  private async answers(): Promise<boolean> {
    return fetch(`${this.url}/healthz`).then(
      (reply) => reply.ok,
      () => false,
    );
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
