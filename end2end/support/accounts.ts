// Accounts of a story's own.
import { expect, type Page } from "@playwright/test";
import { live } from "./pages";
import { signedIn } from "./sign-in";

/** Makes a user who operates one host; returns the link that an administrator sends him. */
export async function makeUser(page: Page, name: string, host: string): Promise<string> {
  await page.goto("/users");
  await live(page);
  await page.getByRole("link", { name: "New user" }).click();
  await page.getByLabel("User name").fill(name);
  await page.getByLabel("Role", { exact: true }).selectOption("operator");
  await page.getByLabel("Where", { exact: true }).selectOption("host");
  await page.getByLabel("Host", { exact: true }).selectOption({ label: host });
  await page.getByRole("button", { name: "Make the user" }).click();
  const shown = page.getByRole("main").getByRole("status").filter({ hasText: "The user was made" });
  const link = await shown.locator("code").innerText();
  await page.getByRole("button", { name: "Done, hide it" }).click();
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
  return link;
}

/** The preferences of the account that is signed in are those of a new one, whatever earlier stories chose for it. */
export async function forgetPreferences(page: Page, baseURL: string): Promise<void> {
  const reply = await page.request.put("/api/v1/preferences", { data: {}, headers: { origin: baseURL } });
  expect(reply.ok()).toBe(true);
}

/** What the owner of a link does with it. */
export async function setPassword(page: Page, link: string, password: string): Promise<void> {
  await page.goto(link);
  await page.getByLabel("Password, at least 12 characters").fill(password);
  await page.getByLabel("The same again").fill(password);
  await page.getByRole("button", { name: "Set the password and sign in" }).click();
  await signedIn(page);
}
