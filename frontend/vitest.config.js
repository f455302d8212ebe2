import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [react()],
  test: {
    restoreMocks: true,
    maxWorkers: 2,
    testTimeout: 30_000,
    projects: [
      { extends: true, test: { name: 'logic', environment: 'node', include: ['tests/**/*.test.js'] } },
      {
        extends: true,
        test: { name: 'pages', environment: 'jsdom', setupFiles: ['tests/setup.js'], include: ['tests/**/*.test.jsx'] },
      },
    ],
  },
})
