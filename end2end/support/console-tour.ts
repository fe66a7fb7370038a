// The console's panels, and the page of a guest link, in all their states: for pictures and for axe.
import { expect, type Browser, type BrowserContextOptions, type Page } from "@playwright/test";
import { account } from "./demo";
import { live, openList, row } from "./pages";
import { signIn } from "./sign-in";
import { Terminal } from "./terminal";

/** What is done at each stop. */
export type Look = (page: Page, name: string) => Promise<void>;

type Link = { id: string; path: string };

/** The panels around the terminal of `vm`, one after the other. */
export async function consoleTour(page: Page, browser: Browser, vm: string, options: BrowserContextOptions, look: Look): Promise<void> {
  const id = await idOf(page, vm);
  await page.goto(`/vms/${id}/console`);
  await live(page);
  const terminal = await ready(page);
  const { region } = terminal;

  await region.getByRole("button", { name: "Search what was printed" }).click();
  const side = region.getByRole("complementary", { name: "Search what was printed" });
  await side.getByRole("searchbox").fill("linux");
  await page.keyboard.press("Enter");
  const hit = side.getByRole("listitem").first().getByRole("button");
  await expect(hit).toBeVisible({ timeout: 20_000 });
  await look(page, "console-search");
  await hit.click();
  await side.getByRole("button", { name: "Close" }).click();
  const past = page.getByRole("region", { name: "What was printed before" });
  await expect(past.getByRole("status")).toContainText("in the past", { timeout: 20_000 });
  await look(page, "console-past");
  await past.getByRole("button", { name: "Back to now" }).click();

  await region.getByRole("button", { name: /^\d+ boots?$/ }).click();
  const boots = region.getByRole("complementary", { name: "Boots and events" });
  await expect(boots.getByRole("listitem").first()).toBeVisible();
  await look(page, "console-boots");
  await boots.getByRole("button", { name: "Close" }).click();

  await region.getByRole("button", { name: "Paste…" }).click();
  const paste = page.getByRole("dialog", { name: "Type this into the guest" });
  await paste.getByLabel("Text to type").fill("apt-get update\napt-get install -y nginx\nsystemctl status nginx --no-pager\n");
  await look(page, "console-paste");
  await paste.getByRole("button", { name: "Cancel" }).click();

  await region.getByRole("button", { name: "Guest links" }).click();
  const share = page.getByRole("dialog", { name: "Guest links" });
  await share.getByLabel("For whom").fill("Supplier");
  await share.getByRole("button", { name: "Make the link" }).click();
  await expect(share.getByRole("button", { name: "Take back the link for Supplier" })).toBeVisible();
  await look(page, "console-share");
  await share.getByRole("button", { name: "Take back the link for Supplier" }).click();
  await expect(share).toContainText("No link is open.");
  await share.getByRole("button", { name: "Close" }).click();

  // Others at the same console: one who waits for the keyboard, and one who may only watch.
  await terminal.type("");
  for (const name of ["operator", "viewer"]) {
    const context = await browser.newContext({ ...options, storageState: undefined });
    const other = await context.newPage();
    await signIn(other, account(name));
    await other.goto(`/vms/${id}/console`);
    await ready(other);
    await expect(region.getByRole("list", { name: "People at this console" })).toContainText(name);
    await look(other, `console-${name}`);
    if (name === "operator") {
      await other.getByRole("button", { name: "Ask for the keyboard" }).click();
      await expect(region).toContainText("operator asks for the keyboard");
      await look(page, "console-asked");
    }
    await context.close();
  }

  await page.goto(`/vms/${id}/console/window`);
  await ready(page);
  await look(page, "console-window");
}

/** The page of a guest link: as it is drawn before any script, while its guest watches and types, and when it was taken back. */
export async function guestTour(page: Page, browser: Browser, vm: string, options: BrowserContextOptions, look: Look): Promise<void> {
  const id = await idOf(page, vm);
  const enter = async (link: Link, scripts: "with scripts" | "without" = "with scripts") => {
    const context = await browser.newContext({ ...options, storageState: undefined });
    if (scripts === "without") await context.route(/\.m?js$/, (route) => route.abort());
    const guest = await context.newPage();
    await guest.goto(link.path);
    return guest;
  };
  const watching = await makeLink(page, id, false);
  const drawn = await enter(watching, "without");
  await look(drawn, "guest-drawn");
  await drawn.context().close();

  const watcher = await enter(watching);
  await expect((await connected(watcher)).region).toContainText("You may watch this console, not type into it.");
  await look(watcher, "guest-watches");

  const typing = await makeLink(page, id, true);
  const typist = await enter(typing);
  const terminal = await connected(typist);
  await expect(terminal.region.getByRole("list", { name: "People at this console" })).toBeVisible();
  await terminal.type("");
  await terminal.shows("login:");
  await look(typist, "guest-types");
  await typist.context().close();

  for (const link of [watching, typing]) await takeBack(page, link);
  await expect(watcher.getByText("This link has ended.")).toBeVisible();
  await look(watcher, "guest-ended");
  await watcher.reload();
  await expect(watcher.getByText("This link opens nothing")).toBeVisible();
  await look(watcher, "guest-gone");
  await watcher.context().close();
}

/** The console on the page, connected, with what its guest printed. */
async function ready(page: Page): Promise<Terminal> {
  const terminal = await connected(page);
  await terminal.shows("login:");
  return terminal;
}

/** The console on the page, connected. Who comes by a link sees what is printed from then on. */
async function connected(page: Page): Promise<Terminal> {
  const terminal = await Terminal.attach(page);
  await expect(terminal.status.first()).toContainText("Connected", { timeout: 20_000 });
  return terminal;
}

async function idOf(page: Page, vm: string): Promise<string> {
  await openList(page, vm);
  const path = await row(page, vm).getByRole("link", { name: vm, exact: true }).getAttribute("href");
  return path?.split("/")[2] ?? "";
}

async function makeLink(page: Page, vm: string, typing: boolean): Promise<Link> {
  const data = { name: "Supplier", minutes: 60, typing };
  const reply = await page.request.post(`/api/v1/vms/${vm}/console/links`, { data, headers: { origin: new URL(page.url()).origin } });
  const made = (await reply.json()) as { link: { id: string }; path: string };
  return { id: made.link.id, path: made.path };
}

async function takeBack(page: Page, link: Link): Promise<void> {
  await page.request.delete(`/api/v1/console-links/${link.id}`, { headers: { origin: new URL(page.url()).origin } });
}
