const SECONDS_OF_SEQUENCE = 1.5
const BOXES = '[type="range"], [type="checkbox"], [type="radio"]'
const TYPING = `input:not(${BOXES}), textarea, select, [contenteditable="true"], dialog`
/** Elements that use some keys themselves. */
const OWN_KEYS: readonly (readonly [string, RegExp])[] = [
  ['button, summary, a[href], input', /^( |Enter)$/],
  ['input', /^(Arrow|Page|Home|End)/],
]

/** Commands by key. `g a` is one key after the other; names of keys are those of `KeyboardEvent.key`. */
export class Keys {
  #commands = new Map<string, (event: KeyboardEvent) => void>()
  #first = ''
  #firstTime = 0
  #isOn: () => boolean

  /** @param isOn tells whether single keys are commands at all. */
  constructor(isOn: () => boolean) {
    this.#isOn = isOn
  }

  add(key: string, command: (event: KeyboardEvent) => void): void {
    this.#commands.set(key, command)
  }

  /** Run the command of a key, unless somebody types. */
  press = (event: KeyboardEvent): void => {
    if (!this.#isOn() || event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey) return
    const { target, key } = event
    if (target instanceof Element) {
      if (target.closest(TYPING)) return
      if (OWN_KEYS.some(([elements, keys]) => keys.test(key) && target.closest(elements))) return
    }
    const name = nameOf(event)
    const isSequence = this.#first && event.timeStamp - this.#firstTime < SECONDS_OF_SEQUENCE * 1000
    const command = (isSequence && this.#commands.get(`${this.#first} ${name}`)) || this.#commands.get(name)
    this.#first = command ? '' : name
    this.#firstTime = event.timeStamp
    if (!command) return
    event.preventDefault()
    command(event)
  }
}

/** Return the name of a key with Alt, and with Shift where the key itself does not show it. */
export function nameOf(event: Pick<KeyboardEvent, 'key' | 'altKey' | 'shiftKey'>): string {
  const shift = event.shiftKey && event.key.length > 1 ? 'Shift+' : ''
  return `${event.altKey ? 'Alt+' : ''}${shift}${event.key}`
}
