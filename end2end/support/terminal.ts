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
    await terminal.region.getByRole("button", { name: "Screen reader" }).click();
    await expect(terminal.screen).toBeAttached();
    return terminal;
  }

  get input(): Locator {
    return this.region.getByRole("textbox", { name: "Terminal input" });
  }

  get screen(): Locator {
    return this.region.getByRole("list").first();
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

  /** Signs in at a simulated guest's prompt. */
  async logIn(): Promise<void> {
    await this.shows(/login: *$|login:\s/, 30_000);
    await this.type("root");
    await this.shows("Password:");
    await this.type("guest");
    await this.shows(/root@\S+:~#/);
  }
}
