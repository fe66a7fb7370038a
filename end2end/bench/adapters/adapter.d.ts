// What an adapter of the bench is: all that the measuring script knows of a product's page. README.md says more.
import type { Page } from "@playwright/test";

export interface Adapter {
  /** The product's name, for the report. */
  name: string;
  /** Opens the sign-in page and fills it, up to the last click. */
  signIn(page: Page, account: { base: string; user: string; password: string }): Promise<void>;
  /** The last click or key: its time is where the clock starts. Must not wait for what follows. */
  submit(page: Page): Promise<void>;
  /** After the first row was seen, without a clock: closes greetings, sorts by name, ascending. Optional. */
  settle?(page: Page): Promise<void>;
  /** CSS selector of a VM's row (or card) in the list. */
  rowSelector: string;
  /** The VM's name as a row shows it. Runs in the page: it may use nothing from outside itself. */
  rowName(row: Element): string;
  /** Whether the page follows what is typed and what happens. Runs in the page. Without it: as soon as a row is there. */
  isInteractive?(): boolean;
  /** CSS selector of the field that filters the list by name. Without it nothing is typed. */
  filterBox?: string;
  /** CSS selector of the element that scrolls the list. Without it the document. */
  scroller?: string;
}
