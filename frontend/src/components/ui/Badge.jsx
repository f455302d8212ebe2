/** @import { ReactNode } from 'react' */

const TONES = {
  neutral: 'border-line text-muted',
  accent: 'border-accent/50 text-accent',
  up: 'border-up/50 text-up',
  down: 'border-down/50 text-down',
  warn: 'border-warn/50 text-warn',
}

/** @param {{ tone?: keyof typeof TONES, children: ReactNode }} props */
export function Badge({ tone = 'neutral', children }) {
  return (
    <span className={`inline-flex items-center gap-1 rounded border px-1.5 text-2xs font-medium whitespace-nowrap ${TONES[tone]}`}>
      {children}
    </span>
  )
}
