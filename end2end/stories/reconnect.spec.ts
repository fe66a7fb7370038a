// The server dies without a word: the page says so, and is live again by itself once the server is back.
import { demo } from "../support/demo";
import { OwnServer } from "../support/own-server";
import { addHost, live, openVm } from "../support/pages";
import { firstRun } from "../support/sign-in";
import { Terminal } from "../support/terminal";
import { expect, test } from "../support/test";

// A socket that cannot be opened is an error to the browser's log; here that is the story.
test.use({ as: "", complaints: [/WebSocket connection|ERR_CONNECTION_REFUSED/] });

test("a page outlives its server", async ({ browser }) => {
  const server = await OwnServer.start();
  const context = await browser.newContext({ baseURL: server.url, storageState: undefined });
  try {
    const page = await context.newPage();
    const host = demo().hosts.find(({ name }) => name === "xen-2");
    expect(host, "the demo has a host xen-2").toBeDefined();
    await firstRun(page, server.setupLink, { name: "root", password: "a story's own password" });
    await addHost(page, { ...host!, name: "outlived" });

    await openVm(page, "git-01");
    const terminal = await Terminal.open(page);
    await terminal.logIn();
    await terminal.type("echo before-'it-died'");
    await terminal.shows("before-it-died");
    // Something that only this very page knows: a reload would lose it.
    await page.evaluate(() => Object.assign(window, { notReloaded: true }));

    await server.kill();
    await expect(page.getByRole("banner").getByRole("status")).toContainText("Reconnecting");
    await expect(terminal.status).toContainText("Connection to the server lost");

    await server.run();
    await live(page);
    await expect(terminal.status).toContainText("Connected", { timeout: 30_000 });
    await terminal.shows("before-it-died");
    await terminal.type("echo after-'it-came-back'");
    await terminal.shows("after-it-came-back");
    expect(await page.evaluate(() => "notReloaded" in window)).toBe(true);
  } finally {
    await context.close();
    await server.stop();
  }
});
