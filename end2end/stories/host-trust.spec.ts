// A host that shows another key is not spoken to until somebody compared it; credentials are replaced by those that work.
import { demo } from "../support/demo";
import { OwnServer } from "../support/own-server";
import { addHost, live, openTab } from "../support/pages";
import { firstRun } from "../support/sign-in";
import { Switchboard } from "../support/switchboard";
import { expect, test } from "../support/test";

test.use({ as: "" });
test.describe.configure({ timeout: 120_000 });

test("a changed key stops everything until it is compared; credentials are replaced", async ({ browser }) => {
  const [before, after] = demo().hosts;
  const switchboard = await Switchboard.to(before);
  const server = await OwnServer.start();
  const context = await browser.newContext({ baseURL: server.url, storageState: undefined });
  try {
    const page = await context.newPage();
    await firstRun(page, server.setupLink, { name: "root", password: "a story's own password" });
    await addHost(page, { ...switchboard.host, name: "rebuilt" });
    const connected = page.getByRole("main").getByText("Connected", { exact: true });
    await expect(connected).toBeVisible({ timeout: 30_000 });

    await test.step("another key: nothing is sent, and both are shown", async () => {
      switchboard.switchTo(after);
      const warning = page.getByRole("alert").filter({ hasText: "shows another key" });
      await expect(warning).toBeVisible({ timeout: 40_000 });
      await expect(warning).toContainText(before.fingerprint);
      await expect(warning).toContainText(after.fingerprint);
    });

    await test.step("only who read the new fingerprint can trust it", async () => {
      const field = page.getByLabel("Type the last six characters of the fingerprint you read on the host");
      const trust = page.getByRole("button", { name: "Trust the new key" });
      await field.fill(before.fingerprint.slice(-6));
      await expect(trust).toHaveAttribute("aria-disabled", "true");
      await field.fill(after.fingerprint.slice(-6));
      await expect(trust).not.toHaveAttribute("aria-disabled", "true");
      await field.press("Enter");
      await expect(connected).toBeVisible({ timeout: 40_000 });
    });

    await test.step("credentials are tried before they replace those that work", async () => {
      await openTab(page, "Settings");
      await page.getByText("Set new credentials…").click();
      const password = page.getByRole("textbox", { name: "Password", exact: true });
      const set = page.getByRole("button", { name: "Set", exact: true });
      await page.getByRole("radio", { name: "a password" }).check();
      await password.fill("not this one");
      await set.click();
      await expect(page.getByRole("alert").filter({ hasText: "refuses the password" })).toBeVisible({ timeout: 40_000 });
      await expect(connected).toBeVisible();
      await password.fill(after.password ?? "");
      await set.click();
      await expect(page.getByText("New credentials are set")).toBeVisible({ timeout: 40_000 });
      await expect(connected).toBeVisible({ timeout: 40_000 });
    });

    await test.step("the audit log has it", async () => {
      await page.goto("/audit");
      await live(page);
      const log = page.getByRole("table", { name: "Audit log" });
      for (const what of ["Trust host key", "Set credentials"]) {
        await expect(log.getByRole("row").filter({ hasText: what }).first()).toContainText("Done");
      }
    });
  } finally {
    await context.close();
    await server.stop();
    switchboard.close();
  }
});
