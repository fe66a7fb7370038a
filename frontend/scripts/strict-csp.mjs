// An esbuild plugin: makes xterm.js fit a strict style policy, without a copy of it in this repository.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const HELPER = fileURLToPath(new URL("../js/strict-style.mjs", import.meta.url));

// Both spellings are of @xterm/xterm 6.0; a new version that has neither stops the build here rather than in a browser.
const CHANGES = [
  { what: 'createElement("style")', find: /([\w.]+)\.createElement\("style"\)/g, put: "wxaStyleElement($1)" },
  { what: 'setAttribute("style", …)', find: /([\w.]+)\.setAttribute\("style",/g, put: "wxaStyleText($1," },
];

/** Replaces style elements and style attributes by what the policy allows: constructed sheets and the CSSOM. */
export const strictCsp = {
  name: "strict-csp",
  setup(build) {
    build.onLoad({ filter: /@xterm[\\/]xterm[\\/]lib[\\/]xterm\.mjs$/ }, async ({ path }) => {
      let contents = await readFile(path, "utf8");
      for (const { what, find, put } of CHANGES) {
        if (!contents.match(find)) throw new Error(`${path} has no ${what} any more: adapt frontend/scripts/strict-csp.mjs`);
        contents = contents.replace(find, put);
      }
      const prelude =
        `import { styleElement as wxaStyleElement } from ${JSON.stringify(HELPER)};\n` +
        "function wxaStyleText(element, css) { element.style.cssText = css; }\n";
      return { contents: prelude + contents, loader: "js" };
    });
  },
};
