// Everything by keyboard: going places, the list, the palette, and the way out of a console.
import { forgetPreferences } from "../support/accounts";
import { act, live, openList, openVm, row, state } from "../support/pages";
import { Terminal } from "../support/terminal";
import { expect, test, type Page } from "../support/test";

/** Whether the element that has the focus is drawn so that one sees it. */
async function focusIsVisible(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const focused = document.activeElement;
    if (!focused || focused === document.body) return false;
    // A field may show its focus on the box around it.
    return [focused, focused.parentElement, focused.closest("tr")].some((element) => {
      if (!element) return false;
      const style = getComputedStyle(element);
      return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
    });
  });
}

test("two letters go places", async ({ page }) => {
  await page.goto("/audit");
  await live(page);
  for (const [letter, heading] of <[string, string | RegExp][]>[
    ["o", /run$/],
    ["v", "VMs"],
    ["t", "Tasks"],
    ["a", "Audit log"],
    ["b", "Status pages"],
    ["h", "xen-1"],
  ]) {
    await page.keyboard.press("g");
    await page.keyboard.press(letter);
    await expect(page.getByRole("heading", { name: heading, level: 1 })).toBeVisible();
  }
});

test("the list is worked by keyboard", async ({ page }) => {
  await openList(page);
  await page.keyboard.press("/");
  const filter = page.getByRole("search").getByRole("searchbox");
  await expect(filter).toBeFocused();
  await page.keyboard.type("mail");
  const table = page.getByRole("table", { name: "VMs" });
  await expect(table.getByRole("row")).toHaveCount(4);
  await page.keyboard.press("Escape");
  await expect(filter).not.toBeFocused();

  await page.keyboard.press("j");
  await expect(row(page, "mail-01")).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("j");
  await expect(row(page, "mail-02")).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("k");
  await page.keyboard.press("x");
  await expect(page.getByRole("checkbox", { name: "Mark mail-01" })).toBeChecked();
  await expect(page.getByRole("toolbar", { name: "Act on the marked VMs" })).toContainText("1 VM marked");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("checkbox", { name: "Mark mail-01" })).not.toBeChecked();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "mail-01", level: 1 })).toBeVisible();
});

test("the palette finds a VM and an act", async ({ page }) => {
  await openList(page);
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Search or act" });
  const found = palette.getByRole("option").first();
  await page.keyboard.type("dns-01");
  await expect(found).toContainText("dns-01");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "dns-01", level: 1 })).toBeVisible();

  await page.keyboard.press("Control+k");
  await page.keyboard.type("pause dns-01");
  await expect(found).toContainText("Pause dns-01");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main").getByText("Paused", { exact: true }).first()).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("unpause dns-01");
  await expect(found).toContainText("Unpause dns-01");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main").getByText("Running", { exact: true }).first()).toBeVisible();
});

/** Holds back the code of what floats above the pages; what is returned lets it through. */
async function holdOverlays(page: Page): Promise<() => void> {
  let release = (): void => {};
  const gate = new Promise<void>((resolve) => (release = resolve));
  await page.route(/split_rest[^/]*\.wasm/, async (route) => {
    await gate;
    await route.continue();
  });
  return release;
}

test("what is typed for the palette before it is there is its own, and does nothing else", async ({ page }) => {
  const release = await holdOverlays(page);
  await openVm(page, "web-02");
  await live(page);
  const address = page.url();
  await act(page, "Shut down").focus();
  await page.keyboard.press("Control+k");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Space");
  await page.keyboard.press("Backspace");
  await page.keyboard.type("gt/dns-012");
  await page.keyboard.press("Backspace");
  for (let n = 0; n < 3; n += 1) await page.keyboard.press("ArrowLeft");
  await expect(act(page, "Shut down")).toBeFocused();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("dns-012");
  await page.keyboard.press("Backspace");
  release();
  const palette = page.getByRole("dialog", { name: "Search or act" });
  await expect(palette.getByRole("combobox")).toHaveValue("dns-01");
  await expect(palette.getByRole("option").first()).toContainText("dns-01");
  expect(page.url()).toBe(address);
  await expect(state(page, "Running")).toBeVisible();
  await expect(act(page, "Shut down")).toBeEnabled();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "dns-01", level: 1 })).toBeVisible();
  // Another time it begins empty.
  await page.keyboard.press("Control+k");
  await expect(palette.getByRole("combobox")).toHaveValue("");
});

