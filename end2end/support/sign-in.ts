// The ways in: by password, by one-time link, and at the first run.
import { expect, type Page } from "@playwright/test";
import type { Account } from "./demo";

export async function signIn(page: Page, account: Pick<Account, "name" | "password">): Promise<void> {
  await page.goto("/login");
  await page.getByLabel("User name").fill(account.name);
  await page.getByLabel("Password").fill(account.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await signedIn(page);
}

/** The overview opens first: its heading says how things are, or only what it is while there is no host. */
export async function signedIn(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { name: /run$|^Overview$/, level: 1 })).toBeVisible();
}

export async function signInByLink(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByRole("button", { name: "Sign in" }).click();
  await signedIn(page);
}

/** Makes the first administrator, at the address that the server printed. */
export async function firstRun(page: Page, link: string, account: Pick<Account, "name" | "password">): Promise<void> {
  await page.goto(link);
  await expect(page.getByRole("heading", { name: "Make the first administrator" })).toBeVisible();
  await page.getByLabel("User name").fill(account.name);
  await page.getByLabel("Password, at least 12 characters").fill(account.password);
  await page.getByLabel("The same again").fill(account.password);
  await page.getByRole("button", { name: "Make the account and sign in" }).click();
  await signedIn(page);
}
