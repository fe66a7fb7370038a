// Bundles what comes from npm into one folder: `node scripts/vendor.mjs OUT`. Started by `cargo xtask build`.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";
import subset from "subset-font";
import { withoutSigningIn } from "./novnc.mjs";
import { strictCsp } from "./strict-csp.mjs";

const frontend = fileURLToPath(new URL("..", import.meta.url));
const out = path.resolve(process.argv[2]);
const modules = path.join(frontend, "node_modules");
const target = ["es2022"];

// Latin subsets with the weights and features that style sheets ask for. The fonts as they come have twice the bytes, for alternates,
// ligatures of programs and weights that no page shows. What nearly every page shows is a file of its own, a third smaller: the
// accents are fetched with the first name that has one (`unicode-range` in `style/_fonts.scss`, which says the same).
const WEIGHTS = { min: 400, max: 700 };
const USUAL = [[0x20, 0x7e], [0xa0], [0xb0], [0xb5], [0xb7], [0xd7], [0x2009, 0x200a], [0x2013, 0x2014], [0x2018, 0x201a], [0x201c, 0x201e], [0x2022], [0x2026], [0x202f], [0x2190, 0x2193], [0x2212]];
const ACCENTS = [[0xa1, 0xaf], [0xb1, 0xb4], [0xb6], [0xb8, 0xd6], [0xd8, 0xff], [0x131], [0x152, 0x153], [0x2bb, 0x2bc], [0x2c6], [0x2da], [0x2dc], [0x2000, 0x2008], [0x200b, 0x2012], [0x2015, 0x2017], [0x201b], [0x201f, 0x2021], [0x2023, 0x2025], [0x2027, 0x202e], [0x2030, 0x206f], [0x20ac], [0x2122], [0x2215], [0xfeff], [0xfffd]];
const INTER = "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2";
const FONTS = {
  "inter.woff2": [INTER, ["kern", "tnum"], USUAL],
  "inter-accents.woff2": [INTER, ["kern", "tnum"], ACCENTS],
  "jetbrains-mono.woff2": ["@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2", [], [...USUAL, ...ACCENTS]],
};
// Whose works end up in what browsers download: their notices go with them.
const SHIPPED = [
  "@xterm/xterm",
  "@xterm/addon-fit",
  "@xterm/addon-webgl",
  "@novnc/novnc",
  "uplot",
  "@fontsource-variable/inter",
  "@fontsource-variable/jetbrains-mono",
];
// Where a notice is more than one file: noVNC holds parts of others.
const NOTICES = {
  "@novnc/novnc": ["LICENSE.txt", "AUTHORS", "docs/LICENSE.MPL-2.0", "vendor/pako/LICENSE"],
};

await rm(out, { recursive: true, force: true });
await mkdir(path.join(out, "fonts"), { recursive: true });

await build({
  absWorkingDir: frontend,
  entryPoints: ["js/xterm.mjs", "js/xterm-webgl.mjs", "js/charts.mjs", "js/screen.mjs"],
  bundle: true,
  minify: true,
  format: "esm",
  target,
  legalComments: "none",
  outdir: out,
  outExtension: { ".js": ".mjs" },
  plugins: [strictCsp, withoutSigningIn],
  logLevel: "warning",
});

for (const [name, from] of [
  ["xterm.css", "@xterm/xterm/css/xterm.css"],
  ["charts.css", "uplot/dist/uPlot.min.css"],
]) {
  const css = await readFile(path.join(modules, from), "utf8");
  await writeFile(path.join(out, name), (await transform(css, { loader: "css", minify: true, legalComments: "none" })).code);
}

const texts = (ranges) => ranges.flatMap(([first, last = first]) => Array.from({ length: last - first + 1 }, (_, n) => String.fromCodePoint(first + n))).join("");
for (const [name, [from, keepFeatures, ranges]] of Object.entries(FONTS)) {
  const font = await readFile(path.join(modules, from));
  const options = { targetFormat: "woff2", variationAxes: { wght: WEIGHTS }, keepFeatures, noHinting: true };
  await writeFile(path.join(out, "fonts", name), await subset(font, texts(ranges), options));
}

/** What the MPL asks for where a work is given on in another form than its source (section 3.2): where that is. */
function source(name, version, repository) {
  const place = repository.url.replace(/^git\+/, "").replace(/\.git$/, "");
  return `The source code form of ${name} ${version}, whose files are part of this program as they came, but for being packed, is available\nunder the Mozilla Public License 2.0 at ${place} (tag v${version})`;
}

// For the notices and the list of parts, which name the crates too: `cargo xtask build` puts them together.
const shipped = [];
for (const name of SHIPPED) {
  const { version, license, repository } = JSON.parse(await readFile(path.join(modules, name, "package.json"), "utf8"));
  const texts = await Promise.all((NOTICES[name] ?? ["LICENSE"]).map((file) => readFile(path.join(modules, name, file), "utf8")));
  if (license === "MPL-2.0") texts.unshift(source(name, version, repository));
  shipped.push({ name, version, license, text: texts.map((text) => text.trim()).join("\n\n") });
}
await writeFile(path.join(out, "shipped.json"), `${JSON.stringify(shipped, null, 1)}\n`);
