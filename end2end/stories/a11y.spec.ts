// axe finds nothing on any page, light or dark; and the landmarks read as they should.
import AxeBuilder from "@axe-core/playwright";
import { consoleTour, guestTour } from "../support/console-tour";
import { act, kept, live, openList, openSettings, openVm } from "../support/pages";
import { Terminal } from "../support/terminal";
import { inside, outside } from "../support/tour";
import { expect, test, type Page } from "../support/test";

/** What axe has against the page, one line each; with `rules`, against these alone; without what is at `aside`. */
async function problems(page: Page, rules: string[] = [], aside: string[] = []): Promise<string[]> {
  const axe = aside.reduce((axe, selector) => axe.exclude(selector), new AxeBuilder({ page }));
  const { violations } = await (rules.length ? axe.withRules(rules) : axe).analyze();
  return violations
    .filter(({ impact }) => impact !== "minor")
    .flatMap(({ id, nodes }) => nodes.slice(0, 3).map((node) => `${id}: ${node.target.join(" ")} · ${node.failureSummary}`));
}

const colours = ["color-contrast"];
const strongColours = ["color-contrast", "color-contrast-enhanced"];

type Ways = {
  /** The rules for the strongest contrast. */
  strong?: string[];
  /** What was judged elsewhere. */
  aside?: string[];
};

/** The same page in every theme: everything in the light one, and in the others what colours can spoil. */
async function check(page: Page, name: string, { strong = strongColours, aside = [] }: Ways = {}): Promise<void> {
  expect.soft(await problems(page, [], aside), name).toEqual([]);
  await page.emulateMedia({ colorScheme: "dark" });
  expect.soft(await problems(page, colours, aside), `${name}, dark`).toEqual([]);
  await page.evaluate(() => document.documentElement.setAttribute("data-theme", "contrast"));
  expect.soft(await problems(page, strong, aside), `${name}, strongest contrast`).toEqual([]);
  await page.evaluate(() => document.documentElement.removeAttribute("data-theme"));
  await page.emulateMedia({ colorScheme: "light" });
}

test("the frame is as tall as the window: only what is in it scrolls", async ({ page }) => {
  for (const path of ["/overview", "/vms", "/status-pages", "/system"]) {
    await page.goto(path);
    await live(page);
    const beyond = await page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight);
    expect.soft(beyond, path).toBeLessThanOrEqual(0);
  }
});

test.describe("axe finds nothing, in any theme", () => {
  // axe looks at everything on nearly thirty pages: minutes, on a machine that does something else too.
  test.describe.configure({ timeout: 480_000 });

  test("behind the sign-in", async ({ page }) => {
    for (const stop of await inside(page, "web-02")) {
      await page.goto(stop.path);
      await live(page);
      await check(page, stop.name, {
        // A terminal goes by the theme that it was opened in: it has a story of its own.
        strong: stop.name === "console" ? colours : strongColours,
        // The tree is the same beside all pages, and long.
        aside: stop.name === "vms" ? [] : ["[role=tree]"],
      });
    }
  });

  test("around a console, and on a guest's page", async ({ page, browser, baseURL }) => {
    const look = (page: Page, name: string) => check(page, name, { strong: colours, aside: ["[role=tree]"] });
    await consoleTour(page, browser, "web-02", { baseURL }, look);
    await guestTour(page, browser, "web-02", { baseURL }, look);
  });

  test("in what floats above a page", async ({ page }) => {
    await openList(page);
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("dialog", { name: "Search or act" })).toBeVisible();
    await check(page, "palette");
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
    await check(page, "keys");
    await page.keyboard.press("Escape");
    await page.getByLabel("Account: admin").click();
    await check(page, "account menu");
    await openList(page, "mail-01 | vm-too-big");
    await page.keyboard.press("Shift+A");
    await check(page, "marks");
    await page.getByRole("toolbar", { name: "Act on the marked VMs" }).getByRole("button", { name: /^Start/ }).click();
    await expect(page.getByRole("dialog", { name: "Start 1 VM?" })).toBeVisible();
    await check(page, "question about several");
    await page.getByRole("button", { name: "Start 1 VM" }).click();
    await expect(page.getByRole("dialog", { name: "Start: results" })).toContainText("Failed", { timeout: 20_000 });
    await check(page, "results");
    await page.keyboard.press("Escape");
    await check(page, "note about results");
    await openVm(page, "mail-01");
    await page.getByLabel("More ways to stop it").click();
    await act(page, "Power off…").click();
    await check(page, "question");
  });

  test.describe("before signing in", () => {
    test.use({ as: "" });

    test("on any page", async ({ page }) => {
      for (const stop of outside) {
        await page.goto(stop.path);
        await check(page, stop.name);
      }
    });
  });

  test.describe("in the strongest contrast", () => {
    test.use({ as: "operator" });

    test("in what a guest writes in colours", async ({ page }) => {
      await openSettings(page);
      await page.getByRole("radio", { name: /^High contrast/ }).check();
      await kept(page);
      await openVm(page, "web-02");
      const terminal = await Terminal.open(page);
      await terminal.shows("login:");
      expect.soft(await problems(page, strongColours)).toEqual([]);

      await openSettings(page);
      await page.getByRole("radio", { name: "As the system" }).first().check();
      await kept(page);
    });
  });
});

test("the list reads well", async ({ page }) => {
  await openList(page, "mail-01");
  await expect(page.getByRole("main")).toMatchAriaSnapshot(`
    - main:
      - heading "VMs" [level=1]
      - search:
        - searchbox /Filter/
      - table "VMs":
        - rowgroup:
          - row:
            - columnheader "Mark all"
            - columnheader "Name":
              - link "Name"
            - columnheader "State"
            - columnheader "Host"
            - columnheader "CPU, 1 min"
            - columnheader "Memory"
            - columnheader "Disk, MB/s"
            - columnheader "Net, Mbit/s"
            - columnheader "Uptime"
            - columnheader "Tags"
        - rowgroup:
          - row /mail-01 Running (login )?xen-1/:
            - cell "Mark mail-01":
              - checkbox "Mark mail-01"
            - cell "mail-01":
              - link "mail-01"
            - cell /Running/
            - cell "xen-1":
              - link "xen-1"
  `);
});

test("a VM's page reads well", async ({ page }) => {
  await openVm(page, "mail-01");
  await expect(page.getByRole("main")).toMatchAriaSnapshot(`
    - main:
      - heading "mail-01" [level=1]
      - group "Power":
        - button "Start" [disabled]
        - button "Shut down"
        - button "Reboot"
        - button "Pause"
      - navigation "Tabs":
        - link "Overview"
        - link "Console"
        - link "History"
      - heading "Facts" [level=2]
      - heading "Power" [level=2]
  `);
});
