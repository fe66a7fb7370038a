// Several people at one console: one types, the keyboard goes from hand to hand, and a guest without an account watches by a link.
import { account } from "../support/demo";
import { handKeyboardOver } from "../support/keyboard";
import { openVm } from "../support/pages";
import { signIn } from "../support/sign-in";
import { Terminal } from "../support/terminal";
import { expect, test } from "../support/test";

const SHARED = "vpn-01";
const SHOWN = "search-01";

test("two browsers share a console and hand over its keyboard", async ({ page, browser, baseURL }) => {
  const other = await browser.newContext({ baseURL, storageState: undefined });
  const second = await other.newPage();
  await signIn(second, account("operator"));
  await openVm(page, SHARED);
  await openVm(second, SHARED);
  const mine = await Terminal.open(page);
  const theirs = await Terminal.open(second);
  await mine.logIn();
  await test.step("what types for them says why it does not", async () => {
    await expect(mine.region).toContainText("You have the keyboard.");
    await expect(theirs.region).toContainText("admin has the keyboard.");
    const paste = theirs.region.getByRole("button", { name: "Paste…" });
    await expect(paste).toHaveAttribute("aria-disabled", "true");
    await expect(paste).toHaveAttribute("title", "admin has the keyboard. Ask for it to type.");
    await expect(theirs.region.getByRole("button", { name: "Tab", exact: true })).toHaveAttribute("aria-disabled", "true");
    await paste.click({ force: true });
    await expect(second.getByRole("dialog", { name: "Type this into the guest" })).toBeHidden();
    await expect(theirs.region).toContainText("Not typed: admin has the keyboard.");
    await expect(mine.region.getByRole("button", { name: "Paste…" })).not.toHaveAttribute("aria-disabled");
  });
  await handKeyboardOver({ terminal: mine, name: "admin" }, { terminal: theirs, name: "operator" });
  await test.step("who leaves leaves it behind", async () => {
    await theirs.region.getByRole("button", { name: "Ask for the keyboard" }).click();
    await page.goto("/overview");
    await expect(theirs.region.getByRole("button", { name: "Ask no more" })).toBeHidden();
    await theirs.type("echo after-'all'");
    await theirs.shows("after-all");
  });
  await other.close();
});

test("a guest link watches one console, and is taken back", async ({ page, browser, baseURL }) => {
  await openVm(page, SHOWN);
  const mine = await Terminal.open(page);
  await mine.type("");

  await mine.region.getByRole("button", { name: "Guest links" }).click();
  const dialog = page.getByRole("dialog", { name: "Guest links" });
  await dialog.getByLabel("For whom").fill("Supplier");
  await dialog.getByRole("button", { name: "Make the link" }).click();
  const link = await dialog.getByText(/\/c\/[\w-]{43}$/).innerText();
  await dialog.getByRole("button", { name: "Done, hide it" }).click();

  const stranger = await browser.newContext({ baseURL, storageState: undefined });
  const outside = await stranger.newPage();
  await outside.goto(link);
  await expect(outside.getByRole("heading", { name: SHOWN, level: 1 })).toBeVisible();
  const theirs = await Terminal.attach(outside);
  await expect(theirs.region).toContainText("You may watch this console, not type into it.");
  // Without an account to keep it: for this page.
  await theirs.region.getByLabel("Look and help", { exact: true }).click();
  await theirs.region.getByRole("button", { name: "Larger letters" }).click();
  await expect(theirs.region.getByRole("group", { name: /^Letter size/ })).toContainText("14");
  await outside.keyboard.press("Escape");
  await expect(outside.getByRole("navigation")).toHaveCount(0);
  for (const name of ["Paste…", "Tab", "Ctrl for the next key"]) {
    await expect(theirs.region.getByRole("button", { name, exact: true })).toBeHidden();
  }
  await dialog.getByRole("button", { name: "Close" }).click();
  await expect(mine.region.getByRole("list", { name: "People at this console" })).toContainText("Supplier guest, only watches");
  await mine.type("shown-to-guests");
  await theirs.shows("shown-to-guests");

  await mine.region.getByRole("button", { name: "Guest links" }).click();
  await dialog.getByRole("button", { name: "Take back the link for Supplier" }).click();
  await expect(dialog).toContainText("No link is open.");
  await expect(theirs.status).toContainText("This link has ended.");
  await expect(outside.getByRole("banner")).not.toContainText("You may watch.");
  const gone = await outside.goto(link);
  expect(gone?.status()).toBe(404);
  await expect(outside.getByText("This link opens nothing")).toBeVisible();
  await stranger.close();
});
