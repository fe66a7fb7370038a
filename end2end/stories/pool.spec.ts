// A XAPI pool beside plain hosts: added by its certificate, its members and VMs live, acted on, and worked in.
import { demo } from "../support/demo";
import { act, live, openList, openTab, row, state } from "../support/pages";
import { addPool, forgetPool, openPoolVm } from "../support/pool";
import { Terminal } from "../support/terminal";
import { expect, test } from "../support/test";

// A pool that was added already is refused, as it should be.
test.use({ complaints: [/422/] });

test("an administrator adds a pool by its certificate and works with its VMs", async ({ page }) => {
  test.setTimeout(120_000);

  await test.step("add it", async () => {
    await addPool(page);
    await expect(page.getByText("Connected", { exact: true }).first()).toBeVisible({ timeout: 20_000 });
  });

  await test.step("its page tells members, storage and networks", async () => {
    const main = page.getByRole("main");
    await expect(main.getByRole("link", { name: "spare-1" }).first()).toBeVisible();
    await openTab(page, "Storage");
    await expect(main.getByText("Local storage").first()).toBeVisible({ timeout: 20_000 });
    await openTab(page, "Network");
    await expect(main.getByText("xenbr0").first()).toBeVisible({ timeout: 20_000 });
    const tree = page.getByRole("tree", { name: "Sites, hosts and VMs" });
    const pool = tree.getByRole("treeitem").filter({ has: page.getByText("spare", { exact: true }) });
    // With many VMs hosts and pools are folded.
    if ((await pool.getAttribute("aria-expanded")) !== "true") {
      await pool.focus();
      await page.keyboard.press("ArrowRight");
    }
    await expect(tree.getByRole("treeitem", { name: "spare-1" })).toBeVisible();
  });

  const name = await test.step("work in a paravirtual guest's console", async () => {
    const name = await openPoolVm(page, "type:pv state:running");
    const terminal = await Terminal.open(page);
    await terminal.type("");
    await terminal.logIn();
    await terminal.type("echo story-'42'");
    await terminal.shows("story-42");
    return name;
  });

  await test.step("suspend it, and go on", async () => {
    await act(page, "Suspend").click();
    await expect(state(page, "Suspended")).toBeVisible({ timeout: 30_000 });
    await act(page, "Resume").click();
    await expect(state(page, "Running")).toBeVisible({ timeout: 30_000 });
  });

  await test.step("cancel what is under way", async () => {
    const log = page.getByRole("region", { name: "Task log" });
    const fold = log.getByText("Tasks", { exact: true });
    await fold.click();
    await act(page, "Suspend").click();
    await log.getByRole("button", { name: `Cancel: Suspend ${name}` }).click();
    await expect(log.getByText("Cancelled by admin.").first()).toBeVisible({ timeout: 30_000 });
    await expect(state(page, "Running")).toBeVisible({ timeout: 30_000 });
    await fold.click();
  });

  await test.step("shut it down: it is on the pool now", async () => {
    await act(page, "Shut down").click();
    await expect(state(page, "Halted")).toBeVisible({ timeout: 30_000 });
    await openList(page, `pool:spare ${name}`);
    await expect(row(page, name)).toContainText("Halted");
  });

  await test.step("the audit log says who did what", async () => {
    await page.goto("/audit");
    const log = page.getByRole("table", { name: "Audit log" });
    for (const what of ["Suspend", "Resume", "Shut down"]) {
      // The first of its kind: a later one was cancelled.
      const found = log.getByRole("row").filter({ hasText: what }).filter({ hasText: name }).last();
      await expect(found).toContainText("admin");
      await expect(found).toContainText("Done", { timeout: 20_000 });
    }
  });

  await test.step("a guest without a text console says why", async () => {
    await openPoolVm(page, "type:hvm state:running");
    await openTab(page, "Console");
    await page.getByRole("group", { name: "What is shown" }).getByRole("button", { name: "Text" }).click();
    await expect(page.getByText("XAPI shows only the screen of an HVM guest")).toBeVisible();
  });

  await test.step("the same pool is not added twice", async () => {
    const { sparePool: pool } = demo();
    await page.goto("/hosts/add?way=pool");
    await live(page);
    await page.getByLabel("Address of any member").fill(pool.members[0].address);
    await page.getByLabel("Port", { exact: true }).fill(String(pool.members[0].port));
    await page.getByRole("button", { name: "Fetch its certificate" }).click();
    await page.getByLabel("I compared it: this is my pool").check({ timeout: 20_000 });
    await page.getByRole("textbox", { name: "Password", exact: true }).fill(pool.password);
    await page.getByRole("button", { name: "Add pool" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "added already" })).toBeVisible({ timeout: 20_000 });
  });

  await test.step("forget it: its members and VMs go with it", async () => {
    await forgetPool(page);
    await expect(page.getByRole("treeitem", { name: "spare-1" })).toHaveCount(0);
  });
});
