export function Logo() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className="size-7">
      <rect width="32" height="32" rx="7" className="fill-raised" />
      <path d="M9 7v18M16 5v22M23 9v15" className="stroke-accent" strokeWidth="1.8" strokeLinecap="round" />
      <rect x="6.5" y="12" width="5" height="9" rx="1" className="fill-up" />
      <rect x="13.5" y="9" width="5" height="11" rx="1" className="fill-down" />
      <rect x="20.5" y="12.5" width="5" height="7" rx="1" className="fill-up" />
    </svg>
  )
}
