// Writes FILE.br and FILE.gz beside each file named on standard input, one a line. Started by `cargo xtask build`.
import { readFile, rm, writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import zlib from "node:zlib";

const brotli = promisify(zlib.brotliCompress);
const gzip = promisify(zlib.gzip);

for await (const file of createInterface({ input: process.stdin })) {
  const bytes = await readFile(file);
  const variants = {
    br: await brotli(bytes, {
      params: {
        [zlib.constants.BROTLI_PARAM_QUALITY]: zlib.constants.BROTLI_MAX_QUALITY,
        [zlib.constants.BROTLI_PARAM_LGWIN]: 24,
        [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
    gz: await gzip(bytes, { level: 9 }),
  };
  for (const [ending, packed] of Object.entries(variants)) {
    // What doesn't get smaller is served as it is.
    if (packed.length < bytes.length) await writeFile(`${file}.${ending}`, packed);
    else await rm(`${file}.${ending}`, { force: true });
  }
}
