// A session ends while its pages are open: each goes to the sign-in, which says why and leads back.
import { account } from "../support/demo";
import { openVm } from "../support/pages";
import { signIn } from "../support/sign-in";
import { Terminal } from "../support/terminal";
import { expect, test } from "../support/test";

test.use({ as: "" });

test("an open console says that its session ended, and is come back to", async ({ page, context }) => {
  await signIn(page, account("operator"));
  await openVm(page, "web-01");
  await Terminal.open(page);
  const address = new URL(page.url()).pathname;

  const other = await context.newPage();
  await other.goto("/vms");
  await other.getByLabel("Account: operator").click();
  await other.getByRole("button", { name: "Sign out" }).click();
  await expect(other.getByRole("heading", { name: "Sign in" })).toBeVisible();

  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect(page.getByRole("alert")).toContainText("You were signed out");
  await page.getByLabel("User name").fill(account("operator").name);
  await page.getByLabel("Password").fill(account("operator").password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(new RegExp(`${address}$`));
});
