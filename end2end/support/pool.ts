// The demo's spare pool: added, looked at and forgotten as an administrator does it.
import { expect, type Page } from "@playwright/test";
import { demo } from "./demo";
import { live, openList, openTab } from "./pages";

/** Adds it by its certificate. */
export async function addPool(page: Page): Promise<void> {
  const { sparePool: pool } = demo();
  const [member] = pool.members;
  await page.goto("/hosts/add");
  await live(page);
  await page.getByRole("radio", { name: "an XCP-ng or XenServer pool" }).check();
  await page.getByLabel("Address of any member").fill(member.address);
  await page.getByLabel("Port", { exact: true }).fill(String(member.port));
  await page.getByRole("button", { name: "Fetch its certificate" }).click();
  await expect(page.getByText(member.fingerprint)).toBeVisible({ timeout: 20_000 });
  await page.getByLabel("I compared it: this is my pool").check();
  await page.getByRole("textbox", { name: "Password", exact: true }).fill(pool.password);
  await page.getByRole("button", { name: "Test" }).click();
  await expect(page.getByText("It works")).toBeVisible({ timeout: 20_000 });
  await page.getByRole("button", { name: "Add pool" }).click();
  await expect(page.getByRole("heading", { name: pool.name, level: 1 })).toBeVisible({ timeout: 20_000 });
}

/** Opens a VM of the pool from the list; other places may have one of the same name. */
export async function openPoolVm(page: Page, query: string): Promise<string> {
  await openList(page, `pool:spare ${query}`);
  const link = page.getByRole("table", { name: "VMs" }).getByRole("row").nth(1).getByRole("link").first();
  const name = await link.innerText();
  await link.click();
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
  return name;
}

/** Opens the pool's page from the tree. */
export async function openPool(page: Page): Promise<void> {
  const { sparePool: pool } = demo();
  await page.getByRole("tree", { name: "Sites, hosts and VMs" }).getByText(pool.name, { exact: true }).click();
  await expect(page.getByRole("heading", { name: pool.name, level: 1 })).toBeVisible();
}

/** Removes it, as it was before. */
export async function forgetPool(page: Page): Promise<void> {
  await openPool(page);
  await openTab(page, "Settings");
  await page.getByText("Remove…").click();
  await page.getByLabel("Type spare to remove it").fill("spare");
  await page.getByRole("button", { name: "Remove the pool" }).click();
  await expect(page.getByRole("heading", { name: "VMs", level: 1 })).toBeVisible();
}
