import { Bell, LogOut } from 'lucide-react'
import { Link } from 'react-router'

import { Button } from '../ui/Button.jsx'
import { Logo } from './Logo.jsx'

const SECTIONS = [
  { id: 'active-trades', text: 'Active trades' },
  { id: 'equity', text: 'Equity' },
  { id: 'signals', text: 'Signals' },
  { id: 'history', text: 'History' },
]

/** @param {{ email: string, onLogout: () => void }} props */
export function Header({ email, onLogout }) {
  return (
    <header className="border-b border-line bg-surface">
      <div className="mx-auto flex max-w-[100rem] items-center gap-6 px-4 py-2">
        <span className="flex shrink-0 items-center gap-2 font-semibold">
          <Logo />
          ICT Trading
        </span>
        <nav aria-label="Sections" className="hidden md:block">
          <ul className="flex gap-1">
            {SECTIONS.map(({ id, text }) => (
              <li key={id}>
                <a href={`/#${id}`} className="inline-block rounded-md px-2.5 py-1.5 text-muted hover:bg-raised hover:text-ink">
                  {text}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div className="ml-auto flex min-w-0 items-center gap-2">
          <span className="truncate text-xs text-muted max-[22rem]:hidden">{email}</span>
          <Link
            to="/notifications"
            aria-label="Notifications"
            title="Notifications"
            className="inline-grid size-8 shrink-0 place-items-center rounded-md text-muted hover:bg-raised hover:text-ink pointer-coarse:size-11"
          >
            <Bell aria-hidden="true" className="size-4" />
          </Link>
          <Button look="quiet" onClick={onLogout} className="shrink-0">
            <LogOut aria-hidden="true" className="size-4" />
            Log out
          </Button>
        </div>
      </div>
    </header>
  )
}
