import { Overview } from './dashboard/Overview.jsx'

export default function DashboardPage() {
  return (
    <>
      <h1 className="sr-only">Dashboard</h1>
      <Overview />
    </>
  )
}
