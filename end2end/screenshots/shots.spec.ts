// Pictures of every page, wide and narrow, light and dark, for people to look at: results/shots/.
// npx playwright test --project=screenshots
import { consoleTour, guestTour } from "../support/console-tour";
import { act, live, openVm } from "../support/pages";
import { Terminal } from "../support/terminal";
import { inside, outside } from "../support/tour";
import { expect, test, type Page } from "../support/test";

const SHOTS = "results/shots";

async function shoot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `${SHOTS}/${name}-${page.viewportSize()?.width}.png` });
}

for (const colorScheme of ["light", "dark"] as const) {
  for (const viewport of [
    { width: 1440, height: 900 },
    { width: 390, height: 844 },
  ]) {
    test.describe(`${colorScheme} at ${viewport.width}`, () => {
      test.use({ colorScheme, viewport, complaints: [/./] });

      test("every page", async ({ page, browser, baseURL }) => {
        for (const stop of await inside(page, "web-02")) {
          await page.goto(stop.path);
          await live(page);
          if (stop.name === "console") await (await Terminal.attach(page)).shows("login:");
          // A few samples, so that the lines have something to draw.
          if (stop.name === "vms" || stop.name === "vm") await expect(page.getByRole("main")).toContainText(/\d %/);
          if (/performance|^overview/.test(stop.name)) await expect(page.locator("canvas").first()).toBeVisible();
          await shoot(page, `${stop.name}-${colorScheme}`);
        }
        const context = await browser.newContext({ baseURL, viewport, colorScheme, storageState: undefined });
        const stranger = await context.newPage();
        for (const stop of outside) {
          await stranger.goto(stop.path);
          await shoot(stranger, `${stop.name}-${colorScheme}`);
        }
        await context.close();
      });

      test("the console's panels, and a guest's page", async ({ page, browser, baseURL }) => {
        const options = { baseURL, viewport, colorScheme };
        const look = (page: Page, name: string) => shoot(page, `${name}-${colorScheme}`);
        await consoleTour(page, browser, "web-02", options, look);
        await guestTour(page, browser, "web-02", options, look);
      });

      test("what floats above pages, and a fault", async ({ page }) => {
        await openVm(page, "vm-refuses-start");
        await act(page, "Start").click();
        await page.getByRole("group").getByText("Tasks", { exact: true }).first().click();
        await expect(page.getByText(/Failed:/).first()).toBeAttached({ timeout: 20_000 });
        await shoot(page, `fault-${colorScheme}`);
        await page.goto("/tasks");
        await live(page);
        await shoot(page, `tasks-with-fault-${colorScheme}`);
        await openVm(page, "web-02");
        await page.getByLabel("More ways to stop it").click();
        await shoot(page, `menu-${colorScheme}`);
        await act(page, "Power off…").click();
        await shoot(page, `confirm-${colorScheme}`);
        await page.keyboard.press("Escape");
        await page.keyboard.press("Control+k");
        await page.keyboard.type("web");
        await shoot(page, `palette-${colorScheme}`);
        await page.keyboard.press("Escape");
        await page.keyboard.press("?");
        await shoot(page, `keys-${colorScheme}`);
        await page.keyboard.press("Escape");
        await page.getByLabel("Account: admin").click();
        await shoot(page, `account-${colorScheme}`);
      });
    });
  }
}
