import { vitePreprocess } from '@sveltejs/vite-plugin-svelte'

export default {
  preprocess: vitePreprocess(),
  compilerOptions: { runes: true },
  onwarn(warning) {
    // Warnings about accessibility are mistakes here.
    throw new Error(`${warning.code}: ${warning.message} (${warning.filename}:${warning.start?.line})`)
  },
}
