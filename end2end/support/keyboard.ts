// The keyboard of a console that two people look at: one types, it is asked for, handed over and taken back.
import { expect, test } from "@playwright/test";
import type { Terminal } from "./terminal";

type AtConsole = { terminal: Terminal; name: string };

/** `me` is an administrator, is at a shell and has the keyboard; `other` operates the guest. Ends as it began. */
export async function handKeyboardOver(me: AtConsole, other: AtConsole): Promise<void> {
  const [mine, theirs] = [me.terminal, other.terminal];
  await expect(mine.region).toContainText("You have the keyboard.");
  await expect(theirs.region).toContainText(`${me.name} has the keyboard.`);

  await test.step("what the other one types goes nowhere, and is said to", async () => {
    await theirs.type("echo typed-in-'vain'");
    await expect(theirs.region).toContainText(`Not typed: ${me.name} has the keyboard.`);
    await mine.type("echo still-'mine'");
    await theirs.shows("still-mine");
    await expect(mine.screen).not.toContainText("typed-in-vain");
  });
  await test.step("it is asked for and handed over", async () => {
    await theirs.region.getByRole("button", { name: "Ask for the keyboard" }).click();
    await expect(mine.region).toContainText(`${other.name} asks for the keyboard`);
    await mine.region.getByRole("button", { name: `Hand the keyboard over to ${other.name}` }).click();
    await expect(theirs.region).toContainText("You have the keyboard.");
    await theirs.type("echo now-'theirs'");
    await mine.shows("now-theirs");
  });
  await test.step("an administrator takes it, an operator cannot", async () => {
    await mine.region.getByRole("button", { name: "Take the keyboard" }).click();
    await expect(mine.region).toContainText("You have the keyboard.");
    await expect(theirs.region.getByRole("button", { name: "Take the keyboard" })).toBeHidden();
  });
}
