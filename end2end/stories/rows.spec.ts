// The list's rows, which the page writes and changes by itself: what is in them belongs to the VM that they name.
import { OwnServer } from "../support/own-server";
import { live, openList, row } from "../support/pages";
import { signInByLink } from "../support/sign-in";
import { expect, test, type Page } from "../support/test";

/** What each row in sight says: which VM it is of, where its link leads and what its box would mark. */
async function rows(page: Page): Promise<{ vm: string; name: string; href: string; box: string; marked: boolean }[]> {
  return page.locator("tr[data-vm]").evaluateAll((all) =>
    all.map((one) => {
      const link = one.querySelector<HTMLAnchorElement>("td.name a");
      const box = one.querySelector<HTMLInputElement>("td.sel input");
      return {
        vm: one.getAttribute("data-vm") ?? "",
        name: link?.textContent ?? "",
        href: link?.getAttribute("href") ?? "",
        box: box?.getAttribute("aria-label") ?? "",
        marked: box?.checked ?? false,
      };
    }),
  );
}

/** Scrolls the list to a part of its height; what is in sight is another part of it then. */
async function scrollTo(page: Page, part: number): Promise<void> {
  const before = (await rows(page))[0]?.vm;
  await page.locator("#vm-scroll").evaluate((list, part) => (list.scrollTop = list.scrollHeight * part), part);
  await expect.poll(async () => (await rows(page))[0]?.vm).not.toBe(before);
}

/** Each row is of one VM throughout, and only the marked ones are ticked. */
async function belongs(page: Page, marked: string[]): Promise<void> {
  const all = await rows(page);
  expect(all.length).toBeGreaterThan(10);
  expect(new Set(all.map((one) => one.vm)).size).toBe(all.length);
  for (const one of all) {
    expect(one).toEqual({
      vm: one.vm,
      name: one.name,
      href: `/vms/${one.vm}/overview`,
      box: `Mark ${one.name}`,
      marked: marked.includes(one.name),
    });
  }
}

for (const sort of ["", "-cpu"]) {
  test(`the focus on a row's link stays while measurements come, ${sort ? "by CPU" : "by name"}`, async ({ page }) => {
    await page.goto(`/vms?q=${encodeURIComponent("state:running")}&sort=${sort}`);
    await live(page);
    const [first] = await rows(page);
    const held = page.locator(`tr[data-vm="${first.vm}"]`);
    const name = held.getByRole("link", { name: first.name, exact: true });
    await name.focus();
    for (let n = 0; n < 3; n += 1) {
      const before = await held.textContent();
      await expect(held).not.toHaveText(before ?? "", { timeout: 15_000 });
      await expect(name).toBeFocused();
    }
  });
}

// Rows that are out of sight are taken out of longer lists than the demo's.
test("far down a long list and back, marks and links are those of the VM that a row names", async ({ browser }) => {
  const server = await OwnServer.withFleet(200);
  const context = await browser.newContext({ baseURL: server.url, storageState: undefined });
  try {
    const page = await context.newPage();
    await signInByLink(page, server.demo.link);
    await openList(page);
    await expect(page.getByRole("main")).toContainText(/of 2\d\d running on 2 hosts/);
    const top = await rows(page);
    expect(top.length).toBeLessThan(100);
    const marked = [top[1].name];
    await row(page, top[1].name).getByRole("checkbox").check();
    await belongs(page, marked);
    await scrollTo(page, 1);
    await belongs(page, marked);
    const low = (await rows(page)).at(-2)?.name ?? "";
    await row(page, low).getByRole("checkbox").check();
    marked.push(low);
    await belongs(page, marked);
    await scrollTo(page, 0.5);
    await belongs(page, marked);
    await scrollTo(page, 0);
    await belongs(page, marked);
    expect((await rows(page))[0].vm).toBe(top[0].vm);
  } finally {
    await context.close();
    await server.stop();
  }
});

test("a page that is loaded anew has no mark, and ticks no box", async ({ page }) => {
  await openList(page);
  for (const { name } of (await rows(page)).slice(0, 2)) await row(page, name).getByRole("checkbox").check();
  await expect(page.getByRole("toolbar", { name: "Act on the marked VMs" })).toContainText("2 VMs marked");
  await page.reload();
  await live(page);
  await belongs(page, []);
  await expect(page.getByRole("toolbar", { name: "Act on the marked VMs" })).toHaveCount(0);
  await expect(page.getByRole("checkbox", { checked: true })).toHaveCount(0);
});
