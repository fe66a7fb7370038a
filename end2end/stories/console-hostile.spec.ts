// A guest asks the terminal who it is, wants the clipboard, another title and a link: nobody answers, now or when it is replayed.
import { openVm } from "../support/pages";
import { Terminal } from "../support/terminal";
import { expect, test } from "../support/test";

const GUEST = "proxy-01";

/** Where is the cursor, what are you, which modes, sizes and colours, tell me of the focus; a title, the clipboard, a link. */
const QUESTIONS = [
  "[6n", "[?6n", "[c", "[>c", "[=c", "[?25$p", "[4$p", "[14t", "[18t", "[>q", "[?1004h", "P$qm\\033\\\\",
  "]4;1;?\\007", "]10;?\\007", "]52;c;?\\007", "]52;c;aGFja2Vk\\007", "]0;hacked\\007", "]8;;https://evil.example/\\007", "]8;;\\007",
];

test("a guest is not answered by the terminal itself", async ({ page }) => {
  const typed: string[] = [];
  page.on("websocket", (socket) => {
    if (!socket.url().includes("/console")) return;
    socket.on("framesent", ({ payload }) => {
      if (typeof payload !== "string") typed.push(payload.toString("latin1"));
    });
  });
  await openVm(page, GUEST);
  const terminal = await Terminal.open(page);
  await terminal.logIn();
  const half = Math.ceil(QUESTIONS.length / 2);
  for (const [round, some] of [QUESTIONS.slice(0, half), QUESTIONS.slice(half)].entries()) {
    typed.length = 0;
    const questions = some.map((question) => `\\033${question}`).join("");
    const lines = [`printf '${questions}'`, `echo nobody-'answered'-${round}`];
    for (const line of lines) await terminal.type(line);
    await terminal.shows(`nobody-answered-${round}`);
    expect(typed.join("")).toBe(lines.map((line) => `${line}\r`).join(""));
  }
  await expect(page).toHaveTitle(new RegExp(GUEST));

  typed.length = 0;
  await page.reload();
  const again = await Terminal.attach(page);
  await again.shows("nobody-answered-1");
  await again.type("echo still-'nobody'");
  await again.shows("still-nobody");
  expect(typed.join("")).toBe("echo still-'nobody'\r");
});
