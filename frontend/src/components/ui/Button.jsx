/** @import { ComponentProps } from 'react' */

const LOOKS = {
  plain: 'border border-line bg-raised text-ink hover:border-field',
  primary: 'border border-transparent bg-accent font-semibold text-on-accent hover:opacity-90',
  danger: 'border border-transparent bg-danger-fill font-semibold text-white hover:opacity-90',
  quiet: 'border border-transparent text-muted hover:bg-raised hover:text-ink',
}

/** @param {ComponentProps<'button'> & { look?: keyof typeof LOOKS }} props */
export function Button({ look = 'plain', className = '', type = 'button', ...props }) {
  return (
    <button
      type={type}
      className={`inline-flex min-h-8 items-center justify-center gap-1.5 rounded-md px-3 text-sm transition-colors disabled:opacity-50 pointer-coarse:min-h-11 ${LOOKS[look]} ${className}`}
      {...props}
    />
  )
}
