// A real guest that nobody watches: it is started on the host itself, its kernel is made to give up there, and the list knows.
import { HostShell } from "../support/bed";
import { openList, openTab, row } from "../support/pages";
import { halted, SLOW, withHosts } from "../support/real";
import { expect, test } from "../support/test";
import { opensAtPanic } from "../support/understood";

test.use({ as: "" });
test.setTimeout(420_000);

const LOG = "/var/log/xen/console/guest-pvh.log";

test("nobody watches while a real guest boots and panics: the list says so, and leads to the panic", async ({ browser }) => {
  await halted("A", "pvh");
  await withHosts(browser, ["A"], async ({ page }) => {
    const shell = await HostShell.open("A");
    try {
      await openList(page, "pvh");
      await expect(row(page, "pvh")).toContainText("Halted", { timeout: SLOW });
      await shell.run("xl create -q /etc/xen/pvh.cfg");
      await expect(row(page, "pvh")).toContainText("Running", { timeout: SLOW });
      await shell.run(`until grep -q 'pvh:~#' ${LOG}; do sleep 1; done`);
      await shell.run("xl sysrq pvh c");

      const panicked = row(page, "pvh").getByRole("link", { name: "panicked" });
      await expect(panicked).toBeVisible({ timeout: SLOW });
      await opensAtPanic(page, panicked);
      await openTab(page, "Overview");
      await expect(page.getByRole("main")).toContainText("Its kernel has given up (panic).");
    } finally {
      await shell.run("xl destroy pvh 2>/dev/null");
      shell.close();
    }
  });
});
