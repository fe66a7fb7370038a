// No page breaks the content policy, logs an error, or asks anything of another machine.
import { live } from "../support/pages";
import { Terminal } from "../support/terminal";
import { inside, outside } from "../support/tour";
import { expect, test } from "../support/test";

test("pages behind the sign-in keep to the policy", async ({ page, watch }) => {
  for (const stop of await inside(page, "web-02")) {
    const reply = await page.goto(stop.path);
    const policy = reply?.headers()["content-security-policy"] ?? "";
    expect(policy, stop.name).toContain("default-src 'none'");
    expect(policy, stop.name).not.toContain("'unsafe-inline'");
    await live(page);
    if (stop.name === "console") await (await Terminal.attach(page)).shows("login:");
    watch.check(`on ${stop.name}`);
  }
});

test.describe("before signing in", () => {
  test.use({ as: "" });

  test("pages keep to the policy", async ({ page, watch }) => {
    for (const stop of outside) {
      const reply = await page.goto(stop.path);
      expect(reply?.headers()["content-security-policy"], stop.name).toContain("default-src 'none'");
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      watch.check(`on ${stop.name}`);
    }
  });
});

test.describe("the watch itself", () => {
  test.use({ complaints: [/./] });

  test("notices what the policy blocks", async ({ page, context }) => {
    const blocked: string[] = [];
    context.on("console", (message) => blocked.push(message.text()));
    await page.goto("/vms");
    await live(page);
    await page.evaluate(() => document.body.setAttribute("style", "color: red"));
    await expect.poll(() => blocked.join("\n")).toMatch(/style-src/);
  });
});
