/** Address of the texts of a language. */
declare module '*?texts' {
  const url: string
  export default url
}
