// Copies what pages use into dist, under names that change with what is in them, and compresses it once for all.
// manifest.json leads from the names in templates to those files.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, parse } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

const FILES = {
  "console.css": "src/console.css",
  "pico.css": "node_modules/@picocss/pico/css/pico.min.css",
  "htmx.js": "node_modules/htmx.org/dist/htmx.min.js",
};

rmSync("dist", { recursive: true, force: true });
mkdirSync("dist");
const names = {};
for (const [name, source] of Object.entries(FILES)) {
  const content = readFileSync(source);
  const { name: stem, ext } = parse(name);
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 8);
  names[name] = `${stem}-${hash}${ext}`;
  const target = join("dist", names[name]);
  writeFileSync(target, content);
  writeFileSync(`${target}.gz`, gzipSync(content, { level: 9 }));
  writeFileSync(`${target}.br`, brotliCompressSync(content));
}
writeFileSync(join("dist", "manifest.json"), JSON.stringify(names, null, 2));
