import { MINUS } from '../../format/numbers.js'

const TONES = { plus: 'text-up', minus: 'text-down', none: 'text-ink' }

/**
 * A number whose sign matters: colour, sign and arrow say it three times. The text decides: what is rounded to zero points nowhere.
 * @param {{ value: number | null | undefined, format: (value: number | null | undefined) => string, className?: string }} props
 */
export function SignedNumber({ value, format, className = '' }) {
  const text = format(value)
  const sign = text.startsWith('+') ? 'plus' : text.startsWith(MINUS) ? 'minus' : 'none'
  return (
    <span className={`figures whitespace-nowrap ${TONES[sign]} ${className}`}>
      {sign !== 'none' && <Arrow up={sign === 'plus'} />}
      {text}
    </span>
  )
}

/** @param {{ up: boolean }} props */
function Arrow({ up }) {
  return (
    <svg viewBox="0 0 10 10" aria-hidden="true" className="mr-1 inline-block size-[0.6em] fill-current align-baseline">
      <path d={up ? 'M5 1 9.5 9h-9z' : 'M5 9 .5 1h9z'} />
    </svg>
  )
}
