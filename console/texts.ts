import { readdirSync, readFileSync } from 'node:fs'
import type { Plugin } from 'vite'

const MARK = '\0texts:'

/** Turns `import url from './ko?texts'` into the address of one file with all texts of the folder `ko`. Texts are data: they are not parsed as code. */
export function texts(): Plugin {
  let isBuild = false
  return {
    name: 'texts',
    enforce: 'pre',
    configResolved: (config) => void (isBuild = config.command === 'build'),
    resolveId: (source) => {
      const language = /^\.\/(\w+)\?texts$/.exec(source)?.[1]
      return language ? MARK + language : null
    },
    load(id) {
      if (!id.startsWith(MARK)) return null
      const language = id.slice(MARK.length)
      const folder = new URL(`src/i18n/${language}/`, import.meta.url)
      const files = readdirSync(folder).sort()
      const all = Object.assign({}, ...files.map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as object))
      const source = JSON.stringify(all)
      if (!isBuild) return `export default ${JSON.stringify(`data:application/json,${encodeURIComponent(source)}`)}`
      const file = this.emitFile({ type: 'asset', name: `${language}.json`, source })
      return `export default import.meta.ROLLUP_FILE_URL_${file}`
    },
  }
}
