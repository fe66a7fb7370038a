// One's own settings: applied at once, kept with the account, and right from the first paint in every browser.
import { forgetPreferences } from "../support/accounts";
import { account } from "../support/demo";
import { kept, live, openList, openSettings, openTab, openVm } from "../support/pages";
import { signIn } from "../support/sign-in";
import { expect, test, type Page } from "../support/test";

// An account whose looks no other story depends on.
test.use({ as: "operator" });

// What is chosen already is not chosen anew, and not kept anew.
test.beforeEach(({ page, baseURL }) => forgetPreferences(page, baseURL!));

function root(page: Page) {
  return page.locator("html");
}

test("looks apply at once and are kept for every browser of the account", async ({ page, browser, baseURL }) => {
  await openSettings(page);
  await page.getByRole("radio", { name: "Dark", exact: true }).check();
  await expect(root(page)).toHaveAttribute("data-theme", "dark");
  await page.getByRole("radio", { name: /^Comfortable/ }).check();
  await page.getByRole("radio", { name: "Reduced: nothing moves" }).check();
  await kept(page);

  await test.step("the document says it already when it arrives: nothing flashes", async () => {
    const html = await (await page.request.get("/vms")).text();
    expect(html).toContain('data-theme="dark" data-density="comfortable" data-motion="reduced"');
  });

  await test.step("another browser looks the same after signing in, and still before the next sign-in", async () => {
    const other = await browser.newContext({ baseURL, storageState: undefined });
    const second = await other.newPage();
    await signIn(second, account("operator"));
    await expect(root(second)).toHaveAttribute("data-theme", "dark");
    await second.getByLabel("Account: operator").click();
    await second.getByRole("button", { name: "Sign out" }).click();
    await expect(second.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await expect(root(second)).toHaveAttribute("data-theme", "dark");
    await other.close();
  });

  await page.getByRole("radio", { name: "As the system" }).first().check();
  await page.getByRole("radio", { name: /^Compact/ }).check();
  await page.getByRole("radio", { name: "As the system" }).last().check();
  await kept(page);
  await expect(root(page)).not.toHaveAttribute("data-theme", /./);
});

test("times and numbers are written as one wants them, in the zone one wants", async ({ page }) => {
  await openSettings(page);
  const preview = page.getByText(/^Now is/);
  await page.getByLabel("Time zone").selectOption("Asia/Tokyo");
  await page.getByRole("radio", { name: /^12 hours/ }).check();
  await page.getByRole("radio", { name: "2026-11-23" }).check();
  await page.getByRole("radio", { name: "Comma: 1,5" }).check();
  const tokyo = await page.evaluate(() => new Intl.DateTimeFormat("en", { timeZone: "Asia/Tokyo", hour: "numeric", hour12: true }).format());
  await expect(preview).toHaveText(new RegExp(`Now is ${tokyo.slice(0, 2).trim()}:\\d\\d ${tokyo.slice(-2).toLowerCase()}`));
  await expect(preview).toHaveText(/a day ago was \d{4}-\d\d-\d\d \d+:\d\d [ap]m; 1536 MiB are 1,5 GiB/);
  await kept(page);
  await page.reload();
  await live(page);
  await expect(page.getByLabel("Time zone")).toHaveValue("Asia/Tokyo");
  await expect(preview).toHaveText(/1,5 GiB/);

  await page.getByLabel("Time zone").selectOption("");
  await page.getByRole("radio", { name: /^24 hours/ }).check();
  await page.getByRole("radio", { name: /^Day first/ }).check();
  await page.getByRole("radio", { name: "Point: 1.5" }).check();
  await kept(page);
});

test("what cannot be applied is said and not kept", async ({ page }) => {
  await openSettings(page);
  const size = page.getByLabel("Letter size, in pixels");
  await size.fill("200");
  await size.press("Tab");
  await expect(page.getByRole("main").getByRole("status").last()).toHaveText("Not kept: The console's letters are between 9 and 28 pixels.");
  await expect(size).toHaveValue("13");
});

test("the start page is where the address without a path leads", async ({ page }) => {
  await openSettings(page);
  await page.getByRole("radio", { name: "Tasks", exact: true }).check();
  await kept(page);
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Tasks", level: 1 })).toBeVisible();
  await openSettings(page);
  await page.getByRole("radio", { name: "Overview", exact: true }).check();
  await kept(page);
});

test("consoles are read aloud from the first look, on every page that is opened anew", async ({ page }) => {
  await openSettings(page);
  const aloud = page.getByRole("checkbox", { name: /^For screen readers/ });
  await aloud.check();
  await kept(page);
  await openVm(page, "web-01");
  await openTab(page, "Console");
  const copy = page.getByRole("region", { name: "Serial console" }).locator("[data-keys=guest]").getByRole("list").first();
  await expect(copy).toBeAttached();
  await page.reload();
  await expect(copy).toBeAttached();

  await openSettings(page);
  await aloud.uncheck();
  await kept(page);
});

test("settings are reached and changed by keyboard", async ({ page }) => {
  await openList(page);
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await expect(page.getByRole("heading", { name: "Settings", level: 1 })).toBeVisible();
  const system = page.getByRole("group", { name: "Theme" }).last().getByRole("radio", { name: "As the system" });
  await system.focus();
  await page.keyboard.press("ArrowDown");
  await expect(root(page)).toHaveAttribute("data-theme", "light");
  await page.keyboard.press("ArrowUp");
  await expect(root(page)).not.toHaveAttribute("data-theme", /./);
  await kept(page);
});
