import { lazy, Suspense } from 'react'
import { Navigate, Route, Routes } from 'react-router'

import { ErrorBoundary } from './components/ui/ErrorBoundary.jsx'
import { useAuth } from './contexts/AuthContext.jsx'
import { LoginPage } from './pages/LoginPage.jsx'

/** @import { OpenSocket } from './api/liveConnection.js' */

// The login page needs none of what the dashboard is made of.
const SignedInLayout = lazy(() => import('./pages/SignedInLayout.jsx'))
const DashboardPage = lazy(() => import('./pages/DashboardPage.jsx'))
const AccountPage = lazy(() => import('./pages/AccountPage.jsx'))
const BacktestsPage = lazy(() => import('./pages/BacktestsPage.jsx'))
const BacktestPage = lazy(() => import('./pages/BacktestPage.jsx'))
const BacktestComparisonPage = lazy(() => import('./pages/BacktestComparisonPage.jsx'))
const NotFoundPage = lazy(() => import('./pages/NotFoundPage.jsx'))
const NotificationsPage = lazy(() => import('./pages/NotificationsPage.jsx'))

/** @param {{ openSocket?: OpenSocket }} props the live connection's socket; the real one unless given */
export function App({ openSocket }) {
  const { session } = useAuth()
  return (
    <ErrorBoundary>
      <Suspense fallback={<Opening />}>
        <Routes>
          <Route path="/login" element={session ? <Navigate to="/" replace /> : <LoginPage />} />
          <Route element={session ? <SignedInLayout session={session} openSocket={openSocket} /> : <Navigate to="/login" replace />}>
            <Route path="/" element={<DashboardPage />} />
            <Route path="/account" element={<AccountPage />} />
            <Route path="/backtests" element={<BacktestsPage />} />
            <Route path="/backtests/compare" element={<BacktestComparisonPage />} />
            <Route path="/backtests/:id" element={<BacktestPage />} />
            <Route path="/notifications" element={<NotificationsPage />} />
            <Route path="*" element={<NotFoundPage />} />
          </Route>
        </Routes>
      </Suspense>
    </ErrorBoundary>
  )
}

function Opening() {
  return (
    <main className="grid min-h-dvh place-items-center text-muted">
      <h1 className="text-sm">Opening the dashboard…</h1>
    </main>
  )
}
