// What a console printed before: found, shown at its line, played, linked to and taken away.
import { live, openVm } from "../support/pages";
import { Terminal } from "../support/terminal";
import { expect, test, type Page } from "../support/test";

const past = (page: Page) => page.getByRole("region", { name: "What was printed before" });

test("everything that was printed is searched, and a hit opens the past at its line", async ({ page }) => {
  await openVm(page, "mail-01");
  const terminal = await Terminal.open(page);
  await terminal.shows("login:");
  await terminal.region.getByRole("button", { name: "Search what was printed" }).click();
  const side = terminal.region.getByRole("complementary", { name: "Search what was printed" });
  await side.getByRole("searchbox").fill("linux VERSION");
  await page.keyboard.press("Enter");
  const hit = side.getByRole("listitem").first().getByRole("button");
  await expect(hit).toContainText("Linux version", { timeout: 20_000 });
  await hit.click();
  await expect(past(page)).toBeVisible();
  await expect(page).toHaveURL(/[?&]at=\d+/);
  await expect(past(page).getByRole("status")).toContainText("in the past");
  await side.getByRole("searchbox").fill("nowhere-to-be-found");
  await page.keyboard.press("Enter");
  await expect(side.getByRole("status")).toContainText("is nowhere in what is kept", { timeout: 20_000 });
  await past(page).getByRole("button", { name: "Back to now" }).click();
  await expect(past(page)).toBeHidden();
  await expect(page).not.toHaveURL(/[?&]at=/);
  await expect(terminal.input).toBeFocused();
});

test("boots are listed, and one is played from its beginning", async ({ page }) => {
  await openVm(page, "mail-01");
  const terminal = await Terminal.open(page);
  await terminal.shows("login:");
  const strip = terminal.region.getByRole("region", { name: "Boot timeline" });
  await expect(strip.getByRole("button", { name: /\d+ boots?/ })).toBeVisible({ timeout: 20_000 });
  await strip.getByRole("button", { name: /\d+ boots?/ }).click();
  const side = terminal.region.getByRole("complementary", { name: "Boots and events" });
  await side.getByRole("listitem").first().getByRole("button").first().click();
  await expect(past(page)).toBeVisible();
  await past(page).getByLabel("Speed").selectOption("100");
  await past(page).getByRole("button", { name: "Play" }).click();
  await expect(past(page).getByRole("status")).toContainText("played to the end", { timeout: 30_000 });
});

test("a link to a line opens the past there, also in a window of its own", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openVm(page, "mail-01");
  const terminal = await Terminal.open(page);
  await terminal.shows("login:");
  await terminal.region.getByRole("button", { name: "Copy a link to here" }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toMatch(/\/console\?at=\d+$/);
  await page.goto(link);
  await live(page);
  await expect(past(page).getByRole("status")).toContainText("in the past", { timeout: 20_000 });

  const window = await context.newPage();
  await window.goto(link.replace("/console?", "/console/window?"));
  await expect(past(window).getByRole("status")).toContainText("in the past", { timeout: 20_000 });
  await past(window).getByRole("button", { name: "Back to now" }).click();
  await (await Terminal.attach(window)).shows("login:");
  await expect(window.getByRole("navigation")).toHaveCount(0);
  await window.close();
});

test("what was printed is taken away as text", async ({ page }) => {
  await openVm(page, "mail-01");
  const terminal = await Terminal.open(page);
  await terminal.shows("login:");
  const text = await terminal.past();
  expect(text).toContain("login:");
  expect(text).not.toContain("\u001b[");
});

test("letters and colours are changed while the console is open, and are kept", async ({ page }) => {
  await openVm(page, "mail-02");
  const terminal = await Terminal.open(page);
  await terminal.region.getByLabel("Look and help", { exact: true }).click();
  const before = await page.locator(".console-terminal").evaluate((element) => getComputedStyle(element).backgroundColor);
  await terminal.region.getByRole("button", { name: "Dark on light" }).click();
  await expect(async () => {
    const now = await page.locator(".console-terminal").evaluate((element) => getComputedStyle(element).backgroundColor);
    expect(now).not.toBe(before);
  }).toPass();
  await terminal.region.getByRole("button", { name: "Larger letters" }).click();
  await page.goto("/settings");
  await live(page);
  await expect(page.getByRole("radio", { name: "Dark on light" })).toBeChecked();
  await page.getByRole("radio", { name: "Light on dark" }).check();
  await expect(page.getByText("Kept", { exact: true })).toBeVisible();
});

test.describe("what a server refuses", () => {
  // A browser complains about every request that is refused.
  test.use({ complaints: [/422/] });

  test("recording is set for all, and for one VM", async ({ page }) => {
    await page.goto("/settings");
    await live(page);
    const all = page.getByRole("region", { name: "Recording of consoles" });
    await expect(all).toContainText(/are used, by \d+ console/);
    await all.getByLabel("For how many days").fill("0");
    await all.getByRole("button", { name: "Save" }).click();
    await expect(all.getByRole("alert")).not.toBeEmpty();
    await all.getByLabel("For how many days").fill("31");
    await all.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("Saved")).toBeVisible();

    await openVm(page, "cache-01");
    await page.getByRole("navigation", { name: "Tabs" }).getByRole("link", { name: "Settings" }).click();
    const own = page.getByRole("region", { name: "Recording of the console" });
    await own.getByRole("radio", { name: "No", exact: true }).check();
    await own.getByRole("button", { name: "Save" }).click();
    await expect(own).toContainText("Not recorded:");
  });
});
