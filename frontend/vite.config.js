import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const API_ORIGIN = 'http://127.0.0.1:5001'

export default defineConfig({
  plugins: [react(), tailwindcss()],
  server: {
    port: 3000,
    strictPort: true,
    proxy: {
      '/api': API_ORIGIN,
      '/openapi': API_ORIGIN,
      '/socket.io': { target: API_ORIGIN, ws: true },
    },
  },
  build: {
    manifest: true,
    // A strict Content-Security-Policy allows no data: URLs, so every asset stays a file.
    assetsInlineLimit: 0,
  },
})
