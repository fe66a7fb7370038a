// Bundles what comes from npm into one folder: `node scripts/vendor.mjs OUT`. Started by `cargo xtask build`.
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";
import { strictCsp } from "./strict-csp.mjs";

const frontend = fileURLToPath(new URL("..", import.meta.url));
const out = path.resolve(process.argv[2]);
const modules = path.join(frontend, "node_modules");
const target = ["es2022"];

// Latin subsets, variable weight: one file for each family.
const FONTS = {
  "inter.woff2": "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
  "jetbrains-mono.woff2": "@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2",
};
// Whose works end up in what browsers download: their notices go with them.
const SHIPPED = [
  "@xterm/xterm",
  "@xterm/addon-fit",
  "@xterm/addon-webgl",
  "uplot",
  "@fontsource-variable/inter",
  "@fontsource-variable/jetbrains-mono",
];

await rm(out, { recursive: true, force: true });
await mkdir(path.join(out, "fonts"), { recursive: true });

await build({
  absWorkingDir: frontend,
  entryPoints: ["js/xterm.mjs", "js/xterm-webgl.mjs", "js/charts.mjs"],
  bundle: true,
  minify: true,
  format: "esm",
  target,
  legalComments: "none",
  outdir: out,
  outExtension: { ".js": ".mjs" },
  plugins: [strictCsp],
  logLevel: "warning",
});

const lazy = await readFile(path.join(frontend, "js/lazy.mjs"), "utf8");
await writeFile(path.join(out, "lazy.mjs"), (await transform(lazy, { minify: true, format: "esm", target })).code);

for (const [name, from] of [
  ["xterm.css", "@xterm/xterm/css/xterm.css"],
  ["charts.css", "uplot/dist/uPlot.min.css"],
]) {
  const css = await readFile(path.join(modules, from), "utf8");
  await writeFile(path.join(out, name), (await transform(css, { loader: "css", minify: true, legalComments: "none" })).code);
}

for (const [name, from] of Object.entries(FONTS)) {
  await copyFile(path.join(modules, from), path.join(out, "fonts", name));
}

// For the notices and the list of parts, which name the crates too: `cargo xtask build` puts them together.
const require = createRequire(path.join(frontend, "package.json"));
const shipped = [];
for (const name of SHIPPED) {
  const { version, license } = require(`${name}/package.json`);
  const text = await readFile(path.join(modules, name, "LICENSE"), "utf8");
  shipped.push({ name, version, license, text: text.trim() });
}
await writeFile(path.join(out, "shipped.json"), `${JSON.stringify(shipped, null, 1)}\n`);
