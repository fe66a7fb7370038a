// Acting on several VMs: what will happen is said first, and each VM has its own result afterwards.
import { live, openList, row } from "../support/pages";
import { expect, test, type Locator, type Page } from "../support/test";

const BAR = "Act on the marked VMs";

function mark(page: Page, name: string): Locator {
  return page.getByRole("checkbox", { name: `Mark ${name}`, exact: true });
}

function sheet(page: Page, act: string): Locator {
  return page.getByRole("dialog", { name: `${act}: results` });
}

function result(page: Page, act: string, name: string): Locator {
  return sheet(page, act).getByRole("row").filter({ hasText: name });
}

test("each VM has its own result, by keyboard alone, and what failed is tried again", async ({ page }) => {
  await openList(page, "vm-refuses-start | vm-too-big | vm-no-uuid | web-02");
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("Shift+X");
  await expect(page.getByRole("toolbar", { name: BAR })).toContainText("4 VMs marked");

  await test.step("the palette offers acts on the marks, the question says what will happen and what will not", async () => {
    await page.keyboard.press("Control+k");
    await page.keyboard.type("start marked");
    await expect(page.getByRole("dialog", { name: "Search or act" }).getByRole("option").first()).toContainText("Start: 4 VMs marked");
    await page.keyboard.press("Enter");
    const ask = page.getByRole("dialog", { name: "Start 3 VMs?" });
    await expect(ask).toContainText("Start will be done on 3 VMs");
    await expect(ask.getByRole("listitem")).toHaveText("web-02: It is already running.");
    await expect(ask.getByRole("button", { name: "Cancel" })).toBeFocused();
    await page.keyboard.press("Tab");
    await expect(ask.getByRole("button", { name: "Start 3 VMs" })).toBeFocused();
    await page.keyboard.press("Enter");
  });

  await test.step("a row for each, with the host's words", async () => {
    await expect(result(page, "Start", "vm-no-uuid")).toContainText("Done", { timeout: 30_000 });
    await expect(result(page, "Start", "vm-refuses-start")).toContainText(/Failed:[^]*nope/, { timeout: 30_000 });
    await expect(result(page, "Start", "vm-too-big")).toContainText("Failed:", { timeout: 30_000 });
    await expect(page.getByRole("status").filter({ hasText: "1 of 3 done, 2 failed" }).first()).toBeAttached();
  });

  await test.step("it survives leaving and coming back, and a reload", async () => {
    await page.keyboard.press("Escape");
    await expect(sheet(page, "Start")).toBeHidden();
    await page.keyboard.press("g");
    await page.keyboard.press("t");
    await expect(page.getByRole("heading", { name: "Tasks", level: 1 })).toBeVisible();
    const note = page.getByRole("group", { name: "Start: results" });
    await expect(note).toContainText("1 of 3 done, 2 failed");
    await page.reload();
    await live(page);
    await expect(note).toContainText("1 of 3 done, 2 failed");
    await note.getByRole("button", { name: "Show results" }).click();
    await expect(result(page, "Start", "vm-refuses-start")).toContainText(/Failed:[^]*nope/);
  });

  await test.step("what failed is tried again", async () => {
    await sheet(page, "Start").getByRole("button", { name: "Try the 2 again" }).click();
    await expect(page.getByRole("button", { name: "Try the 2 again" })).toBeVisible({ timeout: 30_000 });
    await sheet(page, "Start").getByRole("button", { name: "Close" }).click();
    await expect(page.getByRole("group", { name: "Start: results" })).toBeHidden();
  });

  await test.step("and everything is put back", async () => {
    await openList(page, "vm-no-uuid");
    await mark(page, "vm-no-uuid").check();
    await page.getByRole("toolbar", { name: BAR }).getByRole("button", { name: "Power off…" }).click();
    const ask = page.getByRole("dialog", { name: "Power off 1 VM?" });
    await expect(ask).toContainText("The guest is not asked");
    await ask.getByRole("button", { name: "Power off 1 VM" }).click();
    await expect(result(page, "Power off", "vm-no-uuid")).toContainText("Done", { timeout: 30_000 });
    await page.keyboard.press("Escape");
    await expect(row(page, "vm-no-uuid")).toContainText("Halted");
  });
});

test("a range is marked with Shift, all that the filter shows at once, and marks outlive the filter", async ({ page }) => {
  await openList(page, "proxy | wiki | chat");
  const table = page.getByRole("table", { name: "VMs" });
  const boxes = table.getByRole("checkbox", { name: /^Mark \w+-/ });
  const many = await boxes.count();
  expect(many).toBeGreaterThan(4);
  await boxes.nth(0).click();
  await boxes.nth(3).click({ modifiers: ["Shift"] });
  const bar = page.getByRole("toolbar", { name: BAR });
  await expect(bar).toContainText("4 VMs marked");
  await page.getByRole("search").getByRole("searchbox").fill("nosuchthing");
  await expect(bar).toContainText("4 of them not in this list");
  await page.getByRole("search").getByRole("searchbox").fill("proxy | wiki | chat");
  await page.getByRole("checkbox", { name: "Mark all" }).check();
  await expect(bar).toContainText(`${many} VMs marked`);
  await bar.getByRole("button", { name: "Clear" }).click();
  await expect(bar).toBeHidden();
});

test("an act that is possible on none of the marked VMs says why", async ({ page }) => {
  await openList(page, "mail-01");
  await mark(page, "mail-01").check();
  const start = page.getByRole("toolbar", { name: BAR }).getByRole("button", { name: "Start…" });
  await start.click();
  const ask = page.getByRole("dialog", { name: "Start: not possible" });
  await expect(ask).toContainText("mail-01: It is already running.");
  await expect(ask.getByRole("button")).toHaveText(["Cancel"]);
});

test("several VMs are acted on by touch @phone", async ({ page }) => {
  await openList(page, "wiki");
  const boxes = page.getByRole("checkbox", { name: /^Mark wiki-/ });
  const box = await boxes.first().boundingBox();
  expect(box?.width).toBeGreaterThanOrEqual(20);
  await boxes.nth(0).tap();
  await boxes.nth(1).tap();
  await page.getByRole("toolbar", { name: BAR }).getByRole("button", { name: "Pause…", exact: true }).tap();
  await page.getByRole("dialog", { name: "Pause 2 VMs?" }).getByRole("button", { name: "Pause 2 VMs" }).tap();
  await expect(result(page, "Pause", "wiki-01")).toContainText("Done", { timeout: 20_000 });
  await expect(result(page, "Pause", "wiki-02")).toContainText("Done", { timeout: 20_000 });
  await sheet(page, "Pause").getByRole("button", { name: "Close" }).tap();
  await page.getByRole("toolbar", { name: BAR }).getByRole("button", { name: "Unpause…" }).tap();
  await page.getByRole("dialog", { name: "Unpause 2 VMs?" }).getByRole("button", { name: "Unpause 2 VMs" }).tap();
  await expect(result(page, "Unpause", "wiki-02")).toContainText("Done", { timeout: 20_000 });
});
