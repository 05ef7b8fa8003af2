/** Regie's mark: three faders, the middle one in the accent. */
export function Mark({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 22 22" aria-hidden style={{ color: 'var(--text-2)', flex: 'none' }}>
      <g stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" opacity="0.5">
        <path d="M4.5 2.5v17M11 2.5v17M17.5 2.5v17" />
      </g>
      <g fill="currentColor">
        <rect x="1.6" y="11.5" width="5.8" height="4" rx="1.2" />
        <rect x="14.6" y="9" width="5.8" height="4" rx="1.2" />
      </g>
      <rect x="8.1" y="5" width="5.8" height="4" rx="1.2" fill="var(--accent)" />
    </svg>
  )
}
