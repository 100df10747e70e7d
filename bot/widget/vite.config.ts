// Two builds, since each file must run as a classic script: the loader under its fixed name, and the chat under names
// that carry a hash of what is in them. The gateway finds those in manifest.json.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

const OLDEST = ["chrome60", "safari12", "firefox60"];

/** Compresses once what would else be compressed for every citizen; the gateway serves the files beside the originals. */
function compress(): Plugin {
  return {
    name: "compress",
    closeBundle() {
      for (const name of readdirSync("dist").filter((each) => /\.(js|css)$/.test(each))) {
        const content = readFileSync(join("dist", name));
        writeFileSync(join("dist", `${name}.gz`), gzipSync(content, { level: 9 }));
        writeFileSync(join("dist", `${name}.br`), brotliCompressSync(content));
      }
    },
  };
}

export default defineConfig(({ mode }) => {
  const loader = mode === "loader";
  return {
    publicDir: false,
    plugins: [compress()],
    build: {
      target: OLDEST,
      cssTarget: OLDEST,
      outDir: "dist",
      emptyOutDir: loader,
      manifest: loader ? false : "manifest.json",
      modulePreload: false,
      // Split, the styles of an IIFE would come as a style element made by the script, which our own policy forbids.
      cssCodeSplit: false,
      rolldownOptions: {
        input: loader ? "src/loader.ts" : "src/chat/main.ts",
        output: {
          format: "iife",
          entryFileNames: loader ? "widget.js" : "chat-[hash].js",
          assetFileNames: "chat-[hash][extname]",
        },
      },
    },
    test: { include: ["tests/**/*.test.ts"] },
  };
});
