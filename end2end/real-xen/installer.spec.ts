// A program in a real guest that asks as installers do, throwing away what was typed before its questions: answered by paced paste.
import { createHash } from "node:crypto";
import { act, openVm } from "../support/pages";
import { halted, SLOW, withHosts } from "../support/real";
import { expect, test } from "../support/test";
import { Terminal } from "../support/terminal";

test.use({ as: "" });
test.setTimeout(420_000);

const ANSWERS = "web-01\nexample.org\n";
const SECRET = "correct horse 42";

test("an installer's questions are answered by a paste that is paced, and by a secret that nobody sees", async ({ browser }) => {
  await halted("A", "pvh");
  await withHosts(browser, ["A"], async ({ page }) => {
    try {
      await openVm(page, "pvh");
      await act(page, "Start").click();
      const terminal = await Terminal.open(page);
      await terminal.shows("pvh:~#", SLOW);

      await test.step("pasted at once, the second answer is thrown away", async () => {
        await terminal.type("installer");
        await terminal.shows("Host name:", SLOW);
        await terminal.paste(ANSWERS, "At once");
        await terminal.shows("Domain:", SLOW);
        await terminal.type("by.hand");
        await terminal.shows("Domain: by.hand", SLOW);
        await terminal.shows("Root password:", SLOW);
        await page.keyboard.press("Control+c");
        // The guest throws away what is typed before it has acted on that key.
        await terminal.shows(/Root password:.*pvh:~#/s, SLOW);
        await terminal.type("clear");
        await expect(terminal.screen).not.toContainText("Domain:", { timeout: SLOW });
      });

      await test.step("paced, both answers are taken", async () => {
        await terminal.type("installer");
        await terminal.shows("Host name:", SLOW);
        await terminal.paste(ANSWERS, "Line by line, 2 s between them");
        await terminal.shows("Domain: example.org", SLOW);
        await terminal.shows("Root password:", SLOW);
        await expect(terminal.region.getByText(/Typing \d+ %/)).toBeHidden();
      });

      await test.step("the password is pasted without being shown", async () => {
        await page.evaluate((text) => navigator.clipboard.writeText(text), SECRET);
        await terminal.region.getByRole("button", { name: "Paste…" }).click();
        const dialog = page.getByRole("dialog", { name: "Type this into the guest" });
        await expect(dialog.getByLabel("It is a secret: do not show it")).toBeChecked();
        await expect(dialog.getByLabel("Press Enter")).toBeChecked();
        await expect(dialog.getByLabel("Text to type")).toHaveAttribute("type", "password");
        await expect(dialog).not.toContainText(SECRET);
        await dialog.getByRole("button", { name: "Type it" }).click();
        await expect(dialog).toBeHidden();
        await terminal.shows("Erase the disk and install", SLOW);
        await terminal.type("yes");
        const sum = createHash("sha256").update(SECRET).digest("hex").slice(0, 12);
        await terminal.shows(`installer: web-01.example.org, password ${sum}, sure: yes`, SLOW);
        expect(await terminal.past()).not.toContain(SECRET);
      });
    } finally {
      await halted("A", "pvh");
    }
  });
});
