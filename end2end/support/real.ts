// Stories on real Xen hosts: a server of the story's own that has them, and guests in the state that a story begins with.
import type { Browser, BrowserContext } from "@playwright/test";
import { bedHost, onHost } from "./bed";
import { OwnServer } from "./own-server";
import { addHost } from "./pages";
import { firstRun } from "./sign-in";
import { expect, type Page } from "./test";

/** Hosts run in emulation, and other tests may share the machine. */
export const SLOW = 120_000;

export type Desk = { server: OwnServer; context: BrowserContext; page: Page };

/** Who is signed in on the desk's page. */
export const ROOT = { name: "root", password: "a story's own password" };

/** Tells a story on a server that has these hosts added, and takes all of it away afterwards. */
export async function withHosts(browser: Browser, names: string[], story: (desk: Desk) => Promise<void>): Promise<void> {
  const server = await OwnServer.start();
  const context = await browser.newContext({
    baseURL: server.url,
    storageState: undefined,
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const page = await context.newPage();
  try {
    await firstRun(page, server.setupLink, ROOT);
    for (const name of names) {
      await addHost(page, bedHost(name));
      await expect(page.getByText("Connected", { exact: true })).toBeVisible({ timeout: SLOW });
    }
    await story({ server, context, page });
  } finally {
    // First: whatever becomes of the browser, nothing of this story is left to ask the host.
    await server.stop();
    await context.close();
  }
}

/**
 * The guest is not there, and neither is what its runs before printed: an old prompt could be taken for a new one. Said before a
 * story and after it; tried again while the host is too busy to let anybody in.
 */
export async function halted(host: string, guest: string): Promise<void> {
  const log = `/var/log/xen/console/guest-${guest}.log`;
  const clear = `! xl list ${guest} >/dev/null 2>&1 || xl destroy ${guest}; [ ! -e ${log} ] || : >${log}; ! xl list ${guest} >/dev/null 2>&1`;
  await expect(() => onHost(host, clear)).toPass({ timeout: SLOW });
}
