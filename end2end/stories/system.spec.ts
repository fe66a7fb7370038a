// The system page: how the server is, by itself up to date, for people and for scripts.
import { live } from "../support/pages";
import { expect, test } from "../support/test";

test("the server says how it is, and keeps saying it", async ({ page }) => {
  await page.goto("/system");
  await live(page);
  const main = page.getByRole("main");
  for (const name of ["Program", "Database", "Audit log", "Hosts", "Open sockets", "Queues", "Workers"]) {
    await expect(main.getByRole("region", { name, exact: true }).first()).toBeVisible();
  }
  await expect(main.getByRole("row").filter({ hasText: "inventory" }).first()).toBeVisible();
  await expect(main.getByRole("row").filter({ hasText: "admin" }).first()).toBeVisible();
  await expect(main.getByText("Intact", { exact: true })).toBeVisible();

  // The next answer comes without a click.
  const next = await page.waitForResponse((reply) => reply.url().endsWith("/api/v1/system"), { timeout: 20_000 });
  const system = await next.json();
  expect(system.audit.intact).toBe(true);
  expect(system.data.database.schema_version).toBeGreaterThan(1);
});

test("it is found from the account menu by keyboard", async ({ page }) => {
  await page.goto("/vms");
  await live(page);
  await page.getByLabel("Account: admin").focus();
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "System" }).press("Enter");
  await expect(page.getByRole("heading", { name: "System", level: 1 })).toBeVisible();
});

test.describe("a viewer", () => {
  test.use({ as: "viewer", complaints: [/403/] });

  test("is told that it is not for them", async ({ page }) => {
    await page.goto("/system");
    await expect(page.getByRole("alert").filter({ hasText: "Not allowed" }).first()).toBeVisible();
  });
});
