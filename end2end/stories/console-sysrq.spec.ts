// SysRq keys: a guest's kernel obeys them by itself. They are beside the console, and what loses something asks first.
import { act, live, openTab, openVm, state } from "../support/pages";
import { Terminal } from "../support/terminal";
import { expect, test, type Page } from "../support/test";

function keys(page: Page, vm: string) {
  return page.getByRole("dialog", { name: `SysRq for ${vm}` });
}

test("the kernel prints what it knows, and panics only after a question", async ({ page }) => {
  await openVm(page, "search-02");
  const terminal = await Terminal.open(page);
  const open = terminal.region.getByRole("button", { name: "SysRq" });
  const dialog = keys(page, "search-02");

  // By the keyboard alone.
  await open.focus();
  await page.keyboard.press("Enter");
  await expect(dialog).toBeVisible();
  await expect(dialog.getByRole("button", { name: /The keys that it knows/ })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(open).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("button", { name: /The keys that it knows/ })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await terminal.shows("sysrq: HELP : ");

  await expect(open).not.toHaveAttribute("aria-disabled", "true");
  await open.click();
  await dialog.getByRole("group", { name: /Something is lost/ }).getByRole("button", { name: /Crash the kernel/ }).click();
  const question = page.getByRole("dialog", { name: "Send SysRq c to search-02?" });
  await expect(question).toContainText("The kernel crashes itself");
  await question.getByRole("button", { name: "Cancel" }).click();
  await expect(question).toBeHidden();
  await expect(state(page, "Running")).toBeVisible();

  await open.click();
  await dialog.getByRole("button", { name: /Crash the kernel/ }).click();
  await question.getByRole("button", { name: "Send SysRq" }).click();
  await expect(page.getByRole("main").locator(".title").getByRole("link", { name: "panicked" })).toBeVisible({ timeout: 30_000 });

  // Nothing runs that would take a key: the button says so.
  await expect(open).toHaveAttribute("aria-disabled", "true");
  await expect(open).toHaveAttribute("title", "It is not running.");
  await openTab(page, "Overview");
  await act(page, "Start").click();
  await expect(state(page, "Running")).toBeVisible({ timeout: 30_000 });
});

test("keys are large enough for a finger, and nothing is wider than a phone @phone", async ({ page }) => {
  await openVm(page, "git-02");
  const terminal = await Terminal.open(page);
  await terminal.region.getByRole("button", { name: "SysRq" }).tap();
  const dialog = keys(page, "git-02");
  const sync = dialog.getByRole("button", { name: /Write to disk/ });
  expect((await sync.boundingBox())?.height).toBeGreaterThanOrEqual(44);
  const width = await dialog.evaluate((element) => [element.scrollWidth, element.clientWidth, element.getBoundingClientRect().right, innerWidth]);
  expect(width[0]).toBeLessThanOrEqual(width[1]!);
  expect(width[2]).toBeLessThanOrEqual(width[3]!);
  await sync.tap();
  await terminal.shows("sysrq: Emergency Sync");
});

test.describe("who may only look", () => {
  test.use({ as: "viewer" });
  test("is offered no keys", async ({ page }) => {
    await openVm(page, "git-02");
    await openTab(page, "Console");
    await live(page);
    await expect(page.getByRole("region", { name: "Serial console" })).toBeVisible();
    await expect(page.getByRole("button", { name: "SysRq" })).toHaveCount(0);
  });
});
