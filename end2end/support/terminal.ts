// A guest's console as a screen reader hears it: the accessible copy of the terminal's screen.
import { expect, type Locator, type Page } from "@playwright/test";
import { openTab } from "./pages";

export class Terminal {
  private constructor(
    private readonly page: Page,
    readonly region: Locator,
  ) {}

  /** Opens the Console tab of the VM's page that is shown. */
  static async open(page: Page): Promise<Terminal> {
    await openTab(page, "Console");
    return Terminal.attach(page);
  }

  /** The console that is on the page already. */
  static async attach(page: Page): Promise<Terminal> {
    const terminal = new Terminal(page, page.getByRole("region", { name: "Serial console" }));
    await expect(terminal.input).toBeAttached({ timeout: 20_000 });
    await terminal.region.getByLabel("Look and help", { exact: true }).click();
    const aloud = terminal.region.getByRole("button", { name: "Screen reader" });
    // The account keeps it: it may be on since an earlier page.
    if ((await aloud.getAttribute("aria-pressed")) === "true") await page.keyboard.press("Escape");
    else await aloud.click();
    await expect(terminal.screen).toBeAttached();
    return terminal;
  }

  get input(): Locator {
    return this.region.getByRole("textbox", { name: "Terminal input" });
  }

  get screen(): Locator {
    return this.region.locator("[data-keys=guest]").getByRole("list").first();
  }

  get status(): Locator {
    return this.region.getByRole("status");
  }

  /** Waits until the screen shows `text`. */
  async shows(text: string | RegExp, timeout = 20_000): Promise<void> {
    await expect(this.screen).toContainText(text, { timeout });
  }

  /** Types a line. */
  async type(line: string): Promise<void> {
    await this.input.focus();
    await this.page.keyboard.type(line);
    await this.page.keyboard.press("Enter");
  }

  /** All that is kept of what was printed, downloaded as text. */
  async past(): Promise<string> {
    await this.region.getByLabel("Download", { exact: true }).click();
    const coming = this.page.waitForEvent("download");
    await this.region.getByRole("link", { name: "As text" }).click();
    const download = await coming;
    const stream = await download.createReadStream();
    let text = "";
    for await (const piece of stream) text += String(piece);
    return text;
  }

  /** Pastes through the dialog, which shows the text first (or hides it, where the guest asks for a secret). */
  async paste(text: string, pace: string): Promise<void> {
    await this.page.evaluate((text) => navigator.clipboard.writeText(text), text);
    await this.region.getByRole("button", { name: "Paste…" }).click();
    const dialog = this.page.getByRole("dialog", { name: "Type this into the guest" });
    await dialog.getByLabel("Pace").selectOption({ label: pace });
    await dialog.getByRole("button", { name: "Type it" }).click();
    await expect(dialog).toBeHidden();
  }

  /** Signs in at a simulated guest's prompt. */
  async logIn(): Promise<void> {
    await this.shows(/login: *$|login:\s/, 30_000);
    await this.type("root");
    await this.shows("Password:");
    await this.type("guest");
    await this.shows(/root@\S+:~#/);
  }
}
