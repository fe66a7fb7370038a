// Pasting into a guest: shown before, typed at its pace, masked where it is a secret; and keys that a keyboard may lack.
import { openVm } from "../support/pages";
import { Terminal } from "../support/terminal";
import { expect, test } from "../support/test";

const LINES = ["echo first-'line'", "echo second-'line'", "echo third-'line'"];

test("several lines are shown before they are typed, one after the other", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openVm(page, "mail-03");
  const terminal = await Terminal.open(page);
  await terminal.logIn();
  await page.evaluate((text) => navigator.clipboard.writeText(text), `${LINES.join("\n")}\n`);
  await terminal.region.getByRole("button", { name: "Paste…" }).click();
  const dialog = page.getByRole("dialog", { name: "Type this into the guest" });
  await expect(dialog.getByLabel("Text to type")).toHaveValue(`${LINES.join("\n")}\n`);
  await expect(dialog.getByRole("status")).toContainText("3 lines");
  await expect(dialog).toContainText("a shell runs it at once");
  await dialog.getByLabel("Pace").selectOption({ label: "Line by line, 0.1 s between them" });
  await dialog.getByRole("button", { name: "Type it" }).click();
  await expect(dialog).toBeHidden();
  for (const word of ["first-line", "second-line", "third-line"]) await terminal.shows(word);
});

test("what the browser pastes by itself is shown too, unless it is a short line", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openVm(page, "mail-03");
  const terminal = await Terminal.open(page);
  const paste = (text: string) =>
    terminal.input.evaluate((field, text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", text);
      field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    }, text);
  const dialog = page.getByRole("dialog", { name: "Type this into the guest" });
  await paste("one\ntwo\u001b[31m\n");
  await expect(dialog.getByRole("status")).toContainText("1 control character is left out");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(terminal.input).toBeFocused();
  await paste("shortline");
  await terminal.shows("shortline");
  await expect(dialog).toBeHidden();
});

test("a secret is not shown, and a long paste can be stopped", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openVm(page, "mail-03");
  const terminal = await Terminal.open(page);
  await page.evaluate(() => navigator.clipboard.writeText("correct horse"));
  await terminal.region.getByRole("button", { name: "Paste…" }).click();
  const dialog = page.getByRole("dialog", { name: "Type this into the guest" });
  await dialog.getByLabel("It is a secret: do not show it").check();
  await expect(dialog.getByLabel("Text to type")).toHaveAttribute("type", "password");
  await expect(dialog).not.toContainText("correct horse");
  await dialog.getByRole("button", { name: "Cancel" }).click();

  await page.evaluate(() => navigator.clipboard.writeText("# comment\n".repeat(200)));
  await terminal.region.getByRole("button", { name: "Paste…" }).click();
  await dialog.getByLabel("Pace").selectOption({ label: "Line by line, 2 s between them" });
  await dialog.getByRole("button", { name: "Type it" }).click();
  await expect(terminal.region.getByText(/Typing \d+ %/)).toBeVisible();
  await terminal.region.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(terminal.region.getByText(/Typing \d+ %/)).toBeHidden();
});

test("a paste that was stopped does not go on in the next one", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openVm(page, "mail-03");
  const terminal = await Terminal.open(page);
  await terminal.logIn();
  const lines = (word: string) =>
    Array.from({ length: 8 }, (_, n) => `echo ${word}-'${n.toString()}'\n`).join("");
  await terminal.paste(lines("stopped"), "Line by line, 2 s between them");
  await terminal.shows("stopped-0");
  await terminal.region.getByRole("button", { name: "Stop", exact: true }).click();
  // Its next line would come in the middle of these.
  await terminal.paste(lines("another"), "Line by line, half a second between them");
  await terminal.shows("another-7");
  await expect(terminal.screen).not.toContainText("stopped-1");
});

test("Ctrl of the bar is for one key @phone", async ({ page }) => {
  await openVm(page, "git-02");
  const terminal = await Terminal.open(page);
  await terminal.shows("login:");
  const keys = terminal.region.getByRole("toolbar", { name: "Keys for the guest" });
  const ctrl = keys.getByRole("button", { name: "Ctrl for the next key" });
  await ctrl.tap();
  await expect(ctrl).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.type("c");
  await terminal.shows(/\^C/);
  await expect(ctrl).toHaveAttribute("aria-pressed", "false");
});
