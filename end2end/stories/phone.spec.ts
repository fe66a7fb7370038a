// On a phone: the list, a VM's page, and a console with keys that phones lack.
import { live, openList, openVm, row } from "../support/pages";
import { inside } from "../support/tour";
import { Terminal } from "../support/terminal";
import { expect, test, type Page } from "../support/test";

async function overflows(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

test("no page is wider than a phone @phone", async ({ page }) => {
  for (const stop of await inside(page, "web-02")) {
    await page.goto(stop.path);
    await live(page);
    expect.soft(await overflows(page), stop.name).toBeLessThanOrEqual(0);
  }
});

/** What is touched and is too small for it: buttons, fields and the links of navigations, with their heights. */
async function tooSmall(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const touched = document.querySelectorAll<HTMLElement>("button, summary, select, textarea, input:not([type=hidden]), nav[aria-label=Main] > *, nav[aria-label=Tabs] a, [role=treeitem]");
    return [...touched]
      // What xterm.js takes keys with: the terminal around it is what is touched.
      .filter((element) => !element.closest(".xterm"))
      .filter((element) => element.checkVisibility({ visibilityProperty: true }) && element.getBoundingClientRect().width > 1)
      .map((element) => {
        // A box, a radio button and a field are touched by their label.
        const target = element.closest("label") ?? element.closest("td, th") ?? element;
        const height = Math.max(target.getBoundingClientRect().height, element.getBoundingClientRect().height);
        return { height, name: element.getAttribute("aria-label") ?? (element.textContent?.trim() || element.outerHTML.slice(0, 80)) };
      })
      .filter(({ height }) => height < 40)
      .map(({ height, name }) => `${name}: ${height}`);
  });
}

test("what is touched is large enough for a finger @phone", async ({ page }) => {
  for (const stop of await inside(page, "web-02")) {
    await page.goto(stop.path);
    await live(page);
    if (stop.name === "console") await Terminal.attach(page);
    expect.soft(await tooSmall(page), stop.name).toEqual([]);
  }
});

test("list, VM page and bottom bar work by touch @phone", async ({ page }) => {
  await openList(page, "git");
  await expect(row(page, "git-01")).toContainText("Running");
  await row(page, "git-01").getByRole("link", { name: "git-01" }).tap();
  await expect(page.getByRole("heading", { name: "git-01", level: 1 })).toBeVisible();
  await expect(page.getByRole("button", { name: "Shut down" })).toBeInViewport();

  const bar = page.getByRole("navigation", { name: "Main" });
  await bar.getByRole("link", { name: "Overview" }).tap();
  await expect(page.getByRole("heading", { name: "What is wrong" })).toBeVisible();
  await bar.getByRole("link", { name: "Tasks" }).tap();
  await expect(page.getByRole("heading", { name: "Tasks", level: 1 })).toBeVisible();
  await bar.getByRole("button", { name: "Inventory" }).tap();
  await page.getByRole("treeitem", { name: "git-01" }).tap();
  await expect(page.getByRole("heading", { name: "git-01", level: 1 })).toBeVisible();
});

test("the console has a bar of keys @phone", async ({ page }) => {
  await openVm(page, "git-02");
  const terminal = await Terminal.open(page);
  await terminal.shows("login:");
  const keys = terminal.region.getByRole("toolbar", { name: "Keys for the guest" });
  const interrupt = keys.getByRole("button", { name: "Ctrl C: interrupt" });
  await interrupt.scrollIntoViewIfNeeded();
  const box = await interrupt.boundingBox();
  expect(box?.height, "a key is large enough for a finger").toBeGreaterThanOrEqual(40);
  await interrupt.tap();
  await terminal.shows(/\^C/);
  expect(await overflows(page)).toBeLessThanOrEqual(0);
});
