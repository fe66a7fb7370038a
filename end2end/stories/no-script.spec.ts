// Without JavaScript: signing in, reading the list and a VM's page, signing out.
import { account } from "../support/demo";
import { row } from "../support/pages";
import { signIn } from "../support/sign-in";
import { expect, test } from "../support/test";

test.use({ as: "", javaScriptEnabled: false });

test("the list is readable without JavaScript", async ({ page }) => {
  await page.goto("/vms");
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await signIn(page, account("viewer"));
  await expect(page.getByRole("heading", { name: "What is busy" })).toBeVisible();
  await page.goto("/vms");

  await expect(row(page, "web-02")).toContainText("Running");
  await expect(row(page, "web-02")).toContainText(/\d+ [MG]iB|GB/);
  await page.getByRole("search").getByRole("searchbox").fill("web-02");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("table", { name: "VMs" }).getByRole("row")).toHaveCount(2);

  await row(page, "web-02").getByRole("link", { name: "web-02" }).click();
  await expect(page.getByRole("heading", { name: "web-02", level: 1 })).toBeVisible();
  await expect(page.getByText("/etc/xen/web-02.cfg")).toBeVisible();

  await page.getByLabel("Account: viewer").click();
  await page.getByRole("link", { name: "Help" }).click();
  await expect(page.getByRole("heading", { name: "Help", level: 1 })).toBeVisible();
  await expect(page.getByRole("region", { name: "Words" })).toContainText("The number Xen gives to a domain");
  await expect(page.getByRole("region", { name: "Keys" })).toContainText("search or act");
  await page.getByRole("region", { name: "Filters" }).getByRole("link", { name: "host:xen-1", exact: true }).click();
  await expect(page.getByRole("table", { name: "VMs" }).getByRole("row").nth(1)).toContainText("xen-1");

  await page.getByLabel("Account: viewer").click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await page.goto("/vms");
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("a wrong password is refused in words", async ({ page }) => {
  await page.goto("/login");
  await page.getByLabel("User name").fill("viewer");
  await page.getByLabel("Password").fill("not this one");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toContainText("do not match");
});
