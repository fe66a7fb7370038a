// What stories do on the pages, by role and label.
import { expect, type Locator, type Page } from "@playwright/test";
import type { HostToAdd } from "./demo";

/** Waits until the page follows the server: before that buttons are drawn and do nothing. */
export async function live(page: Page): Promise<void> {
  await expect(page.getByRole("banner").getByRole("status")).toContainText("Live", { timeout: 20_000 });
}

export async function openList(page: Page, filter = ""): Promise<void> {
  await page.goto(filter ? `/vms?q=${encodeURIComponent(filter)}` : "/vms");
  await live(page);
}

/** The VM's row in the list. */
export function row(page: Page, name: string): Locator {
  return page
    .getByRole("table", { name: "VMs" })
    .getByRole("row")
    .filter({ has: page.getByRole("link", { name, exact: true }) });
}

/** Opens a VM's page from the list. */
export async function openVm(page: Page, name: string): Promise<void> {
  await openList(page, name);
  await row(page, name).getByRole("link", { name, exact: true }).click();
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
}

/** One of the acts in the head of a VM's page. */
export function act(page: Page, label: string): Locator {
  return page.getByRole("group", { name: "Power" }).getByRole("button", { name: label, exact: true });
}

/** The state in the head of a VM's page. */
export function state(page: Page, word: string): Locator {
  return page.getByRole("main").getByText(word, { exact: true }).first();
}

export async function openSettings(page: Page): Promise<void> {
  await page.goto("/settings");
  await live(page);
}

/** Waits until the server has what was changed on the page of settings. */
export async function kept(page: Page): Promise<void> {
  await expect(page.getByRole("main").getByRole("status").last()).toHaveText("Kept");
}

export async function openTab(page: Page, name: string): Promise<void> {
  await page.getByRole("navigation", { name: "Tabs" }).getByRole("link", { name }).click();
}

/** Adds a host the way a careful administrator does: its fingerprint is compared before a secret is typed. */
export async function addHost(page: Page, host: HostToAdd): Promise<void> {
  await page.goto("/hosts/add");
  await live(page);
  await page.getByLabel("Address").fill(host.address);
  await page.getByLabel("SSH port").fill(String(host.port));
  await page.getByRole("button", { name: "Fetch its key" }).click();
  await expect(page.getByText(host.fingerprint)).toBeVisible({ timeout: 60_000 });
  await page.getByLabel("I compared it: this is my host").check();
  await page.getByLabel("Account on the host").fill(host.user);
  if (host.privateKey) {
    await page.getByRole("radio", { name: "a private key" }).check();
    await page.getByLabel("Private key (OpenSSH or PEM)").fill(host.privateKey);
  } else {
    await page.getByRole("radio", { name: "a password" }).check();
    await page.getByRole("textbox", { name: "Password", exact: true }).fill(host.password ?? "");
  }
  await page.getByLabel("Name, as you call it").fill(host.name);
  await page.getByRole("button", { name: "Test" }).click();
  await expect(page.getByText("It works")).toBeVisible({ timeout: 60_000 });
  await page.getByRole("button", { name: "Add host" }).click();
  await expect(page.getByRole("heading", { name: host.name, level: 1 })).toBeVisible({ timeout: 60_000 });
}