test("who goes on by pointer does not wait for the palette: the field has the keys", async ({ page }) => {
  const release = await holdOverlays(page);
  await openList(page);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("dns");
  const filter = page.getByRole("search").getByRole("searchbox");
  await filter.click();
  await page.keyboard.type("mail-01");
  await expect(filter).toHaveValue("mail-01");
  release();
  // Once its code is there, it opens when it is asked for and not before.
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Search or act" });
  await expect(palette.getByRole("combobox")).toHaveValue("");
});

/** Presses Tab until the element of that name has the focus. */
async function tabTo(page: Page, role: "button" | "link", name: string): Promise<void> {
  const wanted = page.getByRole(role, { name, exact: true });
  for (let step = 0; step < 40; step += 1) {
    if (await wanted.evaluateAll((all) => all.some((element) => element === document.activeElement))) return;
    await page.keyboard.press("Tab");
  }
  await expect(wanted, "Tab reaches it").toBeFocused();
}

/** What is typed into the palette, and done. */
async function palette(page: Page, words: string, first: string): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.keyboard.type(words);
  await expect(page.getByRole("dialog", { name: "Search or act" }).getByRole("option").first()).toContainText(first);
  await page.keyboard.press("Enter");
}

test("the main job is done without a mouse", async ({ page, baseURL }) => {
  const guest = "cache-02";
  await forgetPreferences(page, baseURL!);
  await openList(page);
  await palette(page, guest, guest);
  await expect(page.getByRole("heading", { name: guest, level: 1 })).toBeVisible();
  await palette(page, `start ${guest}`, `Start ${guest}`);
  await expect(page.getByRole("main").getByText("Running", { exact: true }).first()).toBeVisible({ timeout: 20_000 });

  await page.keyboard.press("g");
  await page.keyboard.press("c");
  const console = page.getByRole("region", { name: "Serial console" });
  await expect(console.getByRole("textbox", { name: "Terminal input" })).toBeFocused({ timeout: 20_000 });
  await page.keyboard.press("Control+Shift+X");
  const menu = console.getByLabel("Look and help", { exact: true });
  for (let step = 0; step < 20 && !(await menu.evaluate((element) => element === document.activeElement)); step += 1) {
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await tabTo(page, "button", "Screen reader");
  await page.keyboard.press("Enter");
  const screen = console.locator("[data-keys=guest]").getByRole("list").first();
  await expect(screen).toContainText("login:", { timeout: 30_000 });
  await page.keyboard.type("root\n");
  await expect(screen).toContainText("Password:");
  await page.keyboard.type("guest\n");
  await expect(screen).toContainText(/root@\S+:~#/);
  await page.keyboard.type("echo by-'keyboard'\n");
  await expect(screen).toContainText("by-keyboard");

  await page.keyboard.press("Control+Shift+X");
  await palette(page, `shut ${guest}`, `Shut down ${guest}`);
  await expect(page.getByRole("main").getByText("Halted", { exact: true }).first()).toBeVisible({ timeout: 30_000 });
});

test("Escape leaves a menu, and the focus is on what opened it", async ({ page }) => {
  await openList(page);
  const account = page.getByLabel("Account: admin");
  await account.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("link", { name: "Settings" })).toBeVisible();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("link", { name: "Settings" })).toBeHidden();
  await expect(account).toBeFocused();
});

test("? lists the keys and Escape closes them", async ({ page }) => {
  await openList(page);
  await page.keyboard.press("?");
  const keys = page.getByRole("dialog", { name: "Keys" });
  await expect(keys).toContainText("audit log");
  await page.keyboard.press("Escape");
  await expect(keys).toBeHidden();
});

test("Tab goes from the skip link through the bar, the tree and the list, and one sees where", async ({ page }) => {
  await openList(page, "mail");
  const way: string[] = [];
  for (let step = 0; step < 14; step += 1) {
    await page.keyboard.press("Tab");
    expect(await focusIsVisible(page), `focus is visible after ${step + 1} steps`).toBe(true);
    way.push(await page.evaluate(() => document.activeElement?.closest("header, nav, main")?.tagName ?? "skip"));
  }
  expect(way[0]).toBe("skip");
  const order = way.filter((place, n) => place !== way[n - 1]);
  expect(order).toEqual(["skip", "HEADER", "NAV", "MAIN"]);
});

test("the console takes every key, and one chord leaves it", async ({ page }) => {
  await openList(page, "mail-02");
  await row(page, "mail-02").getByRole("link", { name: "mail-02", exact: true }).click();
  const terminal = await Terminal.open(page);
  await terminal.shows("login:");
  await terminal.input.focus();
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog", { name: "Search or act" })).toBeHidden();
  await expect(terminal.input).toBeFocused();
  await page.keyboard.press("Control+Shift+X");
  await expect(terminal.input).not.toBeFocused();
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog", { name: "Search or act" })).toBeVisible();
});
