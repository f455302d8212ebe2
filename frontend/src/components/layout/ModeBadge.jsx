import { CircleDashed, FlaskConical, NotebookPen, Radio, Triangle } from 'lucide-react'

/** Each mode has a word, a shape and a colour: none of them is needed to read the others. */
const MODES = {
  SIMULATED: { Icon: FlaskConical, look: 'rounded-none border-dashed border-warn text-warn', meaning: 'Paper trading on generated prices' },
  PAPER: { Icon: NotebookPen, look: 'rounded-md border-accent text-accent', meaning: 'Paper trading on real prices' },
  DEMO: { Icon: CircleDashed, look: 'rounded-full border-accent text-accent', meaning: 'Bybit demo account' },
  TESTNET: { Icon: Triangle, look: 'rounded-md border-dotted border-accent text-accent', meaning: 'Bybit testnet account' },
  LIVE: { Icon: Radio, look: 'rounded-sm border-danger-fill bg-danger-fill text-white', meaning: 'Real money' },
}

/** @typedef {keyof typeof MODES} ModeWord */

/**
 * The word for what is being traded. A simulated market outranks every mode.
 * @param {{ mode: string, environment: string, simulated: boolean }} health
 * @returns {ModeWord}
 */
export function modeWord({ mode, environment, simulated }) {
  if (simulated || environment === 'simulator') return 'SIMULATED'
  const word = mode.toUpperCase()
  return word in MODES ? /** @type {ModeWord} */ (word) : 'PAPER'
}

/** @param {{ word: ModeWord }} props */
export function ModeBadge({ word }) {
  const { Icon, look, meaning } = MODES[word]
  return (
    <span title={meaning} className={`inline-flex items-center gap-1.5 border-2 px-2 py-0.5 text-xs font-bold tracking-wide ${look}`}>
      <Icon aria-hidden="true" className="size-3.5" />
      {word}
    </span>
  )
}
