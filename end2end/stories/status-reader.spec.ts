// Reading a status page: by anybody with its link, on any device, without a script.
import AxeBuilder from "@axe-core/playwright";
import { openStatusLink, type StatusLink } from "../support/status";
import { expect, test, type Page } from "../support/test";

/** What axe has against the page. */
async function problems(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")} · ${node.failureSummary}`));
}

test.describe("with a link", () => {
  test.use({ as: "" });
  let link: StatusLink;
  let locked: StatusLink;

  test.beforeAll(async ({ browser }) => {
    link = await openStatusLink(browser, { title: "Example Ltd" });
    locked = await openStatusLink(browser, { title: "Example Ltd, board", password: "correct horse" });
  });
  test.afterAll(async () => {
    await link?.remove();
    await locked?.remove();
  });

  test("axe finds nothing, light, dark, on a wall screen, at the password", async ({ page }) => {
    for (const scheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      for (const [name, path] of [
        ["page", link.path],
        ["German", `${link.path}?lang=de`],
        ["wall", `${link.path}?kiosk`],
        ["password", locked.path],
      ] as const) {
        await page.goto(path);
        expect.soft(await problems(page), `${name}, ${scheme}`).toEqual([]);
      }
    }
    await page.goto(link.path);
    await page.getByLabel("More about Web").click();
    expect.soft(await problems(page), "unfolded").toEqual([]);
  });

  test("it is one request, small, and asks nothing of anybody else", async ({ page, context }) => {
    const asked: string[] = [];
    context.on("request", (request) => {
      if (!request.url().startsWith("data:")) asked.push(request.url());
    });
    const reply = await page.goto(link.path);
    expect(asked).toHaveLength(1);
    const headers = await reply!.allHeaders();
    expect(headers["content-encoding"]).toBe("gzip");
    expect(Number(headers["content-length"])).toBeLessThan(30_000);
    expect(headers["content-security-policy"]).not.toContain("script");
    expect(headers["x-robots-tag"]).toContain("noindex");
    expect(await context.cookies()).toEqual([]);
    expect(await page.locator("script").count()).toBe(0);
  });

  test("it is read and used by keyboard", async ({ page }) => {
    await page.goto(link.path);
    await page.keyboard.press("Tab");
    await expect(page.getByRole("link", { name: "Stop reloading" })).toBeFocused();
    await page.keyboard.press("Tab");
    await expect(page.getByLabel("More about Web")).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("columnheader", { name: "Available" }).first()).toBeVisible();
    await page.getByRole("link", { name: "Stop reloading" }).press("Enter");
    await expect(page).toHaveURL(/reload=off/);
    await expect(page.getByText("Does not reload by itself")).toBeVisible();
  });

  test("it prints on one page", async ({ page }) => {
    await page.goto(link.path);
    const pdf = (await page.pdf({ format: "A4" })).toString("latin1");
    expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(1);
  });

  test("a wall screen fills its screen and does not scroll", async ({ page }) => {
    await page.setViewportSize({ width: 1920, height: 1080 });
    await page.goto(`${link.path}?kiosk`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    const [scroll, inner] = await page.evaluate(() => [document.documentElement.scrollHeight, window.innerHeight]);
    expect(scroll).toBeLessThanOrEqual(inner);
  });

  test.describe("without JavaScript", () => {
    test.use({ javaScriptEnabled: false });

    test("states, figures and zone are there @phone", async ({ page }) => {
      await page.goto(link.path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expect(page.getByRole("heading", { name: "Web", exact: true })).toBeVisible();
      await expect(page.getByRole("img", { name: /^Web: / })).toBeVisible();
      await expect(page.getByText("Europe/Vienna (CE")).toBeVisible();
      await page.getByRole("link", { name: "Deutsch" }).click();
      await expect(page.getByRole("heading", { name: "Dienste" })).toBeVisible();
      const body = await page.locator("main").boundingBox();
      expect(body!.width).toBeLessThanOrEqual(page.viewportSize()!.width);
    });

    test.describe("a wrong password", () => {
      test.use({ complaints: [/403/] });

      test("is told, and the right one opens the page @phone", async ({ page, context }) => {
        await page.goto(locked.path);
        await expect(page.getByRole("heading", { name: "This page has a password" })).toBeVisible();
        await page.getByLabel("Password").fill("wrong");
        await page.getByRole("button", { name: "Open" }).click();
        await expect(page.getByRole("alert")).toHaveText("This is not the password.");
        await page.getByLabel("Password").fill("correct horse");
        await page.getByRole("button", { name: "Open" }).click();
        await expect(page.getByRole("heading", { name: "Web", exact: true })).toBeVisible();
        const [cookie] = await context.cookies();
        expect(cookie).toMatchObject({ path: locked.path, httpOnly: true, sameSite: "Strict" });
      });
    });

    test.describe("a link that is none", () => {
      test.use({ complaints: [/404/] });

      test("says what to do", async ({ page }) => {
        await page.goto("/s/none-at-all");
        await expect(page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
        await expect(page.getByText("Ask whoever gave it to you")).toBeVisible();
      });
    });
  });
});

test.describe("with a link that ends", () => {
  test.use({ as: "", javaScriptEnabled: false, complaints: [/404/] });

  test("it opens until then, and nothing after that", async ({ browser, page }) => {
    const link = await openStatusLink(browser, { title: "Example Ltd, for a moment", expires_at: Date.now() + 8_000 });
    try {
      await page.goto(link.path);
      await expect(page.getByRole("heading", { name: "Services" })).toBeVisible();
      await expect(async () => {
        const reply = await page.reload();
        expect(reply!.status()).toBe(404);
      }).toPass({ timeout: 20_000, intervals: [500] });
      await expect(page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
      await expect(page.getByText("Example Ltd")).toHaveCount(0);
    } finally {
      await link.remove();
    }
  });
});
