// Every page there is, by name and address.
import { expect, type Page } from "@playwright/test";
import { live, openList, row } from "./pages";

export type Stop = { name: string; path: string };

/** Pages before signing in. */
export const outside: Stop[] = [
  { name: "sign-in", path: "/login" },
  { name: "sign-in-refused", path: "/login?error=unauthenticated" },
  { name: "link", path: "/link?token=used" },
  { name: "first-run", path: "/setup?token=used" },
  { name: "reset", path: "/reset?token=used" },
  { name: "reset-slowed", path: "/reset?error=too_many&wait=12&token=used" },
];

/** Pages behind it; `vm` is the VM whose pages are shown. The console comes last. */
export async function inside(page: Page, vm: string): Promise<Stop[]> {
  await openList(page, vm);
  const vmPath = await pathOf(row(page, vm).getByRole("link", { name: vm, exact: true }));
  const hostPath = await pathOf(row(page, vm).getByRole("link", { name: /^xen-/ }));
  return [
    { name: "overview", path: "/overview" },
    { name: "vms", path: "/vms" },
    { name: "vms-nothing-found", path: "/vms?q=nosuchthing" },
    { name: "vms-details", path: `/vms?sel=${vmPath.split("/")[2]}` },
    { name: "host", path: hostPath },
    ...["performance", "vms", "hardware", "storage", "network", "settings"].map((tab) => ({
      name: `host-${tab}`,
      path: hostPath.replace("overview", tab),
    })),
    { name: "host-add", path: "/hosts/add" },
    { name: "vm", path: vmPath },
    { name: "vm-performance", path: vmPath.replace("overview", "performance") },
    { name: "vm-history", path: vmPath.replace("overview", "history") },
    { name: "vm-settings", path: vmPath.replace("overview", "settings") },
    { name: "tasks", path: "/tasks" },
    { name: "tasks-nothing-found", path: "/tasks?by=nobody" },
    { name: "audit", path: "/audit" },
    { name: "users", path: "/users" },
    { name: "user-add", path: "/users/add" },
    { name: "user", path: await userPath(page, "operator") },
    { name: "your-account", path: "/account" },
    { name: "audit-filtered", path: "/audit?what=host_add" },
    { name: "status-pages", path: "/status-pages" },
    { name: "status-page-new", path: "/status-pages/new?q=web-" },
    ...(await statusPage(page)),
    { name: "system", path: "/system" },
    { name: "settings", path: "/settings" },
    { name: "help", path: "/help" },
    { name: "not-found", path: "/nowhere" },
    { name: "console", path: vmPath.replace("overview", "console") },
  ];
}

/** A status page with all its tabs; made where there is none. */
async function statusPage(page: Page): Promise<Stop[]> {
  await page.goto("/status-pages");
  const made = page.getByRole("table", { name: "Status pages" }).getByRole("link", { name: "Tour", exact: true });
  if ((await made.count()) === 0) {
    await page.goto("/status-pages/new?q=web-");
    await live(page);
    await page.getByLabel("Title of the page").fill("Tour");
    await page.getByLabel("First service").fill("Web shop");
    await page.getByRole("button", { name: "Make the page" }).click();
    await expect(page.getByRole("heading", { name: "Tour", level: 1 })).toBeVisible();
    await page.goto("/status-pages");
  }
  const path = await pathOf(made);
  return ["services", "look", "links", "notices", "preview"].map((tab) => ({
    name: `status-page-${tab}`,
    path: path.replace("services", tab),
  }));
}

/** The page of an account, as the list of users links to it. */
async function userPath(page: Page, name: string): Promise<string> {
  await page.goto("/users");
  return pathOf(page.getByRole("table", { name: "Users" }).getByRole("link", { name, exact: true }));
}

async function pathOf(link: ReturnType<Page["getByRole"]>): Promise<string> {
  return (await link.getAttribute("href")) ?? "";
}
