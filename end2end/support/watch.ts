// Listens to everything a page could complain about: broken policy, errors, and requests that leave this machine.
import { expect, type BrowserContext, type Page } from "@playwright/test";

export class Watch {
  readonly heard: string[] = [];

  constructor(
    private readonly context: BrowserContext,
    private readonly allowed: RegExp[],
  ) {}

  async start(): Promise<void> {
    // Violations are told to the page only: an init script, which the policy does not bind, hands them on.
    await this.context.exposeBinding("heardViolation", (_, what: string) => this.hear(`policy violation: ${what}`));
    await this.context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        const tell = (window as unknown as { heardViolation(what: string): void }).heardViolation;
        tell(`${event.violatedDirective} blocked ${event.blockedURI || "inline"} at ${event.sourceFile}:${event.lineNumber}`);
      });
    });
    this.context.pages().forEach((page) => this.follow(page));
    this.context.on("page", (page) => this.follow(page));
    this.context.on("request", (request) => {
      const url = new URL(request.url());
      const local = ["127.0.0.1", "localhost"].includes(url.hostname) || ["data:", "blob:"].includes(url.protocol);
      if (!local) this.hear(`request to ${request.url()}`);
    });
  }

  /** Fails when something was heard. */
  check(where = "at the end"): void {
    expect.soft(this.heard, `what browsers complained about ${where}`).toEqual([]);
    this.heard.length = 0;
  }

  private follow(page: Page): void {
    page.on("pageerror", (error) => this.hear(`page error: ${error.message}`));
    page.on("console", (message) => {
      // A page that is not there is a page too, and its status is right.
      if (message.type() === "error" && !message.location().url.endsWith("/nowhere")) this.hear(`console error: ${message.text()} (${message.location().url})`);
    });
  }

  private hear(what: string): void {
    if (!this.allowed.some((allowed) => allowed.test(what))) this.heard.push(what);
  }
}
