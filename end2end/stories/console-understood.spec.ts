// A console is understood whether somebody watches it or not: what it told is in the list and leads to the line that told it.
import { act, openList, openTab, openVm, row, state } from "../support/pages";
import { opensAtPanic } from "../support/understood";
import { expect, test } from "../support/test";

test("nobody watches a guest that boots and panics: the list says so, and leads to the panic", async ({ page }) => {
  await openVm(page, "vm-crashes-kept");
  await act(page, "Start").click();
  await expect(state(page, "Running")).toBeVisible({ timeout: 20_000 });

  await openList(page, "vm-crashes-kept");
  const told = row(page, "vm-crashes-kept");
  const panicked = told.getByRole("link", { name: "panicked" });
  await expect(panicked).toBeVisible({ timeout: 60_000 });
  await test.step("those that panicked are found by that, and others are not", async () => {
    const box = page.getByRole("search").getByRole("searchbox");
    await box.fill("vm-crashes-kept phase:panicked");
    await expect(told).toBeVisible();
    await box.fill("vm-crashes-kept phase:booting");
    await expect(told).toBeHidden();
    await box.fill("vm-crashes-kept phase:panicked");
    await expect(told).toBeVisible();
  });
  await opensAtPanic(page, panicked);

  await openTab(page, "Overview");
  const card = page.getByRole("main").locator("section").filter({ has: page.getByRole("heading", { name: "What its console tells" }) });
  await expect(card).toContainText("Its kernel has given up (panic).");
  await expect(card.getByRole("link", { name: "Kernel panic" })).toHaveAttribute("href", /\/console\?at=\d+$/);
  await expect(card.getByRole("link", { name: "Login prompt" })).toBeVisible();
  await expect(card.getByRole("img", { name: /^Boots in their order/ })).toBeVisible();
});

test("a guest that boots tells how far it is, and how long it took to its login prompt", async ({ page }) => {
  await openVm(page, "vm-stuck-reboot");
  await act(page, "Start").click();
  const head = page.getByRole("main").locator(".title");
  await expect(head.getByRole("link", { name: /^booting, \d+ s$/ })).toBeVisible({ timeout: 30_000 });
  await expect(head.getByRole("link", { name: "login", exact: true })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("img", { name: /At last \d+(\.\d)? s\.$/ })).toBeVisible();
});
