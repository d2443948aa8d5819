/** What the build reads files with. */
declare module 'node:fs' {
  export function readdirSync(folder: URL): string[]
  export function readFileSync(file: URL, encoding: 'utf8'): string
}
