// A port that leads to one host and later to another: to whoever connects, the host at that address has another key.
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import type { HostToAdd } from "./demo";

export class Switchboard {
  private readonly open = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private to: HostToAdd,
  ) {
    server.on("connection", (from) => {
      const there = connect(this.to.port, this.to.address);
      for (const [one, other] of [
        [from, there],
        [there, from],
      ]) {
        this.open.add(one);
        one.pipe(other);
        one.on("error", () => other.destroy());
        one.on("close", () => {
          this.open.delete(one);
          other.destroy();
        });
      }
    });
  }

  static async to(host: HostToAdd): Promise<Switchboard> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return new Switchboard(server, host);
  }

  /** The host as it is reached through here. */
  get host(): HostToAdd {
    return { ...this.to, address: "127.0.0.1", port: (this.server.address() as AddressInfo).port };
  }

  /** Leads to `host` from now on; connections to the one before are cut. */
  switchTo(host: HostToAdd): void {
    this.to = host;
    this.open.forEach((socket) => socket.destroy());
  }

  close(): void {
    this.open.forEach((socket) => socket.destroy());
    this.server.close();
  }
}
