// axe finds nothing on any page, light or dark; and the landmarks read as they should.
import AxeBuilder from "@axe-core/playwright";
import { act, live, openList, openVm } from "../support/pages";
import { inside, outside } from "../support/tour";
import { expect, test, type Page } from "../support/test";

/** What axe has against the page, one line each. Themes differ in colours only: dark pages are asked about those. */
async function problems(page: Page): Promise<string[]> {
  const axe = new AxeBuilder({ page });
  const dark = await page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches);
  const { violations } = await (dark ? axe.withRules("color-contrast") : axe).analyze();
  return violations
    .filter(({ impact }) => impact !== "minor")
    .flatMap(({ id, nodes }) => nodes.slice(0, 3).map((node) => `${id}: ${node.target.join(" ")} · ${node.failureSummary}`));
}

// axe looks at everything on sixteen pages: minutes, on a machine that does something else too.
test.describe.configure({ timeout: 240_000 });

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test("axe finds nothing behind the sign-in", async ({ page }) => {
      for (const stop of await inside(page, "web-02")) {
        await page.goto(stop.path);
        await live(page);
        expect.soft(await problems(page), stop.name).toEqual([]);
      }
    });

    test("axe finds nothing in what floats above a page", async ({ page }) => {
      await openList(page);
      await page.keyboard.press("Control+k");
      await expect(page.getByRole("dialog", { name: "Search or act" })).toBeVisible();
      expect.soft(await problems(page), "palette").toEqual([]);
      await page.keyboard.press("Escape");
      await page.keyboard.press("?");
      await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
      expect.soft(await problems(page), "keys").toEqual([]);
      await page.keyboard.press("Escape");
      await page.getByLabel("Account: admin").click();
      expect.soft(await problems(page), "account menu").toEqual([]);
      await openList(page, "mail-01 | vm-too-big");
      await page.keyboard.press("Shift+A");
      expect.soft(await problems(page), "marks").toEqual([]);
      await page.getByRole("toolbar", { name: "Act on the marked VMs" }).getByRole("button", { name: /^Start/ }).click();
      await expect(page.getByRole("dialog", { name: "Start 1 VM?" })).toBeVisible();
      expect.soft(await problems(page), "question about several").toEqual([]);
      await page.getByRole("button", { name: "Start 1 VM" }).click();
      await expect(page.getByRole("dialog", { name: "Start: results" })).toContainText("Failed", { timeout: 20_000 });
      expect.soft(await problems(page), "results").toEqual([]);
      await page.keyboard.press("Escape");
      expect.soft(await problems(page), "note about results").toEqual([]);
      await openVm(page, "mail-01");
      await page.getByLabel("More ways to stop it").click();
      await act(page, "Power off…").click();
      expect.soft(await problems(page), "question").toEqual([]);
    });

    test.describe("before signing in", () => {
      test.use({ as: "" });

      test("axe finds nothing", async ({ page }) => {
        for (const stop of outside) {
          await page.goto(stop.path);
          expect.soft(await problems(page), stop.name).toEqual([]);
        }
      });
    });
  });
}

test("the strongest contrast is strong on every page", async ({ page }) => {
  for (const stop of await inside(page, "web-02")) {
    await page.goto(stop.path);
    await live(page);
    await page.evaluate(() => document.documentElement.setAttribute("data-theme", "contrast"));
    const { violations } = await new AxeBuilder({ page }).withRules(["color-contrast", "color-contrast-enhanced"]).analyze();
    const where = violations.flatMap(({ nodes }) => nodes.slice(0, 3).map((node) => `${node.target.join(" ")} · ${node.failureSummary}`));
    expect.soft(where, stop.name).toEqual([]);
  }
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
          - row /mail-01 Running xen-1/:
            - cell "Mark mail-01":
              - checkbox "Mark mail-01"
            - cell "mail-01":
              - link "mail-01"
            - cell "Running"
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
