import { isKnown } from '../../format/numbers.js'

/**
 * A number whose sign matters: colour, sign and arrow say it three times.
 * @param {{ value: number | null | undefined, format: (value: number | null | undefined) => string, className?: string }} props
 */
export function SignedNumber({ value, format, className = '' }) {
  const tone = !isKnown(value) || value === 0 ? 'text-ink' : value > 0 ? 'text-up' : 'text-down'
  return (
    <span className={`figures whitespace-nowrap ${tone} ${className}`}>
      <Arrow value={value} />
      {format(value)}
    </span>
  )
}

/** @param {{ value: number | null | undefined }} props */
function Arrow({ value }) {
  if (!isKnown(value) || value === 0) return null
  return (
    <svg viewBox="0 0 10 10" aria-hidden="true" className="mr-1 inline-block size-[0.6em] fill-current align-baseline">
      <path d={value > 0 ? 'M5 1 9.5 9h-9z' : 'M5 9 .5 1h9z'} />
    </svg>
  )
}
