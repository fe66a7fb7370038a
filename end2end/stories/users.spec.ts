// Users: one is made with a right on one host, signs in by a link, sees that host only; sessions and tokens end at once.
import { makeUser, setPassword } from "../support/accounts";
import { live, openList } from "../support/pages";
import { signIn } from "../support/sign-in";
import { expect, test } from "../support/test";

const PASSWORD = "correct horse battery staple";

test("a user with a right on one host sees that host, until the session is ended", async ({ page, browser, baseURL }) => {
  const name = "otto.one-host";
  const link = await makeUser(page, name, "xen-2");
  await expect(page.getByRole("region", { name: "Grants" })).toContainText("Operator on host xen-2");

  const context = await browser.newContext({ baseURL, storageState: undefined });
  const otto = await context.newPage();
  await setPassword(otto, link, PASSWORD);
  await live(otto);
  await expect(otto.getByRole("banner").getByRole("status")).toContainText("1 host");
  await expect(otto.getByRole("treeitem", { name: "xen-1" })).toHaveCount(0);
  await otto.goto("/users");
  await expect(otto.getByText("Only administrators manage users")).toBeVisible();

  const again = await context.newPage();
  await again.goto(link);
  await again.getByLabel("Password, at least 12 characters").fill(PASSWORD);
  await again.getByLabel("The same again").fill(PASSWORD);
  await again.getByRole("button", { name: "Set the password and sign in" }).click();
  await expect(again.getByRole("alert")).toContainText("used already");
  await again.close();

  await openList(otto);
  await page.reload();
  await live(page);
  const sessions = page.getByRole("region", { name: "Sessions" });
  await expect(sessions.getByRole("row")).toHaveCount(2);
  await sessions.getByRole("button", { name: /^End the session/ }).click();
  await sessions.getByRole("button", { name: "Really?" }).click();
  await expect(sessions).toContainText("Not signed in anywhere");
  await expect(otto.getByRole("heading", { name: "Sign in" })).toBeVisible({ timeout: 15_000 });
  await signIn(otto, { name, password: PASSWORD });
  await context.close();
});

test("a reset link brings back whoever forgot the password, and disabling keeps out", async ({ page, browser, baseURL }) => {
  const name = "otto.forgot";
  await makeUser(page, name, "xen-1");
  const access = page.getByRole("region", { name: "Access" });
  await access.getByRole("button", { name: "Make a reset link" }).click();
  const link = await access.getByRole("status").locator("code").innerText();
  const context = await browser.newContext({ baseURL, storageState: undefined });
  const otto = await context.newPage();
  await setPassword(otto, link, PASSWORD);
  await live(otto);

  await access.getByRole("button", { name: "Disable" }).click();
  await expect(access).toContainText("Disabled since");
  await expect(otto.getByRole("heading", { name: "Sign in" })).toBeVisible({ timeout: 15_000 });
  await otto.goto("/login");
  await otto.getByLabel("User name").fill(name);
  await otto.getByLabel("Password").fill(PASSWORD);
  await otto.getByRole("button", { name: "Sign in" }).click();
  await expect(otto.getByRole("alert")).toContainText("do not match");
  await context.close();
});

test.describe("a refusal", () => {
  test.use({ complaints: [/status of 409/] });

  test("the last administrator stays, and the refusal says why", async ({ page }) => {
    await page.goto("/users");
    await live(page);
    await page.getByRole("table", { name: "Users" }).getByRole("link", { name: "admin", exact: true }).click();
    await page.getByRole("region", { name: "Access" }).getByRole("button", { name: "Disable" }).click();
    await expect(page.getByRole("region", { name: "Access" }).getByRole("alert")).toContainText("make another administrator first");
  });
});

test.describe("whoever is no administrator", () => {
  test.use({ as: "operator" });

  test("makes a token for a script and revokes it, by keyboard", async ({ page, request }) => {
    await page.goto("/account");
    await live(page);
    const tokens = page.getByRole("region", { name: "API tokens" });
    await tokens.getByText("Make a token…").focus();
    await page.keyboard.press("Enter");
    await tokens.getByLabel("What it is for").focus();
    await page.keyboard.type("story");
    await page.keyboard.press("Enter");
    await expect(tokens.getByRole("status")).toContainText("The token was made");
    const secret = await tokens.getByRole("status").locator("code").innerText();
    expect(secret).toMatch(/^wxa_/);
    const ask = () => request.get("/api/v1/session", { headers: { authorization: `Bearer ${secret}` } });
    expect((await ask()).status()).toBe(200);
    await expect(tokens.getByRole("table")).toContainText("Viewer everywhere");

    await tokens.getByRole("button", { name: "Revoke story" }).focus();
    await page.keyboard.press("Enter");
    await expect(tokens.getByRole("button", { name: "For good?" })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(tokens).toContainText("None.");
    expect((await ask()).status()).toBe(401);
  });
});

test("one's own password is changed with the old one", async ({ page, browser, baseURL }) => {
  const name = "otto.careful";
  const link = await makeUser(page, name, "xen-1");
  const context = await browser.newContext({ baseURL, storageState: undefined });
  const otto = await context.newPage();
  await setPassword(otto, link, PASSWORD);
  await otto.goto("/account");
  await live(otto);
  const card = otto.getByRole("region", { name: "Password" });
  const change = async (old: string) => {
    await card.getByLabel("The one until now").fill(old);
    await card.getByLabel("A new one, at least 12 characters").fill(`${PASSWORD} 2`);
    await card.getByLabel("The new one again").fill(`${PASSWORD} 2`);
    await card.getByRole("button", { name: "Change password" }).click();
  };
  await change("not this one");
  await expect(card.getByRole("alert")).toContainText("not your password");
  await change(PASSWORD);
  await expect(otto.getByText("Your password was changed")).toBeVisible();
  await context.close();
});
