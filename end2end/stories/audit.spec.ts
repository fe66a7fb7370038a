// The audit log: what was refused is in it, it is filtered by its address, opened row by row, checked and exported.
import { readFileSync } from "node:fs";
import { act, live, openVm } from "../support/pages";
import { expect, test, type Page } from "../support/test";

function rows(page: Page) {
  return page.getByRole("table", { name: "Audit log" }).getByRole("row");
}

test.describe("an attempt against the rules", () => {
  // It is refused, as it should be.
  test.use({ complaints: [/409/] });

  test("a refused attempt is found by filter, opens to its facts, and leads to the VM", async ({ page }) => {
    await openVm(page, "wiki-02");
    // The button would not let us: a script is not as polite.
    const id = /vms\/([^/]+)/.exec(page.url())?.[1] ?? "";
    const status = await page.evaluate(async (id) => (await fetch(`/api/v1/vms/${id}/start`, { method: "POST" })).status, id);
    expect(status).toBe(409);

    await page.goto("/audit");
    await live(page);
    const narrow = page.getByRole("search", { name: "Narrow the list" });
    await narrow.getByLabel("Result").selectOption({ label: "Refused" });
    await narrow.getByLabel("On", { exact: true }).fill("wiki-02");
    await narrow.getByLabel("On", { exact: true }).press("Enter");
    await expect(page).toHaveURL(/outcome=refused/);
    await expect(page).toHaveURL(/on=wiki-02/);
    const row = rows(page).filter({ hasText: "It is already running." }).first();
    await expect(row).toContainText("admin");
    await expect(row).toContainText("Refused");

    const what = row.getByRole("button", { name: "Start" });
    await what.focus();
    await page.keyboard.press("Enter");
    await expect(what).toHaveAttribute("aria-expanded", "true");
    await expect(page.getByRole("definition").filter({ hasText: "vm_start" })).toBeVisible();
    await page.getByRole("table", { name: "Audit log" }).getByRole("link", { name: "wiki-02" }).click();
    await expect(page.getByRole("heading", { name: "wiki-02", level: 1 })).toBeVisible();
    await page.goBack();
    await expect(narrow.getByLabel("Result")).toHaveValue("refused");
    await page.getByRole("link", { name: "Show all" }).click();
    await expect(page).toHaveURL(/\/audit$/);
  });
});

test("the log is checked on demand and says that it is intact", async ({ page }) => {
  await page.goto("/audit");
  await live(page);
  await page.getByRole("button", { name: "Check now" }).click();
  await expect(page.getByText("Intact", { exact: true })).toBeVisible();
  await expect(rows(page).filter({ hasText: "Check the audit log" }).first()).toContainText("admin");
});

test("what the filter leaves is exported", async ({ page }) => {
  await page.goto("/audit?what=host_add");
  await live(page);
  await page.getByText("Export", { exact: true }).click();
  const coming = page.waitForEvent("download");
  await page.getByRole("link", { name: "CSV, for spreadsheets" }).click();
  const file = await coming;
  expect(file.suggestedFilename()).toBe("audit.csv");
  const lines = readFileSync(await file.path(), "utf8").trim().split("\r\n");
  expect(lines[0]).toContain("number,began,ended,by");
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines.slice(1)) expect(line).toContain('"host_add"');
});

test("a long log is paged through, and the address says where one is", async ({ page }) => {
  await page.goto("/audit");
  await live(page);
  await page.evaluate(async () => {
    for (let n = 0; n < 110; n++) await fetch("/api/v1/audit/verify", { method: "POST" });
  });
  await page.goto("/audit?what=audit_verify");
  await live(page);
  await page.getByRole("link", { name: "Older" }).click();
  await expect(page).toHaveURL(/before=\d+/);
  await page.getByRole("link", { name: "Newest" }).click();
  await expect(page).toHaveURL(/what=audit_verify$/);
});

test("a task that failed has a page with the host's words, and can be tried again", async ({ page }) => {
  await openVm(page, "vm-refuses-start");
  await act(page, "Start").click();
  await page.goto("/tasks?state=failed&on=vm-refuses-start");
  await live(page);
  const row = page.getByRole("table", { name: "Tasks" }).getByRole("row").filter({ hasText: "Start vm-refuses-start" }).first();
  await expect(row).toContainText("Failed", { timeout: 30_000 });
  await row.getByRole("link", { name: "Details of Start vm-refuses-start" }).click();
  await expect(page.getByRole("heading", { name: "Start vm-refuses-start", level: 1 })).toBeVisible();
  await expect(page.locator("section", { has: page.getByRole("heading", { name: "Result" }) }).getByText("The host said:")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Steps" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Audit log" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Start again" })).not.toHaveAttribute("aria-disabled", "true");
});

test.describe("a viewer", () => {
  test.use({ as: "viewer", complaints: [/403/] });

  test("is told that the log is not for them", async ({ page }) => {
    await page.goto("/audit");
    await expect(page.getByRole("main").getByText("Not allowed")).toBeVisible();
  });
});
