// Graphical consoles: of a pool's VM and of a plain host's, looked at, typed into, pasted into by typing, and only looked at.
import type { Page } from "@playwright/test";
import { account } from "../support/demo";
import { live } from "../support/pages";
import { addPool, forgetPool } from "../support/pool";
import { signIn } from "../support/sign-in";
import { expect, test } from "../support/test";

interface Listed {
  vm?: { id: string; host: string; name: string; power: string; guest_type?: string; consoles: string[] };
  host?: { id: string; kind: string | { member: { pool: string } } };
}

/** A running HVM guest with a screen, of a pool or of plain Xen. */
async function guest(page: Page, kind: "pool" | "plain"): Promise<{ id: string; name: string }> {
  let found = await find(page, kind);
  await expect.poll(async () => (found = await find(page, kind)), { timeout: 30_000 }).toBeDefined();
  return found!;
}

async function find(page: Page, kind: "pool" | "plain"): Promise<{ id: string; name: string } | undefined> {
  const view = (await (await page.request.get("/api/v1/inventory")).json()) as { objects: Listed[] };
  const plain = new Set(view.objects.flatMap(({ host }) => (host?.kind === "plain" ? [host.id] : [])));
  const vms = view.objects.flatMap(({ vm }) => (vm ? [vm] : []));
  return vms.find(
    (vm) => vm.power === "running" && vm.guest_type === "hvm" && vm.consoles.includes("graphical") && plain.has(vm.host) === (kind === "plain"),
  );
}

async function openScreen(page: Page, id: string): Promise<void> {
  await page.goto(`/vms/${id}/console?show=screen`);
  await live(page);
  await expect(status(page)).toHaveText(/Connected/, { timeout: 30_000 });
}

const screen = (page: Page) => page.getByRole("region", { name: /^Screen of/ });
const status = (page: Page) => screen(page).getByRole("status").first();
const canvas = (page: Page) => screen(page).getByRole("application");

/** What is above the bar that moves by itself. */
function picture(page: Page): Promise<string> {
  return canvas(page).evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, 300);
    let hash = 0;
    for (const byte of data) hash = (hash * 31 + byte) | 0;
    return String(hash);
  });
}

for (const kind of ["pool", "plain"] as const) {
  test(`the screen of a guest (${kind}) is shown, and typed into by hand and by pasting`, async ({ page }) => {
    test.setTimeout(120_000);
    if (kind === "pool") await addPool(page);
    const vm = await guest(page, kind);
    await openScreen(page, vm.id);
    // The pointer leaves its mark on this screen: it stays where it is.
    await canvas(page).click({ position: { x: 5, y: 5 } });
    await page.keyboard.press("Enter");
    const empty = await settled(page);
    await page.keyboard.type("hello-42");
    const typed = await changed(page, empty);

    await page.keyboard.press("Enter");
    await expect.poll(() => picture(page)).toBe(empty);
    await screen(page).getByRole("button", { name: "Type a text…" }).click();
    const dialog = page.getByRole("dialog", { name: `Type a text into ${vm.name}` });
    await dialog.getByRole("textbox", { name: "The text" }).fill("hello-42");
    await dialog.getByLabel("The guest's keyboard layout").selectOption("de");
    await dialog.getByRole("button", { name: "Type 8 keys" }).click();
    await expect(dialog).toBeHidden();
    await expect.poll(() => picture(page), { timeout: 15_000 }).toBe(typed);

    await screen(page).getByRole("button", { name: "Ctrl Alt Del" }).click();
    const saving = page.waitForEvent("download");
    await screen(page).getByRole("button", { name: "Save picture" }).click();
    expect((await saving).suggestedFilename()).toBe(`${vm.name}.png`);

    await page.keyboard.press("Control+Shift+X");
    await expect(screen(page).getByRole("button", { name: "Fit" })).toBeFocused();
    if (kind === "pool") await forgetPool(page);
  });
}

test("who may only look sees the screen, and what he types does not reach it", async ({ page, browser, baseURL }) => {
  const vm = await guest(page, "plain");
  await openScreen(page, vm.id);
  const context = await browser.newContext({ baseURL, storageState: undefined });
  const other = await context.newPage();
  await signIn(other, account("viewer"));
  await openScreen(other, vm.id);
  await expect(screen(other).getByText("You may only look")).toBeVisible();
  await expect(screen(other).getByRole("button", { name: "Type a text…" })).toBeHidden();
  await expect(screen(page).getByText("Also here: viewer (only looks)")).toBeVisible();
  const before = await settled(other);
  await canvas(other).click({ position: { x: 200, y: 100 } });
  await other.keyboard.type("not mine");
  expect(await settled(other)).toBe(before);
  await context.close();
});

/** The picture once it does not change any more. */
async function settled(page: Page): Promise<string> {
  let last = "";
  await expect
    .poll(
      async () => {
        const now = await picture(page);
        const same = now === last;
        last = now;
        return same;
      },
      { intervals: [700] },
    )
    .toBe(true);
  return last;
}

/** The picture once it is another than it was, and does not change any more. */
async function changed(page: Page, before: string): Promise<string> {
  await expect.poll(() => picture(page)).not.toBe(before);
  return settled(page);
}
