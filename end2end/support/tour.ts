// Every page there is, by name and address.
import type { Page } from "@playwright/test";
import { openList, row } from "./pages";

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
    { name: "tasks", path: "/tasks" },
    { name: "tasks-nothing-found", path: "/tasks?by=nobody" },
    { name: "audit", path: "/audit" },
    { name: "users", path: "/users" },
    { name: "user-add", path: "/users/add" },
    { name: "user", path: await userPath(page, "operator") },
    { name: "your-account", path: "/account" },
    { name: "audit-filtered", path: "/audit?what=host_add" },
    { name: "system", path: "/system" },
    { name: "settings", path: "/settings" },
    { name: "help", path: "/help" },
    { name: "not-found", path: "/nowhere" },
    { name: "console", path: vmPath.replace("overview", "console") },
  ];
}

/** The page of an account, as the list of users links to it. */
async function userPath(page: Page, name: string): Promise<string> {
  await page.goto("/users");
  return pathOf(page.getByRole("table", { name: "Users" }).getByRole("link", { name, exact: true }));
}

async function pathOf(link: ReturnType<Page["getByRole"]>): Promise<string> {
  return (await link.getAttribute("href")) ?? "";
}
