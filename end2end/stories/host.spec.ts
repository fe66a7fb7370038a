// A host's page: what is wrong with it, what it is made of, who uses what, and what the console calls it.
import { live, openList, openTab } from "../support/pages";
import { expect, test, type Page } from "../support/test";

/** Opens the page of the host that the demo gave a few complaints. */
async function openHost(page: Page, name: string): Promise<void> {
  await openList(page, `host:${name}`);
  // By its address: on a phone the whole row leads to the VM.
  const link = page.getByRole("table", { name: "VMs" }).getByRole("link", { name, exact: true }).first();
  await page.goto((await link.getAttribute("href")) ?? "");
  await live(page);
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
}

test("a host that is not well says so, with what to do", async ({ page }) => {
  await openHost(page, "xen-2");
  const health = page.getByRole("region", { name: "Health" });
  await expect(health).toContainText("/srv/xen is 97 % full", { timeout: 30_000 });
  await expect(health).toContainText("Its clock is 95 s behind ours");
  await expect(health).toContainText("The host wants to be rebooted");
  await expect(health.getByText("Critical").first()).toBeAttached();
  await expect(page.getByText(/^Looked at/)).toBeVisible();
  await page.getByRole("button", { name: "Look again" }).click();
  await expect(page.getByText("Looked at just now")).toBeVisible({ timeout: 30_000 });
});

test("hardware, storage and network say what the host told", async ({ page }) => {
  await openHost(page, "xen-1");
  await openTab(page, "Hardware");
  await expect(page.getByText("AMD EPYC 7443P 24-Core Processor")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("table", { name: "CPU pools" })).toContainText("credit2");
  await expect(page.getByText(/No line of it looks like trouble/)).toBeVisible();
  await openTab(page, "Storage");
  const volume = page.getByRole("table", { name: "Volumes" }).getByRole("row").filter({ hasText: "vg0/web-01" });
  await expect(volume.getByRole("link", { name: "web-01" })).toBeVisible();
  await openTab(page, "Network");
  const ports = page.getByRole("table", { name: "Ports of xenbr0" });
  await expect(ports).toContainText("network card");
  await ports.getByRole("link", { name: "mail-01", exact: true }).click();
  await expect(page.getByRole("heading", { name: "mail-01", level: 1 })).toBeVisible();
});

test("a host that does not log its guests is switched over, after it was shown what that changes, and back", async ({ page }) => {
  await openHost(page, "xen-2");
  await openTab(page, "Settings");
  const card = page.getByRole("region", { name: "Consoles" });
  await expect(card).toContainText("It is off", { timeout: 30_000 });
  await card.getByRole("button", { name: "Switch it on…" }).click();
  const on = page.getByRole("dialog", { name: "Let this host log its guests' consoles?" });
  await expect(on).toContainText('/etc/default/xen: + XENCONSOLED_ARGS="--log=guest"');
  await expect(on).toContainText("service xen restart");
  await on.getByRole("button", { name: "Switch it on" }).click();
  await expect(card).toContainText("It is on", { timeout: 30_000 });
  await expect(card).toContainText(/[0-9]+ guests are recorded now/, { timeout: 60_000 });

  await card.getByRole("button", { name: "Switch it off…" }).click();
  const off = page.getByRole("dialog", { name: "Let this host log its guests' consoles no more?" });
  await expect(off).toContainText('/etc/default/xen: - XENCONSOLED_ARGS="--log=guest"');
  await off.getByRole("button", { name: "Switch it off" }).click();
  await expect(card).toContainText("It is off", { timeout: 30_000 });

  await card.getByRole("radio", { name: "by staying attached to each guest" }).check();
  await card.getByRole("button", { name: "Save" }).click();
  await expect(card.getByRole("alert")).toContainText("what staying attached means");
});

test.describe("another name", () => {
  // An empty one is refused, as it should be.
  test.use({ complaints: [/422/] });

  test("a host is renamed, by keyboard alone, and everybody sees it @phone", async ({ page }) => {
    await openHost(page, "xen-2");
    const address = new URL(page.url()).pathname.replace("overview", "settings");
    await page.goto(address);
    await live(page);
    const name = page.getByLabel("Name, as you call it");
    await name.focus();
    await page.keyboard.press("Control+a");
    await page.keyboard.type("xen-two");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "xen-two", level: 1 })).toBeVisible();
    await name.fill(" ");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("alert").filter({ hasText: "at least one character" })).toBeVisible();
    await name.fill("xen-2");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "xen-2", level: 1 })).toBeVisible();
  });
});

test.describe("an operator", () => {
  test.use({ as: "operator" });

  test("sees no settings of a host", async ({ page }) => {
    await openHost(page, "xen-1");
    const tabs = page.getByRole("navigation", { name: "Tabs" });
    await expect(tabs.getByRole("link", { name: "Hardware" })).toBeVisible();
    await expect(tabs.getByRole("link", { name: "Settings" })).toHaveCount(0);
  });
});
