// The main job on a real Xen host, from a server's first start on.
import { bedHost, HostShell, onHost } from "../support/bed";
import { OwnServer } from "../support/own-server";
import { act, addHost, live, openTab, row, state } from "../support/pages";
import { firstRun } from "../support/sign-in";
import { Terminal } from "../support/terminal";
import { expect, test } from "../support/test";

test.use({ as: "" });
// The hosts run in emulation, and other tests may share the machine.
test.setTimeout(420_000);
const SLOW = 120_000;

test("from the first run to a real guest's console, and back to Halted", async ({ browser }) => {
  const host = bedHost("A");
  // What an earlier test left behind: the guest, and what it printed, in which a prompt could be an old one.
  await onHost("A", "xl list tiny >/dev/null 2>&1 && xl destroy tiny; : > /var/log/xen/console/guest-tiny.log");
  const server = await OwnServer.start();
  const context = await browser.newContext({ baseURL: server.url, storageState: undefined });
  const page = await context.newPage();
  try {
    await test.step("make the first administrator", async () => {
      await firstRun(page, server.setupLink, { name: "root", password: "a story's own password" });
      await expect(page.getByText("No host yet").first()).toBeVisible();
    });

    await test.step("add the host by its fingerprint, with a key", async () => {
      await addHost(page, host);
      await expect(page.getByText("Connected", { exact: true })).toBeVisible({ timeout: SLOW });
    });

    await test.step("guests show as their definitions say", async () => {
      await openTab(page, "VMs");
      await expect(row(page, "tiny")).toContainText("Halted", { timeout: SLOW });
      await expect(row(page, "pvh")).toContainText("Halted");
      await row(page, "tiny").getByRole("link", { name: "tiny" }).click();
      await expect(page.getByText("/etc/xen/tiny.cfg")).toBeVisible();
    });

    const terminal = await test.step("start one: its console boots in the page", async () => {
      await act(page, "Start").click();
      const terminal = await Terminal.open(page);
      await expect(terminal.status).toHaveText("Connected", { timeout: SLOW });
      await terminal.shows("tiny:~#", SLOW);
      return terminal;
    });

    await test.step("run a command and see its output", async () => {
      await terminal.type("echo story-'42' from $(uname -s)");
      await terminal.shows("story-42 from Linux", SLOW);
    });

    await test.step("a pause typed on the host is seen", async () => {
      await expect(state(page, "Running")).toBeVisible({ timeout: SLOW });
      const shell = await HostShell.open("A");
      const typed = Date.now();
      const returned = shell.run("xl pause tiny").then(() => Date.now());
      const drawn = await page.waitForFunction(
        () => document.querySelector("main")?.innerText.includes("Paused") && Date.now(),
        undefined,
        { polling: "raf", timeout: SLOW },
      );
      const seen = Number(await drawn.jsonValue());
      const told = `page changed ${seen - typed} ms after xl pause was typed; xl itself took ${(await returned) - typed} ms`;
      console.log(told);
      test.info().annotations.push({ type: "measured", description: told });
      await expect(state(page, "Paused")).toBeVisible();
      await shell.run("xl unpause tiny");
      shell.close();
      await expect(state(page, "Running")).toBeVisible({ timeout: SLOW });
    });

    await test.step("shut it down", async () => {
      await act(page, "Shut down").click();
      await expect(state(page, "Halted")).toBeVisible({ timeout: SLOW });
      expect(await onHost("A", "xl list")).not.toContain("tiny");
    });

    await test.step("the audit log says who did what", async () => {
      await page.goto("/audit");
      await live(page);
      const log = page.getByRole("table", { name: "Audit log" });
      for (const [what, on] of [
        ["Add host", `${host.address}:${host.port}`],
        ["Start", "tiny"],
        ["Open console", "tiny"],
        ["Shut down", "tiny"],
      ] as const) {
        const found = log.getByRole("row").filter({ hasText: what }).filter({ hasText: on }).first();
        await expect(found).toContainText("root");
        // The console was left a moment ago: its row may have been under way when the page was asked for.
        await expect(async () => {
          await page.getByRole("button", { name: "Reload" }).click();
          await expect(found).toContainText("Done", { timeout: 2_000 });
        }).toPass({ timeout: 20_000 });
      }
    });
  } finally {
    // First: whatever becomes of the browser, nothing of this story is left to ask the host.
    await server.stop();
    await context.close();
  }
});
