// The job that the whole console is for: from a sign-in link to a command's output in a guest, and who did it.
import { demo } from "../support/demo";
import { act, addHost, live, openList, openTab, openVm, row, state } from "../support/pages";
import { signInByLink } from "../support/sign-in";
import { Terminal } from "../support/terminal";
import { expect, test } from "../support/test";

test.use({ as: "" });

test("an administrator adds a host, starts a guest, works in its console and shuts it down", async ({ page }) => {
  const { link, spare } = demo();
  await signInByLink(page, link);
  await live(page);

  await test.step("add a host by its fingerprint", async () => {
    await addHost(page, spare);
    await expect(page.getByText("Connected", { exact: true })).toBeVisible({ timeout: 20_000 });
  });

  await test.step("its guests appear in list and tree", async () => {
    await openTab(page, "VMs");
    await expect(row(page, "spare-01")).toContainText("Running");
    await expect(row(page, "spare-02")).toContainText("Halted");
    const tree = page.getByRole("tree", { name: "Sites, hosts and VMs" });
    await expect(tree.getByRole("treeitem", { name: "spare-02" })).toBeVisible();
  });

  await test.step("start a guest from its definition", async () => {
    await row(page, "spare-02").getByRole("link", { name: "spare-02" }).click();
    await expect(page.getByText("/etc/xen/spare-02.cfg")).toBeVisible();
    await act(page, "Start").click();
  });

  const terminal = await test.step("its console boots in the page", async () => {
    const terminal = await Terminal.open(page);
    await terminal.shows(/Linux version|systemd|Started|Reached target/);
    return terminal;
  });

  await test.step("log in and run a command", async () => {
    await terminal.logIn();
    await terminal.type("echo story-'42'");
    await terminal.shows("story-42");
  });

  await test.step("a reload replays what was printed", async () => {
    await page.reload();
    await live(page);
    await (await Terminal.attach(page)).shows("story-42");
  });

  await test.step("shut it down", async () => {
    await act(page, "Shut down").click();
    await expect(state(page, "Halted")).toBeVisible({ timeout: 30_000 });
    await openList(page, "spare-02");
    await expect(row(page, "spare-02")).toContainText("Halted");
  });

  await test.step("the audit log says who did what", async () => {
    await page.goto("/audit");
    const log = page.getByRole("table", { name: "Audit log" });
    for (const [what, on] of [
      ["Sign-in by link", ""],
      ["Add host", `${spare.address}:${spare.port}`],
      ["Start", "spare-02"],
      ["Open console", "spare-02"],
      ["Shut down", "spare-02"],
    ]) {
      const found = log.getByRole("row").filter({ hasText: what }).filter({ hasText: on }).first();
      await expect(found).toContainText("admin");
      await expect(async () => {
        // The console's row ends when the server has noticed that its page is gone.
        await page.getByRole("button", { name: "Reload" }).click();
        await expect(found).toContainText("Done", { timeout: 1000 });
      }).toPass({ timeout: 20_000 });
    }
  });
});
