// What a console told of its guest, as links lead to it.
import { expect, type Locator, type Page } from "@playwright/test";
import { live } from "./pages";

/** Follows a link that says "panicked": the past opens at the very line in which the kernel gave up. */
export async function opensAtPanic(page: Page, panicked: Locator): Promise<void> {
  await expect(panicked).toHaveAttribute("href", /\/console\?at=(pv:|serial:)?\d+$/);
  await panicked.click();
  await live(page);
  const past = page.getByRole("region", { name: "What was printed before" });
  await expect(past).toBeVisible({ timeout: 20_000 });
  const shown = await page.request.get(`${new URL(page.url()).pathname}/history`.replace("/vms/", "/api/v1/vms/") + `?from=${new URL(page.url()).searchParams.get("at")?.split(":").pop()}`);
  const [piece] = ((await shown.json()) as { pieces: { base64: string }[] }).pieces;
  expect(Buffer.from(piece!.base64, "base64").toString()).toMatch(/^[^\n]*Kernel panic - not syncing/);
}
