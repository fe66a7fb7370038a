// A page's code on its way: quietly busy, the address of what is coming left alone, and a plain word when it does not come.
import type { Page } from "@playwright/test";
import { live, openList, row } from "../support/pages";
import { expect, test } from "../support/test";

// The page is loaded anew, so that only the code that the list needs is there.
async function freshList(page: Page): Promise<void> {
  await openList(page);
  await page.reload();
  await live(page);
}

test("Back to a page whose code is on its way keeps that page's address, whatever is typed meanwhile", async ({ page }) => {
  await openList(page);
  await row(page, "web-02").getByRole("link", { name: "web-02", exact: true }).click();
  await expect(page.getByRole("heading", { name: "web-02", level: 1 })).toBeVisible();
  const address = page.url();
  await page.keyboard.press("g");
  await page.keyboard.press("v");
  await expect(page.getByRole("table", { name: "VMs" })).toBeVisible();
  await page.reload();
  await live(page);

  let release = (): void => {};
  const gate = new Promise<void>((resolve) => (release = resolve));
  await page.route(/\.wasm(\?|$)/, async (route) => {
    await gate;
    await route.continue();
  });
  await page.evaluate(() => history.back());
  await expect(page).toHaveURL(address);
  await expect(page.getByRole("main")).toHaveAttribute("aria-busy", "true");
  // Of what is busy nothing is read aloud: it is said beside it.
  const said = page.getByRole("status").filter({ hasText: "Loading the page…" });
  await expect(said).toBeAttached();
  await expect(page.getByRole("main").getByText("Loading the page…")).toHaveCount(0);
  await page.getByRole("search").getByRole("searchbox").fill("db");
  await expect(row(page, "db-01")).toBeVisible();
  expect(page.url()).toBe(address);
  release();
  await expect(page.getByRole("heading", { name: "web-02", level: 1 })).toBeVisible();
  expect(page.url()).toBe(address);
  await expect(page.getByRole("main")).not.toHaveAttribute("aria-busy", "true");
  await expect(said).toHaveCount(0);
});

test.describe("without the server", () => {
  // What was not answered is an error to the browser's log; here that is the story.
  test.use({ complaints: [/ERR_FAILED|Failed to fetch|Failed to load|WebAssembly|SplitLoader/] });

  test("a page that cannot be loaded says so, and comes when it is tried again", async ({ page }) => {
    await freshList(page);
    const blocked = /\.wasm(\?|$)|\/healthz/;
    await page.route(blocked, (route) => route.abort());
    await row(page, "web-02").getByRole("link", { name: "web-02", exact: true }).click();
    const word = page.getByRole("alert").filter({ hasText: "The page could not be loaded" });
    await expect(word).toBeVisible();
    await expect(page.getByRole("table", { name: "VMs" })).toBeVisible();
    await expect(page).toHaveURL(/\/vms(\?|$)/);
    await page.unroute(blocked);
    await word.getByRole("button", { name: "Try again" }).click();
    await expect(page.getByRole("heading", { name: "web-02", level: 1 })).toBeVisible({ timeout: 20_000 });
    await expect(word).toHaveCount(0);
  });
});
