// What goes wrong on hosts is said in the host's words, where people look for it.
import { act, openVm, state } from "../support/pages";
import { Terminal } from "../support/terminal";
import { expect, test } from "../support/test";

test("a guest that cannot start: the task log leads to the host's error", async ({ page }) => {
  await openVm(page, "vm-refuses-start");
  await act(page, "Start").click();
  await page.getByRole("group").getByText("Tasks", { exact: true }).click();
  const task = page.getByRole("table", { name: "Recent tasks" }).getByRole("row").filter({ hasText: "Start vm-refuses-start" });
  await expect(task.first()).toContainText("Failed:", { timeout: 30_000 });
  await expect(state(page, "Halted")).toBeVisible();
  await task.first().getByRole("link", { name: "more" }).click();
  await expect(page.getByRole("main").locator("section").first()).toContainText(/The host said:[^]*nope/);
});

test("a guest that ignores shutting down is powered off", async ({ page }) => {
  await openVm(page, "vm-ignores-shutdown");
  await act(page, "Start").click();
  await expect(state(page, "Running")).toBeVisible({ timeout: 20_000 });
  await act(page, "Shut down").click();
  await expect(state(page, "Shutting down")).toBeVisible();

  await page.getByLabel("More ways to stop it").click();
  await act(page, "Power off…").click();
  const ask = page.getByRole("dialog", { name: "Power off vm-ignores-shutdown?" });
  await expect(ask.getByRole("button", { name: "Cancel" })).toBeFocused();
  await ask.getByRole("button", { name: "Power off" }).click();
  await expect(state(page, "Halted")).toBeVisible({ timeout: 20_000 });
});

test("what cannot be done says why", async ({ page }) => {
  await openVm(page, "web-02");
  await expect(act(page, "Start")).toHaveAttribute("aria-disabled", "true");
  await expect(act(page, "Start")).toHaveAccessibleDescription(/already running/);
});

test("a console that somebody else holds says so", async ({ page }) => {
  await openVm(page, "vm-lock-held");
  const terminal = await Terminal.open(page);
  await expect(terminal.status).toContainText("The console is held by", { timeout: 20_000 });
});

test.describe("a viewer", () => {
  test.use({ as: "viewer" });

  test("may look, and is told why not act", async ({ page }) => {
    await openVm(page, "web-02");
    await expect(act(page, "Shut down")).toHaveAccessibleDescription(/Your role lets you look, not act/);
    const terminal = await Terminal.open(page);
    await expect(terminal.region).toContainText("You may watch this console, not type into it.");
  });
});
