import { defineConfig } from "vite";

// Where `npm run dev` finds a node. The built page is served by the node itself.
const node = "http://127.0.0.1:5080";

export default defineConfig({
  build: {
    outDir: "../wwwroot",
    emptyOutDir: true,
    // Nothing is inlined, so that a strict content security policy needs no exceptions.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      "/v1": node,
      "/hubs": { target: node, ws: true },
    },
  },
});
