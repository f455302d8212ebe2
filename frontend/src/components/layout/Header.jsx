import { Bell, ChartCandlestick, LogOut, Wallet } from 'lucide-react'
import { Link, NavLink } from 'react-router'

import { Button } from '../ui/Button.jsx'
import { Logo } from './Logo.jsx'

/** @import { LucideIcon } from 'lucide-react' */

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
      <div className="mx-auto flex max-w-[100rem] items-center gap-6 px-4 py-2 max-sm:gap-2">
        <span className="flex shrink-0 items-center gap-2 font-semibold">
          <Logo />
          <span className="max-[26rem]:sr-only">ICT Trading</span>
        </span>
        <nav aria-label="Sections" className="hidden md:block">
          <ul className="flex gap-1">
            {SECTIONS.map(({ id, text }) => (
              <li key={id}>
                <Link to={`/#${id}`} className="inline-block rounded-md px-2.5 py-1.5 text-muted hover:bg-raised hover:text-ink">
                  {text}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <div className="ml-auto flex min-w-0 items-center gap-2 max-sm:gap-0.5">
          <span className="truncate text-xs text-muted max-[30rem]:hidden">{email}</span>
          <PageLink to="/account" name="Account" Icon={Wallet} />
          <PageLink to="/backtests" name="Backtests" Icon={ChartCandlestick} />
          <PageLink to="/notifications" name="Notifications" Icon={Bell} />
          <Button look="quiet" onClick={onLogout} className="shrink-0">
            <LogOut aria-hidden="true" className="size-4" />
            <span className="max-[22rem]:sr-only">Log out</span>
          </Button>
        </div>
      </div>
    </header>
  )
}

/** @param {{ to: string, name: string, Icon: LucideIcon }} props */
function PageLink({ to, name, Icon }) {
  return (
    <NavLink
      to={to}
      title={name}
      className="inline-flex h-8 min-w-8 shrink-0 items-center justify-center gap-1.5 rounded-md text-muted hover:bg-raised hover:text-ink aria-[current=page]:bg-raised aria-[current=page]:text-ink lg:px-2.5 pointer-coarse:h-11 pointer-coarse:min-w-11"
    >
      <Icon aria-hidden="true" className="size-4" />
      <span className="max-lg:sr-only">{name}</span>
    </NavLink>
  )
}
